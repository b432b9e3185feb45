"""Units of length that files name, in mm."""

from __future__ import annotations

MILLIMETERS = {
    **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres", "milimeter"), 1.0),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), 10.0),
    **dict.fromkeys(("dm", "decimeter", "decimeters", "decimetre", "decimetres"), 100.0),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1000.0),
    **dict.fromkeys(("um", "micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres"), 1e-3),
    **dict.fromkeys(("nm", "nanometer", "nanometers", "nanometre", "nanometres"), 1e-6),
    **dict.fromkeys(("in", "inch", "inches", '"'), 25.4),
}


def millimeters(unit: str) -> float | None:
    """How many mm a unit is, whatever its spelling; None where it is unknown or empty."""
    plain = unit.strip().strip("\"'").strip().casefold().replace("µ", "u").replace("μ", "u").replace("\\u00b5", "u")
    return MILLIMETERS.get(plain)
