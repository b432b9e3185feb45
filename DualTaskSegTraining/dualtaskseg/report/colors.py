"""Colors of segments as the page shows them: as they are, and so that lines of them stand out in light and dark."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

LIGHT_SURFACE, DARK_SURFACE = (255, 255, 255), (27, 31, 36)
LEAST_CONTRAST = 3.0  # of graphics against their ground, WCAG 2.1, 1.4.11


def css_color(color: Sequence[float]) -> str:
    """Red, green, blue of 0..255 as CSS."""
    return f"rgb({','.join(str(min(max(round(part), 0), 255)) for part in color)})"


def readable(color: Sequence[int], surface: Sequence[int]) -> str:
    """The color, made darker or lighter until it stands out from a surface, as ``#rrggbb``.

    Args:
        color: red, green, blue of 0..255.
        surface: the same, what it is seen on.
    """
    red, green, blue = (min(max(int(part), 0), 255) for part in color)
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    step = -0.02 if _luminance(surface) > 0.5 else 0.02
    while contrast((red, green, blue), surface) < LEAST_CONTRAST and 0 <= lightness + step <= 1:
        lightness += step
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return f"#{red:02x}{green:02x}{blue:02x}"


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Contrast ratio of two colors, 1..21, as WCAG 2.1 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Sequence[int]) -> float:
    def linear(part: float) -> float:
        part /= 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
