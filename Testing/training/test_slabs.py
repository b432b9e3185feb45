"""Volumes are written some slices at a time, and the files are those that the reading library writes."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.io import packing, volume
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.packing import pack
from dualtaskseg.io.volume import Volume
from dualtaskseg.io.writing import write_image, write_volume
from dualtaskseg.processes import usable_processors

NOTE = {"ITK_FileNotes": "DualTaskSeg 1.0 " + 32 * "a"}


def volume_in_half(kind: str) -> tuple[Volume, sitk.Image]:
    """A volume that is held in a smaller type, and the image that it counts as."""
    values = np.random.default_rng(0).integers(0, 200, (9, 6, 7))
    image = sitk.GetImageFromArray(values.astype(kind))
    image.SetSpacing((0.7, 0.8, 2.5))
    image.SetOrigin((-100.0, 20.5, 3.0))
    image.SetDirection((0.0, 1.0, 0.0, 0.6, 0.0, -0.8, -0.8, 0.0, -0.6))
    held = np.float16 if kind == "float32" else kind
    return Volume(values.astype(held), geometry_of(image), np.dtype(kind)), image


@pytest.mark.parametrize("kind", ["float32", "uint8", "uint16", "uint32"])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_files_are_those_of_the_reading_library(monkeypatch, tmp_path: Path, kind, suffix):
    monkeypatch.setattr(volume, "SLAB_BYTES", 200)  # a slice or a few
    monkeypatch.setattr(packing, "PART", 100)
    ours, image = volume_in_half(kind)
    for key, value in NOTE.items():
        image.SetMetaData(key, value)
    expected, file, again = (tmp_path / f"{name}{suffix}" for name in ("expected", "ours", "again"))
    sitk.WriteImage(image, str(expected), useCompression=False)
    write_volume(ours, file, NOTE, compress=False)
    write_image(image, again, compress=False)
    opened = gzip.decompress if suffix.endswith(".gz") else bytes
    assert opened(file.read_bytes()) == opened(expected.read_bytes()) == opened(again.read_bytes())
    assert len(list(tmp_path.iterdir())) == 3


def test_a_packed_stream_is_one_member_for_every_program():
    """Of what is all the same and of what has no order, of no bytes and of several parts."""
    for blocks in ([], [b"abc"], [bytes(3_000_000), np.random.default_rng(0).bytes(1_500_000)]):
        stream = io.BytesIO()
        pack(blocks, stream)
        packed = stream.getvalue()
        content = b"".join(blocks)
        assert gzip.decompress(packed) == content
        assert int.from_bytes(packed[-4:], "little") == len(content)
        assert len(packed) < 1_520_000


@pytest.mark.parametrize(("asked", "most"), [("1", 1), ("0", None), ("2,1", None), ("", None), ("100000", None)])
def test_no_more_threads_than_the_process_may_use(monkeypatch, asked, most):
    """A worker of a cluster has a share of the processors, and one that was bound to some has those."""
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert usable_processors() == (most or given)
