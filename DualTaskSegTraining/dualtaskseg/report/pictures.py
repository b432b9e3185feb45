"""The report's pictures: slices of scans with the outlines of people and networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.drawing import CasePicture, View, intensity_window, slice_svg, three_views
from dualtaskseg.report.words import css_color, swatch, text

PICTURES_WIDTH, PICTURE_HEIGHT, MOST_MAGNIFIED = 800.0, 330.0, 9.0  # CSS pixels, and those per mm
SHOWN_AS = {"label": "given outline"}
RULERS = (200, 100, 50, 20, 10, 5, 2, 1)  # mm


def _source_class(source: str) -> str:
    """The look of an outline: the two networks have theirs, wherever they come in the list."""
    lower = source.lower()
    return "source1" if "probability" in lower else "source2" if "distance" in lower else "source0"


def pictures(content: ReportContent) -> str:
    """Three slices of each case; empty where there are no pictures."""
    if not content.pictures:
        return ""
    sources = sorted({source for picture in content.pictures for source in picture.outlines}, key=_source_class)
    classes = {source: _source_class(source) for source in sources}
    is_tinted = len(content.segments) > 1
    tints = {value: css_color(segment["color"]) for value, segment in enumerate(content.segments, 1) if is_tinted}
    cards = "".join(_picture_card(picture, classes, tints) for picture in content.pictures)
    return (
        "<p>Three slices through the largest sections of the structures, in true proportions. Outlines follow the "
        "voxels' edges; the box before its name hides an outline.</p>"
        f"{_picture_legend(content, classes, is_tinted)}{cards}"
    )


def _picture_legend(content: ReportContent, classes: Mapping[str, str], has_tints: bool) -> str:
    """What the outlines mean; the boxes hide and show them, without a script."""
    items = []
    for css_class in sorted(set(classes.values())):
        names = " / ".join(text(SHOWN_AS.get(source, source)) for source in classes if classes[source] == css_class)
        key = (
            '<svg class="key" width="34" height="16" aria-hidden="true">'
            f'<path class="outline {css_class}" d="M3 8h28"/></svg>'
        )
        items.append(f'<li><label><input type="checkbox" checked id="show-{css_class}">{key}{names}</label></li>')
    if has_tints:
        items.append('<li><label><input type="checkbox" checked id="show-tint">tint of the segments:</label></li>')
        items += [f"<li>{swatch(segment)}<bdi>{text(segment['name'])}</bdi></li>" for segment in content.segments]
    return f'<ul class="legend sources">{"".join(items)}</ul>' if items else ""


def _picture_card(picture: CasePicture, classes: Mapping[str, str], tints: Mapping[int, str]) -> str:
    own = {source: css_class for source, css_class in classes.items() if source in picture.outlines}
    ordered = replace(picture, outlines={source: picture.outlines[source] for source in own})
    views = three_views(ordered)
    window = intensity_window(views)
    widths, heights = zip(*(view.size for view in views), strict=True)
    scale = min(PICTURES_WIDTH / sum(widths), PICTURE_HEIGHT / max(heights), MOST_MAGNIFIED)
    slices = "".join(
        _slice_figure(view, picture, window, own, tints, scale, max(widths), is_first=place == 0)
        for place, view in enumerate(views)
    )
    note = f'<p class="note">{text(picture.note)}</p>' if picture.note else ""
    return (
        f'<article class="card picture"><div><h3><bdi>{text(picture.title)}</bdi></h3>'
        f'<p class="note"><span class="pill">{text(picture.role)}</span></p>{note}</div>'
        f'<div class="slices">{slices}</div></article>'
    )


def _slice_figure(
    view: View,
    picture: CasePicture,
    window: tuple[float, float],
    classes: Mapping[str, str],
    tints: Mapping[int, str],
    scale: float,
    widest: float,
    is_first: bool,
) -> str:
    width = view.size[0]
    plane = f"{view.name}, slice" if view.name else "Slice"
    caption = f"{plane} {view.number} of {view.count}"
    sides = "".join(
        f'<span class="side {side}">{letter}</span>' for side, letter in zip("lrtb", view.letters, strict=False)
    )
    ruler = _ruler(width) if is_first else ""
    drawing = slice_svg(view, window, classes, tints, text(f"{picture.title}. {caption}"))
    return (
        f'<figure class="slice" style="flex:0 1 {width * scale:.0f}px;max-width:{100 * width / widest:.1f}%">'
        f'<div class="frame">{drawing}{sides}{ruler}</div><figcaption>{caption}</figcaption></figure>'
    )


def _ruler(width: float) -> str:
    """A line of a round length, about a quarter of the picture."""
    length = next((mm for mm in RULERS if mm <= 0.4 * width), 1)
    return f'<span class="ruler" style="width:{100 * length / width:.2f}%">{length} mm</span>'
