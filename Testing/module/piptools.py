"""A real pip that installs small packages from a folder into a folder, and nothing else."""

from __future__ import annotations

import os
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n"


def writeWheel(
    folder: Path, name: str, version: str, tag: str = "py3-none-any", metadataLines: str = "", size: int = 0
) -> Path:
    """Writes a package as pip takes it; ``size`` bytes of it can't be compressed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}/__init__.py", f'__version__ = "{version}"\n')
        if size:
            archive.writestr(f"{name}/data.bin", os.urandom(size))
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadataLines}"
        )
        archive.writestr(f"{info}/WHEEL", WHEEL.format(tag=tag))
        archive.writestr(f"{info}/RECORD", "")
    return file


class PipPlace:
    """Where pip finds packages and where it puts them.

    Attributes:
        wheels: the folder that it finds packages in.
        target: the folder that it installs into; what lies there can be imported.
    """

    def __init__(self, folder: Path) -> None:
        self.wheels = folder / "wheels"
        self.target = folder / "site-packages"
        self.wheels.mkdir()
        self.target.mkdir()

    def add(self, name: str, version: str, **options) -> Path:
        return writeWheel(self.wheels, name, version, **options)

    def installed(self, name: str) -> str | None:
        found = next(iter(metadata.distributions(name=name, path=[str(self.target)])), None)
        return found.version if found is not None else None


@pytest.fixture
def pipPlace(tmp_path, monkeypatch) -> PipPlace:
    """pip installs from a folder into a folder; of our packages only those count that lie there.

    These packages are small: how full the disk of the tests is does not matter.
    """
    from DualTaskSegLib.installing import dependencies

    place = PipPlace(tmp_path)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "CONFIG_FILE": os.devnull,
        "TARGET": str(place.target),
        "FIND_LINKS": str(place.wheels),
        "NO_INDEX": "1",
        "NO_CACHE_DIR": "1",
    }.items():
        monkeypatch.setenv("PIP_" + name, value)
    monkeypatch.syspath_prepend(str(place.target))
    for room in ("ROOM_NEEDED", "ROOM_TO_DOWNLOAD"):
        monkeypatch.setattr(dependencies, room, 0)
    everywhere = dependencies.installedVersion
    ours = {"torch", "monai", "safetensors", "highdicom", "light-the-torch"}
    monkeypatch.setattr(
        dependencies, "installedVersion", lambda name: place.installed(name) if name in ours else everywhere(name)
    )
    return place
