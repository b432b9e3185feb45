"""What a serving process can do. Heavy libraries are imported by the operation that needs them."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.issue import Issue
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.remedies import system_faults
from dualtaskseg.serving.server import Job

if TYPE_CHECKING:
    from dualtaskseg.dicom.export_report import ExportReport
    from dualtaskseg.inference.outputs import OutputFiles
    from dualtaskseg.inference.predictor import Predictor
    from dualtaskseg.inference.results import Guard

READING_SHARE = 0.1  # of a prediction, about: reading the scan, and loading the networks where that is to be done
WRITING_SHARE = 0.1
ELSEWHERE = "Choose another folder for the results"
SUFFIX = ".nrrd"  # quick to write and to read without compression, and exact in its geometry


class Operations:
    """The operations by name, and the model that stays loaded from one to the next."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None
        self._loaded: tuple[Any, ...] | None = None

    def table(self) -> dict[str, Callable[[Job], dict[str, Any]]]:
        """All operations by the name they are asked for with."""
        return {
            "predict": self.predict,
            "check": self.check,
            "rank": self.rank,
            "devices": self.devices,
            "findscans": self.find_scans,
            "exportseg": self.export_seg,
            "measure": self.measure,
            "compare": self.compare,
            "exportrtstruct": self.export_rtstruct,
            "exportplain": self.export_plain,
            "exportbundle": self.export_bundle,
        }

    # --- segmenting

    def predict(self, job: Job) -> dict[str, Any]:
        """Segments a scan.

        Request: ``model`` (model or run folder), ``image`` (file, or folder with one DICOM series), ``folder`` (where
        results go), ``sdm``, ``uncertainty``, ``mirror`` (flags), ``device``.

        Result: a document of :class:`~dualtaskseg.contract.prediction.PredictionRecord`.
        """
        from dualtaskseg.inference.outputs import OutputFiles
        from dualtaskseg.inference.results import Guard
        from dualtaskseg.memory import release_memory

        request = job.request
        began = time.monotonic()
        folder = Path(job.text("folder"))
        predictor = self._load(job)
        files = OutputFiles.named(
            lambda kind, segment: folder / f"{'_'.join(filter(None, (kind or 'label', segment)))}{SUFFIX}",
            predictor.names,
            sdm=bool(request.get("sdm")),
            uncertainty=bool(request.get("uncertainty")),
        )
        scan = Path(job.text("image"))
        guard = Guard([scan], elsewhere=ELSEWHERE, remedy=f"{ELSEWHERE}, or move what you want to keep away")
        guard.check([(scan, files.all())])
        record = self._segment(job, predictor, scan, files, guard)
        release_memory(predictor.device)  # a training may need it, and the networks alone are small
        return replace(record, seconds=time.monotonic() - began).to_dict()

    def _load(self, job: Job) -> Predictor:
        """The model, loaded anew only where it, the device or the way of asking is another than the last time."""
        job.progress(0, 1, "Loading the networks", (0.0, READING_SHARE))
        request = job.request
        folder = find_model(job.text("model"))
        description = read_model(folder, verify=False)
        from dualtaskseg.inference.predictor import Predictor

        key = (str(folder), description, str(request.get("device") or "auto"), bool(request.get("mirror")))
        if self._loaded != key:
            self._predictor = self._loaded = None  # first of all: two networks at once could fill the memory
            self._predictor = Predictor(folder, key[2], key[3])
            self._loaded = key
        return self._predictor

    def _segment(
        self, job: Job, predictor: Predictor, scan: Path, files: OutputFiles, guard: Guard
    ) -> PredictionRecord:
        from dualtaskseg.inference.outputs import segment_to_files
        from dualtaskseg.inference.scan_errors import explained, is_too_large

        job.progress(0, 1, "Reading the scan", (READING_SHARE / 2, READING_SHARE))
        segmenting, writing = (READING_SHARE, 1 - WRITING_SHARE), (1 - WRITING_SHARE, 1.0)
        try:
            return segment_to_files(
                predictor,
                scan,
                files,
                guard,
                compress=False,
                on_progress=lambda done, of: job.progress(done, of, "Segmenting", segmenting),
                on_write=lambda done, of: job.progress(done, of, "Writing the results", writing),
                should_stop=job.cancelled.is_set,
            )
        except StoppedError:
            raise
        except Exception as error:
            if is_too_large(error):
                self._predictor = self._loaded = None
            explanation = explained(error, scan)
            if not isinstance(explanation, InputError):
                raise  # with all that can be known of a defect
            raise explanation from error

    def rank(self, job: Job) -> dict[str, Any]:
        """Finds the unlabeled scan that is worth outlining next.

        Request: ``model``, ``dataset`` (a document of :class:`~dualtaskseg.contract.dataset.Dataset`), ``device``.

        Items: ``case``, ``agreement``, ``predicted_dice`` (null where nothing was found), as soon as they are known.

        Result: ``ranking`` (the same, those in which nothing was found first, then by rising predicted Dice),
        ``failed`` (``case``, ``what``, ``remedy``), ``notes`` (what was assumed about the scans, one sentence each).
        """
        from dualtaskseg.data.assumed import Assumed
        from dualtaskseg.inference.ranking import in_order, prepared_scans, rank_cases
        from dualtaskseg.memory import release_memory
        from dualtaskseg.run.folder import RunFolder

        dataset = Dataset.from_dict(job.request["dataset"])
        cases = dataset.unlabeled
        if not cases:
            raise InputError("No case is unlabeled, so there is none to outline next", "Add scans that nobody outlined")
        predictor = self._load(job)
        model = find_model(job.text("model"))
        prepared = None
        with contextlib.suppress(InputError):  # imported, or its run is damaged: the scans themselves are read
            prepared = prepared_scans(RunFolder.open(model.parent), predictor.plan)
        ranking, failed, assumed = [], [], Assumed()
        for index, case in enumerate(cases):
            job.progress(index, len(cases), "Comparing the networks")
            ranked, problems = rank_cases(predictor, [case], prepared, assumed=assumed)
            ranking += ranked
            failed += [Issue.of(error, case=one.name).to_dict("case", "what", "remedy") for one, error in problems]
            for entry in ranked:
                job.item(**asdict(entry))
        release_memory(predictor.device)
        ranking = [asdict(entry) for entry in in_order(ranking)]
        return {"ranking": ranking, "failed": failed, "notes": assumed.notes()}

    # --- looking

    def check(self, job: Job) -> dict[str, Any]:
        """Looks for everything that is wrong with a dataset.

        Request: ``dataset``, a document of :class:`~dualtaskseg.contract.dataset.Dataset`.

        Result: ``problems`` (by the name of the case, ``""`` for the dataset as a whole: ``severity``, ``code``,
        ``what``, ``remedy``), ``errors`` and ``warnings`` (how many), ``segments``, ``modality``, ``notes`` (what
        is assumed and was decided, one sentence each).
        """
        from dualtaskseg.data.checks import check_dataset

        dataset = Dataset.from_dict(job.request["dataset"])
        count = len(dataset.labeled) + len(dataset.unlabeled)
        job.progress(0, count, "Checking the scans")
        report = check_dataset(dataset, on_progress=lambda done, _: job.progress(done, count, "Checking the scans"))
        problems: dict[str, list[dict[str, str]]] = defaultdict(list)
        for problem in report.problems:
            problems[problem.case].append(problem.to_dict("severity", "code", "what", "remedy"))
        return {
            "problems": dict(problems),
            "errors": len(report.errors),
            "warnings": len(report.warnings),
            "segments": [segment.to_dict() for segment in report.dataset.segments],
            "modality": report.dataset.modality,
            "notes": list(report.notes),
        }

    def find_scans(self, job: Job) -> dict[str, Any]:
        """Finds scans in a folder and below it.

        Request: ``folder``.

        Items: ``path``, ``kind`` (``"image"`` or ``"dicom"``) and ``problem`` (why it can't be used, or empty), as
        they are met.

        Result: ``count``.
        """
        from dualtaskseg.data.scan_search import find_scans, problem_of

        count = 0
        for found in find_scans(job.text("folder"), job.cancelled.is_set):
            count += 1
            job.item(path=str(found.path), kind=found.kind, problem=problem_of(found))
            job.progress(count, 0, f"Scans found: {count}")
        job.check()
        return {"count": count}

    def devices(self, job: Job) -> dict[str, Any]:
        """Says what can compute here; see :func:`dualtaskseg.inference.device.device_table`."""
        job.progress(0, 1, "Looking for devices")
        from dualtaskseg.inference.device import device_table

        return device_table()

    # --- figures

    def measure(self, job: Job) -> dict[str, Any]:
        """Measures the structures of cases.

        Request: ``cases``, each with its name ``case`` and either ``structures`` (their names) and ``masks`` (path of a
        mask by structure, of those that are not empty), with ``predicted_dice`` and ``agreement`` or null; or
        ``prediction`` (a document of :class:`~dualtaskseg.contract.prediction.PredictionRecord`).

        Result: ``columns`` and ``rows`` of :func:`~dualtaskseg.evaluation.measure.sizes_table`, ``cases`` (documents of
        :class:`~dualtaskseg.evaluation.measure.CaseSizes`) and ``failed`` (``case``, ``what``, ``remedy``).
        """
        from dualtaskseg.evaluation.measure import NOTHING, CaseSizes, measured_mask, measured_prediction, sizes_table

        cases, measured, failed = job.request["cases"], [], []
        for index, case in enumerate(cases):
            name = str(case["case"])
            job.progress(index, len(cases), "Measuring")
            try:
                if "prediction" in case:
                    record = PredictionRecord.from_dict(case["prediction"])
                    segments = () if record.segments else read_model(find_model(record.model), verify=False).segments
                    measured.append(measured_prediction(name, record, segments))
                else:
                    sizes = dict.fromkeys(case["structures"], NOTHING)
                    for done, (structure, file) in enumerate(case["masks"].items()):
                        job.progress(index * len(case["masks"]) + done, len(cases) * len(case["masks"]), "Measuring")
                        sizes[structure] = measured_mask(file)
                    measured.append(CaseSizes(name, sizes, case.get("predicted_dice"), case.get("agreement")))
            except InputError as error:
                if len(cases) == 1:
                    raise
                failed.append(Issue.of(error, case=name).to_dict("case", "what", "remedy"))
        columns, rows = sizes_table(measured)
        return {"columns": columns, "rows": rows, "cases": [each.to_dict() for each in measured], "failed": failed}

    def compare(self, job: Job) -> dict[str, Any]:
        """Compares two segmentations of one scan: what a later one changed.

        Request: ``before`` and ``after`` (path of a mask by structure), ``out`` (file of a map of the changes).

        Result: ``structures``, see :func:`~dualtaskseg.evaluation.changes.compare_masks`, and ``map`` (the file).
        """
        from dualtaskseg.evaluation.changes import compare_masks

        request = job.request
        structures = compare_masks(
            request["before"],
            request["after"],
            request["out"],
            lambda done, of: job.progress(done, of, "Comparing"),
        )
        return {"structures": [asdict(each) for each in structures], "map": request["out"]}

    # --- passing on

    def export_seg(self, job: Job) -> dict[str, Any]:
        """Writes a DICOM segmentation.

        Request: ``labels`` (path of a label map, several of them, or paths by segment name), ``series`` (folder, or
        the files), ``out`` (file), and optionally ``model``, ``segments`` (documents with name, value, color,
        terminology), ``options`` (fields of :class:`~dualtaskseg.dicom.derived_object.ExportOptions`), ``sdm`` (paths
        by segment name) and ``uncertainty`` (path), to be written as parametric maps.

        Result: see :class:`~dualtaskseg.dicom.export_report.ExportReport`.
        """
        from dualtaskseg.dicom.segmentation import export_segmentation

        maps = {"sdm": job.request.get("sdm"), "uncertainty": job.request.get("uncertainty")}
        return self._exported(job, "Writing the DICOM segmentation", partial(export_segmentation, **maps))

    def export_rtstruct(self, job: Job) -> dict[str, Any]:
        """Writes an RT structure set.

        Request: as of :meth:`export_seg`, without ``sdm`` and ``uncertainty``.

        Result: see :class:`~dualtaskseg.dicom.export_report.ExportReport`; its ``frames`` are contours.
        """
        from dualtaskseg.dicom.structure_set import export_structure_set

        return self._exported(job, "Writing the structure set", export_structure_set)

    @staticmethod
    def _exported(job: Job, text: str, export: Callable[..., ExportReport]) -> dict[str, Any]:
        """Writes a DICOM object, as the request of :meth:`export_seg` says."""
        from dualtaskseg.dicom.derived_object import ExportOptions

        request = job.request
        job.progress(0, 1, text)
        report = export(
            request["labels"],
            request["series"],
            request["out"],
            request.get("model"),
            [Segment.from_dict(segment) for segment in request.get("segments", ())],
            ExportOptions(**request.get("options", {})),
            lambda done, of: job.progress(done, of, text),
        )
        return report.to_dict()

    def export_plain(self, job: Job) -> dict[str, Any]:
        """Writes segments as a ``.seg.nrrd`` or ``.nii.gz`` file.

        Request: ``labels`` (paths by segment name), ``segments`` (documents as of :meth:`export_seg`), ``out`` (file),
        and optionally ``overwrite`` and ``tags`` (of 3D Slicer, by name).

        Result: see :class:`~dualtaskseg.dicom.plain_files.PlainReport`.
        """
        from dualtaskseg.dicom.plain_files import export_plain

        request = job.request
        text = "Writing the segmentation"
        job.progress(0, 1, text)
        report = export_plain(
            request["labels"],
            [Segment.from_dict(segment) for segment in request["segments"]],
            job.text("out"),
            bool(request.get("overwrite")),
            request.get("tags"),
            lambda done, of: job.progress(done, of, text),
        )
        return report.to_dict()

    def export_bundle(self, job: Job) -> dict[str, Any]:
        """Writes a model as a MONAI Bundle.

        Request: ``model`` (model or run folder), ``folder`` (that is new or empty).

        Result: ``folder``.
        """
        text = "Making the MONAI Bundle"
        job.progress(0, 1, text)
        from dualtaskseg.bundle.export import export_bundle

        folder = job.text("folder")
        with system_faults(f"{folder} can't be written", "Choose a folder in which you may write"):
            made = export_bundle(job.text("model"), folder, lambda done, of: job.progress(done, of, text))
        return {"folder": str(made)}
