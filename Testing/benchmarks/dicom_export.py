"""Time and memory of writing DICOM segmentations: 500 slices of 512 x 512 with five segments.

.venv/bin/python Testing/benchmarks/dicom_export.py

Each way runs in a process of its own, on a synthetic CT that it makes in a temporary folder. The time is that of the
whole export, from the folder of DICOM files and the label map on disk to the file that was read back and compared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

from childmemory import PRELUDE  # noqa: E402
from dicomseries import save_like, series_image, write_series  # noqa: E402

WAYS = ("binary", "labelmap", "overlapping", "signed distance")
SCRIPT = """
import json, sys, time
from dualtaskseg.contract.segment import Segment
from dualtaskseg.dicom.parametric_map import export_map
from dualtaskseg.dicom.derived_object import ExportOptions
from dualtaskseg.dicom.segmentation import export_segmentation
way, series, labels, out = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
segments = [Segment(f"Segment {value}", value, (200, 80, 60)) for value in range(1, 6)]
began = time.monotonic()
if way == "signed distance":
    export_map(labels, "sdm", series, out)
    frames = 0
else:
    options = ExportOptions(labelmap=way == "labelmap")
    frames = export_segmentation(labels, series, out, segments=segments, options=options).frames
print(json.dumps({"seconds": round(time.monotonic() - began, 2), "peak_bytes": peak_memory(), "frames": frames}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slices", type=int, default=500)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "dicom_export.json")
    args = parser.parse_args()
    shape = (args.slices, args.size, args.size)
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        series = write_series(folder / "series", shape, spacing=(1.0, 0.8, 0.8))
        inputs = write_labels(folder, shape, series)
        for way in WAYS:
            command = [
                sys.executable,
                "-c",
                PRELUDE + SCRIPT,
                way,
                str(series),
                json.dumps(inputs[way]),
                name + "/x.dcm",
            ]
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            output = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=environment).stdout
            results[way] = {**json.loads(output), "file_bytes": (folder / "x.dcm").stat().st_size}
            (folder / "x.dcm").unlink()
            print(way, results[way])
    document = {
        "date": date.today().isoformat(),
        "command": shlex.join(["python", *sys.argv]),
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()},
        "shape": list(shape),
        "segments": 5,
        "results": results,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_labels(folder: Path, shape: tuple[int, int, int], series: Path) -> dict[str, object]:
    """Five ellipsoids: as one label map, as five maps that overlap, and the distance to one of them."""
    image = series_image(series)
    z, y, x = (np.linspace(-1, 1, count, dtype=np.float32) for count in shape)
    label = np.zeros(shape, np.uint8)
    maps = {}
    for value in range(1, 6):
        center = -0.8 + 0.27 * value
        for part, reach in (("apart", 0.12), ("over", 0.3)):
            radius = (z[:, None, None] / 0.92) ** 2 + ((y[:, None] - center) / reach) ** 2 + (x / 0.6) ** 2
            if part == "apart":
                label[radius < 1] = value
            else:
                mask = (radius < 1).astype(np.uint8)
                maps[f"Segment {value}"] = str(save_like(mask, image, folder / f"mask{value}.nii.gz"))
    one = str(save_like(label, image, folder / "label.nii.gz"))
    distance = save_like((radius - 1) * 20, image, folder / "distance.nii.gz")
    return {"binary": one, "labelmap": one, "overlapping": maps, "signed distance": str(distance)}


if __name__ == "__main__":
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    main()
