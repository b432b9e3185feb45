"""Nothing is mirrored where a segment may be one of a left and a right structure, by name, by code, or as measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
import torch
from dualtaskseg.contract.dataset import choose_segments
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.laterality import SideStatistics, decide_mirroring, may_be_pair, tells_side
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.symmetry import mirrored_pairs, side_of
from dualtaskseg.io.geometry import Geometry
from dualtaskseg.method.paper import turn_and_mirror
from dualtaskseg.method.registry import make_plan
from dualtaskseg.method.sampling import Batch
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from dualtaskseg.training.plan_run import plan_for

SIZE = (24, 20, 30)  # z, y, x


def segments_named(*names: str) -> list[Segment]:
    return [Segment(name, value, (9, 9, 9)) for value, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Left kidney",
            "Hippocampus_L",
            "Kidney R",
            "lh.hippocampus",
            "rh-thalamus",
            "Rt Parotid",
            "Lung (L)",
            "LKidney",
        ),
        *("kidneyR", "Niere links", "Niere re", "Rechte Niere", "riñón izq", "riñón der.", "riñón derecho", "rene sin"),
        *("rene dx", "rein gauche", "Rein_droit", "rim esq", "rim dir", "rim direito", "左腎", "右肾", "Левая почка"),
        *("правой почки", "왼쪽 신장", "nerka lewa", "vasen munuainen", "venstre nyre", "höger njure", "RIGHT ATRIUM"),
        *("levá ledvina", "Ľavá oblička", "vasemman munuaisen", "jobboldali vese", "kairysis inkstas", "dešinė"),
        *("kreisā niere", "vasak neer", "veshka e djathtë", "ronyó esquerre", "vinstra nýra", "کلیه چپ", "راست"),
        *("כליה ימנית", "сол бүйрек", "eye OD", "OS", "ipsilateral", "Lung_RUL", "LCA"),
        *("Kreisais plaušu", "KREISA niere", "OS temporal", "os_lens", "ve nyre", "Nyre ve.", "tumor ve nyre"),
    ],
)
def test_names_that_tell_a_side(name: str):
    assert tells_side(name)
    decision = decide_mirroring(segments_named(name))
    assert not decision.allowed and name in decision.note


@pytest.mark.parametrize(
    "names",
    [
        *(("Liver",), ("Organ", "Vein"), ("Anterior", "Posterior"), ("Tumor core", "Tumor edema"), ("Prostate",)),
        *(("Os sacrum",), ("os_coccygis",), ("Cervical os",), ("Kreislauf",), ("Kreisförmige Läsion",)),
        *(("Karaciğer ve dalağın sınırı",), ("OS HYOIDEUM",)),
        *(("Vertebra T11", "Vertebra T12"), ("Peripheral zone", "Transition zone"), ("Spinal cord", "Larynx")),
    ],
)
def test_other_names_are_mirrored_and_the_note_says_so(names: tuple[str, ...]):
    decision = decide_mirroring(segments_named(*names))
    assert decision.allowed and decision.note.startswith("Scans are mirrored")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *(("Kidney 1", "Kidney 2"), ("Rein G", "Rein D"), ("Riñón I", "Riñón D"), ("kidneyl", "kidneyr")),
        *(("Parotid A", "Parotid B"), ("femurli", "femurre"), ("Nyre v", "Nyre h"), ("Ovary near", "Ovary far")),
    ],
)
def test_two_names_that_differ_by_one_word_may_be_a_pair(first: str, second: str):
    assert may_be_pair(first, second)
    assert not decide_mirroring(segments_named("Bladder", first, second)).allowed


def test_the_other_one_of_a_pair_counts_though_it_is_not_learned(tmp_path: Path):
    assert decide_mirroring(segments_named("Rein G")).allowed
    assert not decide_mirroring(segments_named("Rein G"), others=["Foie", "Rein D"]).allowed
    folder = write_pair(tmp_path, ("Rein G", "Rein D"), balls((12, 10, 10), (12, 10, 19), (6, 6)))
    dataset = choose_segments(load_dataset(folder), ["Rein G"])
    report = check_dataset(dataset)
    assert any("Rein G and Rein D may be a pair" in note for note in report.notes)
    plan = plan_for(report.dataset, ["s0", "s1"], TrainingRequest(report.dataset), report.fingerprints)
    assert plan.sides_matter and any("Rein G and Rein D may be a pair" in note for note in plan.notes)


@pytest.mark.parametrize("name", ["Segment 1", "Segment_2", "label3", "7", "Klasse 2", "A"])
def test_names_that_no_person_gave_are_unknown_and_so_not_mirrored(name: str):
    assert not decide_mirroring(segments_named(name)).allowed


def test_codes_tell_sides_too():
    entry = "Segmentation category and type~SCT^123037004^Anatomical Structure~SCT^64033007^Kidney~{}~^^~^^"
    for modifier, allowed in (
        *(("SCT^7771000^Left", False), ("SCT^24028007^Right", False), ("SRT^G-A101^L", False)),
        *(("SCT^51440002^Right and left", True), ("^^", True)),
    ):
        segment = Segment("Niere", 1, (9, 9, 9), entry.format(modifier))
        assert decide_mirroring([segment]).allowed is allowed, modifier


def test_hundreds_of_names_are_compared_quickly_and_a_pair_among_them_is_found():
    names = [
        f"{part} of region {chr(97 + a)}{chr(97 + b)}x"
        for part in ("Core", "Wall")
        for a in range(20)
        for b in range(20)
    ]
    assert not decide_mirroring(segments_named(*names, "stria g", "stria d")).allowed


def balls(first=(12, 10, 8), second=(12, 10, 21), radii=(4, 4), lateral_axis: int = 2) -> np.ndarray:
    """Two balls side by side along x, or along another axis."""
    z, y, x = np.mgrid[: SIZE[0], : SIZE[1], : SIZE[2]]
    label = np.zeros(SIZE, np.uint8)
    for value, center, radius in ((1, first, radii[0]), (2, second, radii[1])):
        label[(z - center[0]) ** 2 + (y - center[1]) ** 2 + (x - center[2]) ** 2 < radius**2] = value
    return np.moveaxis(label, 2, lateral_axis)


def boxes_of(label: np.ndarray) -> dict:
    return {
        int(value): tuple((int(axis.min()), int(axis.max()) + 1) for axis in np.nonzero(label == value))
        for value in np.unique(label)
        if value
    }


@pytest.mark.parametrize(
    ("direction", "axis"),
    [((1, 0, 0, 0, 1, 0, 0, 0, 1), 2), ((-1, 0, 0, 0, -1, 0, 0, 0, 1), 2), ((0, 0, 1, 0, 1, 0, -1, 0, 0), 0)],
)
def test_mirror_images_are_found_whatever_the_order_of_the_axes(direction, axis):
    label = balls(lateral_axis=axis)
    geometry = Geometry(label.shape[::-1], (1.0, 1.0, 1.0), (0, 0, 0), tuple(map(float, direction)))
    assert mirrored_pairs(label, geometry, boxes_of(label)) == [(1, 2)]


@pytest.mark.parametrize(
    "label",
    [
        balls((5, 10, 15), (18, 10, 15)),  # above each other
        balls((12, 4, 15), (12, 15, 15)),  # one before the other
        balls((12, 10, 15), (12, 10, 15), (7, 3)),  # one in the other
        balls(radii=(6, 3)),  # of different size
    ],
    ids=["above", "before", "inside", "size"],
)
def test_other_pairs_of_segments_are_no_mirror_images(label):
    geometry = Geometry(SIZE[::-1], (1.0, 1.0, 1.0), (0, 0, 0))
    assert mirrored_pairs(label, geometry, boxes_of(label)) == []


def test_the_side_is_the_patients():
    box = ((0, 5), (0, 5), (2, 9))  # low indices along x
    towards_left = Geometry((30, 20, 24), (1.0, 1.0, 1.0), (0, 0, 0))
    towards_right = Geometry((30, 20, 24), (1.0, 1.0, 1.0), (0, 0, 0), (-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0))
    assert (side_of(towards_left, box), side_of(towards_right, box)) == (-1, 1)
    assert side_of(towards_left, ((0, 5), (0, 5), (12, 18))) == 0


def test_a_pair_is_one_if_most_labels_show_it():
    names = segments_named("Bean", "Pea")
    alike, other = SideStatistics(((0, 1),), (-1, 1)), SideStatistics((), (0, 0))
    assert not decide_mirroring(names, [alike, alike, other]).allowed
    assert decide_mirroring(names, [alike, other, other]).allowed
    only_one = SideStatistics((), (0, None))
    assert "Bean and Pea" in decide_mirroring(names, [alike, only_one, only_one]).reason


def test_a_segment_that_always_lies_on_one_side_may_be_one_of_a_pair():
    names = segments_named("Bean")
    assert not decide_mirroring(names, [SideStatistics((), (1,)), SideStatistics((), (1,))]).allowed
    assert decide_mirroring(names, [SideStatistics((), (1,)), SideStatistics((), (-1,))]).allowed
    assert decide_mirroring(names, [SideStatistics((), (0,)), SideStatistics((), (1,))]).allowed


def write_pair(folder: Path, names: tuple[str, ...] | None, label: np.ndarray) -> Path:
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for index in range(3):
        noise = np.random.default_rng(index).normal(0, 4, SIZE)
        image = SimpleITK.GetImageFromArray((50 + 60 * (label > 0) + noise).astype(np.int16))
        SimpleITK.WriteImage(image, str(folder / "images" / f"s{index}.nii.gz"))
        if index < 2:
            SimpleITK.WriteImage(SimpleITK.GetImageFromArray(label), str(folder / "labels" / f"s{index}.nii.gz"))
    if names:
        segments = [{"name": name, "value": value} for value, name in enumerate(names, 1)]
        (folder / "segments.json").write_text(json.dumps(segments), encoding="utf-8")
    return folder


def plan_of(folder: Path, preset: str = "quick") -> Plan:
    report = check_dataset(load_dataset(folder))
    report.raise_if_errors()
    training = [case.name for case in report.dataset.labeled]
    return plan_for(report.dataset, training, TrainingRequest(report.dataset, preset=preset), report.fingerprints)


@pytest.mark.parametrize("preset", ["quick", "paper"])
def test_the_plan_of_paired_labels_mirrors_nothing_whatever_they_are_called(tmp_path: Path, preset: str):
    plan = plan_of(write_pair(tmp_path, ("Bean", "Pea"), balls()), preset)
    assert plan.mirror == (False, False, False) and plan.sides_matter
    assert any("Bean and Pea are near mirror images" in note for note in plan.notes)


def test_the_check_tells_whether_scans_will_be_mirrored(tmp_path: Path):
    paired = check_dataset(load_dataset(write_pair(tmp_path / "a", ("Bean", "Pea"), balls())))
    assert any(note.startswith("Scans are not mirrored") and "Bean and Pea" in note for note in paired.notes)
    nested = check_dataset(
        load_dataset(write_pair(tmp_path / "b", ("Organ", "Cyst"), balls((12, 10, 15), (12, 10, 15), (7, 3))))
    )
    assert any(note.startswith("Scans are mirrored") for note in nested.notes)
    assert nested.to_dict()["notes"] == list(nested.notes)
    unnamed = check_dataset(load_dataset(write_pair(tmp_path / "c", None, balls())))
    assert any(note.startswith("Scans are not mirrored") for note in unnamed.notes)


def old_plan(*names: str) -> dict:
    """A plan as the version before wrote it, which mirrored unless a name said left or right."""
    scans = [ScanStatistics((20, 20, 20), (1.0, 1.0, 1.0), ((8.0, 8.0, 8.0),), (3.0,) * len(names))]
    document = make_plan(scans, segments_named(*names)).to_dict()
    document["mirror"] = [False, False, True]
    del document["sides_matter"]
    return document


def test_a_stored_plan_of_paired_structures_mirrors_nothing_any_more():
    plan = Plan.from_dict(old_plan("Hippocampus_L", "Hippocampus_R"))
    assert plan.mirror == (False, False, False) and plan.sides_matter
    assert Plan.from_dict(old_plan("Organ", "Vein")).mirror == (False, False, True)


def test_the_published_method_turns_but_does_not_mirror_where_sides_matter():
    image = torch.arange(4 * 4 * 4, dtype=torch.float32).reshape(1, 1, 4, 4, 4).repeat(16, 1, 1, 1, 1)
    batch = Batch(image, image[:, 0] >= 0, None, None)
    turned = turn_and_mirror(batch, torch.Generator().manual_seed(0), mirror=False)
    rotations = [torch.rot90(image[0], turn, (-2, -1)) for turn in range(4)]
    assert all(any(torch.equal(sample, rotation) for rotation in rotations) for sample in turned.image)
    mirrored = turn_and_mirror(batch, torch.Generator().manual_seed(0))
    assert not any(torch.equal(sample, rotation) for sample in mirrored.image for rotation in rotations)


def test_the_published_left_atrium_is_mirrored_as_published():
    scans = [
        ScanStatistics((88, 140, 190), (0.625,) * 3, ((60.0, 60.0, 60.0),), (15.0,), sides=SideStatistics((), (1,)))
    ]
    plan = make_plan(scans, segments_named("Left atrium"), "paper")
    assert not plan.sides_matter
    assert not Plan.from_dict(json.loads(json.dumps(plan.to_dict()))).sides_matter
    assert make_plan(scans, segments_named("Left atrium")).sides_matter
    assert make_plan(scans, segments_named("Left kidney"), "paper").sides_matter
