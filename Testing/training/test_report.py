"""The report: complete in itself, safe, honest about what is missing, with outlines where the voxels are."""

from __future__ import annotations

import base64
import itertools
import math
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.contract.segment import Segment
from dualtaskseg.files import write_text
from dualtaskseg.report.charts import Series, dice_scale, linear_scale, loss_scale, smoothed
from dualtaskseg.report.content import CaseFigures, ReportContent
from dualtaskseg.report.page import report_html
from dualtaskseg.report.pictures import OPPOSITE, CasePicture, encode_png, outline_path, reduced, three_views
from dualtaskseg.report.view import DARK_SURFACE, LEAST_CONTRAST, LIGHT_SURFACE, contrast, readable

VOID = {"meta", "input", "br", "hr", "img", "link"}
HOSTILE = 'O\'Brien <script>alert(1)</script> & "Sons" \x01 \udcff'


class Page(HTMLParser):
    """Reads a page as a browser would, and notes what isn't well-formed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if name in (attributes.get("class") or "").split()]


def read(content: ReportContent) -> Page:
    page = Page(report_html(content))
    assert not page.faults
    return page


def ball(shape: tuple[int, int, int], center: tuple[float, ...], radius: float) -> np.ndarray:
    distance = sum((axis - c) ** 2 for axis, c in zip(np.ogrid[tuple(map(slice, shape))], center, strict=True))
    return (distance <= radius**2).astype(np.uint8)


def a_picture(seed: int = 0, shape: tuple[int, int, int] = (12, 20, 24), **changes) -> CasePicture:
    center = tuple(size / 2 for size in shape)
    label = ball(shape, center, min(shape) / 3)
    label[:, :, shape[2] // 2 :] *= 2
    image = np.random.default_rng(seed).normal(size=shape).astype(np.float32) + 3 * (label > 0)
    outlines = {"label": label, "probability network": np.roll(label, 1, 1), "distance network": np.roll(label, 1, 2)}
    return replace(CasePicture(f"case {seed}", "validation", image, (2.0, 1.0, 1.0), outlines, "Dice 0.87"), **changes)


def train_rows(steps: range = range(2, 1001, 2), mutual_from: int = 301) -> list[dict]:
    rows = []
    for step in steps:
        row = {"kind": "train", "iteration": step, "time": step * 0.9, "rate": 0.01 * (1 - step / 1200)}
        row |= {"probability_supervised": 2 / step, "distance_supervised": 3 / step, "distance_regression": 1 / step}
        row["loss"] = 6 / step
        if step >= mutual_from:
            row |= {"probability_taught": 0.5, "distance_taught": 0.4, "consistency": 0.01}
        rows.append(row)
    return rows


def validation_rows() -> list[dict]:
    dices = {100: 0.5, 500: 0.8, 900: 0.87}
    return [
        {
            "kind": "validation",
            "iteration": step,
            "time": step * 0.9,
            "dice": {"Head": dice - 0.05, "Tail": dice - 0.1, "all segments": dice},
        }
        for step, dice in dices.items()
    ]


@pytest.fixture
def content() -> ReportContent:
    return ReportContent(
        title="Hippocampus",
        created="2026-03-01 12:00",
        asked={"Dataset": "Hippocampus", "Preset": "standard"},
        plan_notes=["The scans have voxels of 1 mm"],
        plan_table={"Patch": "40 x 56 x 40 voxels"},
        metrics=[*train_rows(), *validation_rows(), {"kind": "event", "iteration": 700, "text": "Resumed"}],
        segments=[Segment("Head", 1, (128, 174, 128)), Segment("Tail", 2, (241, 214, 145))],
        cases=[
            CaseFigures("v1", "validation", {"Head": 0.8, "Tail": 0.7}, 0.86, 0.85, 0.9),
            CaseFigures("v2", "validation", {"Head": 0.9, "Tail": 0.8}, 0.88, 0.84, 0.91),
            CaseFigures("l1", "labeled", {"Head": 0.95, "Tail": 0.94}, 0.95, 0.9, 0.95),
            *(CaseFigures(f"u{i}", "unlabeled", {}, None, 0.8 - 0.01 * i, 0.85 - 0.01 * i) for i in range(5)),
        ],
        pictures=[a_picture(), a_picture(1, axes=("S", "P", "L"))],
        validation_note="2 of 10 labeled scans were drawn by lot",
        timing={"Training": "15 min"},
        versions={"DualTaskSeg": "0.1"},
        scans={"labeled": 8, "unlabeled": 200, "validation": 2},
    )


# --- the page as a whole


def test_says_what_came_out_and_how_that_is_known(content):
    words = " ".join(read(content).words.split())
    assert "outlines Head and Tail, learned from 8 labeled and 200 unlabeled scans" in words
    assert "On the 2 labeled scans kept back to check it" in words
    assert "mean Dice of 0.87" in words
    assert "rough figure" in words  # two scans prove little
    assert "For research, not for diagnosis or treatment" in words
    for expected in (
        "2 of 10 labeled scans were drawn by lot.",
        "standard",
        "40 x 56 x 40 voxels",
        "15 min",
        "Resumed",
    ):
        assert expected in words


def test_forecast_is_never_sold_as_measurement(content):
    content.cases = content.cases_of("unlabeled")
    content.metrics = train_rows()
    content.scans = {"labeled": 8, "unlabeled": 200, "validation": 0}
    content.validation_note = "With fewer than 10 labeled scans none is kept back"
    words = " ".join(read(content).words.split())
    assert "has not been measured" in words
    assert "Dice of about 0.78 is predicted for the unlabeled scans" in words
    assert "a forecast, not a measurement" in words
    assert "With fewer than 10 labeled scans none is kept back." in words
    assert "kept back to check it, its masks" not in words


def test_unfinished_training_is_told(content):
    content.outcome = "stopped early"
    assert "not completed (stopped early)" in read(content).words


def test_reaches_for_nothing_outside(content):
    html = report_html(content)
    for attributes in (attributes for _, attributes in Page(html).tags):
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/png;base64,"))
    assert not re.search(r"https?://|//[a-z]|@import|url\(", re.sub(r"base64,[^\"]*", "", html))
    policy = next(
        meta for meta in Page(html).named("meta") if "content-security" in (meta.get("http-equiv") or "").lower()
    )
    assert "default-src 'none'" in policy["content"]


def test_names_can_do_no_harm(content):
    content.title = content.created = content.validation_note = content.outcome = HOSTILE
    content.asked = content.plan_table = content.timing = content.versions = {HOSTILE: HOSTILE}
    content.plan_notes = content.warnings = [HOSTILE]
    content.segments = [Segment(HOSTILE, 1, (1, 2, 3)), Segment("Tail", 2, (241, 214, 145))]
    content.cases = [
        CaseFigures(HOSTILE, role, {HOSTILE: 0.5}, 0.5, 0.5, 0.5 + i / 100)
        for i, role in enumerate(["validation", "labeled", *["unlabeled"] * 4])
    ]
    content.metrics = [
        *train_rows(),
        {"kind": "validation", "iteration": 9, "time": 1.0, "dice": {HOSTILE: 0.5, "all segments": 0.5}},
        {"kind": "event", "iteration": 5, "text": HOSTILE},
    ]
    content.pictures = [
        a_picture(title=HOSTILE, role=HOSTILE, note=HOSTILE, outlines={HOSTILE: a_picture().outlines["label"]})
    ]
    page = read(content)
    assert len(page.named("script")) == 1
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    # Halves of characters and control characters are replaced, everything else is there to be read.
    assert page.words.count('O\'Brien <script>alert(1)</script> & "Sons" � ?') > 15
    assert b"Sons" in report_html(content).encode("utf-8")


def test_refuses_an_outline_of_another_shape(content):
    broken = replace(content, pictures=[a_picture(outlines={"label": np.ones((2, 2, 2), np.uint8)})])
    with pytest.raises(ValueError, match="has shape"):
        report_html(broken)


def test_needs_numpy_only():
    code = (
        "import sys, dualtaskseg.report.page;"
        "print(sorted({'torch', 'jinja2', 'monai', 'SimpleITK', 'scipy', 'PIL', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_stays_small_with_large_noisy_scans(content):
    rng = np.random.default_rng(0)
    image = rng.integers(0, 1000, (60, 400, 400)).astype(np.float32)
    ragged = ball(image.shape, (30, 200, 200), 150) * (rng.random(image.shape) < 0.995).astype(np.uint8)
    outlines = dict.fromkeys(("label", "probability network", "distance network"), ragged)
    content.pictures = [a_picture(image=image, outlines=outlines, title=str(i)) for i in range(12)]
    content.metrics = train_rows(range(1, 20001))
    assert len(report_html(content).encode()) < 3_000_000


# --- what may be missing


def bare(**changes) -> ReportContent:
    return ReportContent(title="Run", created="", **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"metrics": [{"kind": "event", "iteration": 0, "text": "Memory ran out"}]},
        {"metrics": [{"kind": "train", "iteration": 1, "loss": 0.7}]},
        {"metrics": [{"kind": "train", "iteration": 0, "time": 0, "loss": 0}]},
        {"metrics": [{"kind": "train", "iteration": i, "time": None, "loss": None} for i in range(5)]},
        {"metrics": [{"kind": "train", "iteration": i, "time": i, "loss": math.nan, "rate": "NaN"} for i in range(5)]},
        {"metrics": [{"kind": "train"}, {"kind": "validation", "iteration": 3}, {"kind": "event"}, {}]},
        {
            "metrics": [
                {"kind": "validation", "iteration": 3, "time": 1.0, "dice": {"A": None, "all segments": math.nan}}
            ]
        },
        {"metrics": [{"kind": "train", "iteration": i, "time": i, "loss": -1.0} for i in range(5)]},
        {"metrics": [{"kind": "train", "iteration": i, "time": i, "loss": 10.0**-i} for i in range(30)]},
        {"cases": [CaseFigures("a", "validation", {"A": None}, None, None, None)]},
        {"cases": [CaseFigures("a", "unlabeled", {}, None, math.nan, math.inf)]},
        {"scans": {"labeled": 1}},
        {"pictures": [CasePicture("a", "unlabeled", np.zeros((3, 4, 5)), (1, 1, 1))]},
        {"pictures": [a_picture(image=np.full((12, 20, 24), np.nan))]},
        {"pictures": [a_picture(outlines={"label": np.zeros((12, 20, 24), np.uint8)}, axes=("L", "I", "A"))]},
        {"pictures": [CasePicture("a", "labeled", np.ones((1, 1, 1)), (5, 1, 1), {"label": np.ones((1, 1, 1))})]},
    ],
    ids=lambda changes: "-".join(changes) or "nothing",
)
@pytest.mark.parametrize("segments", [[], [Segment("A", 1, (255, 255, 255))]], ids=["unnamed", "named"])
def test_says_so_where_something_is_missing(changes, segments):
    page = read(bare(segments=segments, **changes))
    assert "For research" in page.words
    drawn = " ".join(attributes.get("d") or "" for _, attributes in page.tags)
    assert not re.search(r"\b(nan|inf)\b", drawn + page.words)


def test_infinite_and_missing_values_leave_gaps_only(content):
    content.metrics[10]["loss"] = None
    content.metrics[11]["loss"] = math.inf
    content.metrics[12]["loss"] = math.nan
    curves = read(content).with_class("curve")
    assert len(curves) == 3 + 3 + 3 + 2  # from outlines, from each other, Dice, and two small charts
    assert all("nan" not in curve["d"] and "inf" not in curve["d"] for curve in curves)


def test_a_single_value_is_a_dot():
    page = read(bare(metrics=[{"kind": "train", "iteration": 1, "time": 2.0, "loss": 0.7}]))
    assert not page.with_class("curve")
    assert len(page.with_class("marker")) == 1


# --- curves


def test_marks_where_the_networks_began_to_teach_each_other(content):
    marks = [mark["d"] for mark in read(content).with_class("mutual") if "d" in mark]
    assert len(marks) == 5
    x = float(re.match(r"M([\d.]+) ", marks[0]).group(1))
    assert x == pytest.approx(50 + 302 / 1000 * (418 - 50), abs=0.1)  # the first row with a taught part is of step 302
    supervised = replace(content, metrics=train_rows(mutual_from=10**9))
    assert not read(supervised).with_class("mutual")
    from_the_first = replace(content, metrics=train_rows(mutual_from=0))
    assert not read(from_the_first).with_class("mutual")


def test_resumed_rows_replace_those_they_repeat():
    rows = [{"kind": "train", "iteration": i, "time": i, "loss": 1.0} for i in (1, 2, 3)]
    again = [{"kind": "train", "iteration": i, "time": i, "loss": 0.5} for i in (2, 3, 4)]
    page = read(bare(metrics=[*rows, *again]))
    assert page.with_class("raw")[0]["d"].count("L") == 3


def curve(values) -> Series:
    values = np.asarray(values, dtype=float)
    return Series("loss", np.arange(len(values)), values, "red")


def test_scales_fit_their_values():
    steep, flat, negative = curve(np.geomspace(2, 0.01, 100)), curve(np.linspace(1, 0.5, 100)), curve([-1, 0.5])
    assert loss_scale([steep]).logarithmic
    assert not loss_scale([flat]).logarithmic
    assert loss_scale([flat]).ticks[0] == 0
    assert not loss_scale([negative]).logarithmic
    for scale, series in (
        (loss_scale([steep]), steep),
        (linear_scale([flat]), flat),
        (linear_scale([negative]), negative),
    ):
        places = scale.y_of(series.y)
        assert np.all(np.diff(places) * -np.diff(series.y) > 0)  # none is cut off; higher values stand higher
        assert 3 <= len(scale.ticks) <= 9
    assert dice_scale([curve([0.85, 0.9])]).low == 0.8
    assert dice_scale([curve([0.1, 0.9])]).low == 0.0


def test_running_mean_keeps_level_and_slope():
    assert smoothed(np.full(100, 2.5)) == pytest.approx(2.5)
    line = np.arange(100.0)
    assert smoothed(line)[5:95] == pytest.approx(line[5:95])
    noise = np.random.default_rng(0).normal(size=1000)
    assert smoothed(noise)[50:].std() < 0.2
    assert abs(smoothed(noise)[-1]) < abs(noise[-40:]).max() / 3  # the last value is no single measurement


def test_many_segments_stay_readable(content):
    names = [f"Structure number {i}" for i in range(14)]
    content.segments = [Segment(name, i + 1, (10 * i, 200, 100)) for i, name in enumerate(names)]
    content.metrics = [
        {
            "kind": "validation",
            "iteration": step,
            "time": step,
            "dice": dict.fromkeys(names, 0.5) | {"all segments": 0.9},
        }
        for step in (10, 20)
    ]
    page = read(content)
    assert "8 are not" in page.words  # drawn
    labels = [float(text["y"]) for text in page.with_class("end")]
    assert len(labels) == 7
    assert np.diff(sorted(labels)).min() >= 13.9


@pytest.mark.parametrize("color", [(255, 255, 255), (0, 0, 0), (241, 214, 145), (0, 0, 255), (255, 255, 0)])
def test_segment_colors_can_be_seen_in_light_and_dark(color):
    for surface in (LIGHT_SURFACE, DARK_SURFACE):
        made = readable(color, surface)
        assert contrast([int(made[i : i + 2], 16) for i in (1, 3, 5)], surface) >= LEAST_CONTRAST * 0.97


# --- tables


def test_table_holds_every_figure_and_starts_with_what_matters(content):
    html = report_html(content)
    table = html[html.index('<table class="sortable">') :]
    table = table[: table.index("</table>")]
    names = re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', table)
    assert names == ["v1", "v2", "l1", "u4", "u3", "u2", "u1", "u0"]  # the unlabeled by agreement, least first
    rows = dict(zip(names, table.split("<tr>")[2:], strict=True))
    assert re.findall(r'data-value="([\d.]+)"', rows["v1"]) == ["0.8", "0.7", "0.86", "0.85", "0.9"]
    assert re.findall(r">([^<]+)</td>", rows["u4"]) == ["unlabeled", "–", "–", "–", "0.760", "0.810"]
    words = " ".join(Page(html).words.split())
    assert "1 of the 8 labeled and 5 of the 200 unlabeled" in words
    assert "agree least on u4 (0.81), u3 (0.82) and u2 (0.83)" in words


def test_segment_figures_are_of_the_validation_scans(content):
    html = report_html(content)
    row = re.search(r"<bdi>Head</bdi></th>(.*?)</tr>", html).group(1)
    assert re.findall(r">([^<]+)</td>", row) == ["0.850", "0.071", "0.800", "0.900", "2"]


# --- pictures


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 1), (33, 41), (64, 64)])
def test_png_holds_the_pixels(tmp_path, shape):
    rng = np.random.default_rng(0)
    smooth = np.add.outer(np.arange(shape[0]) * 3, np.arange(shape[1]) * 2).astype(np.uint8)
    for pixels in (smooth, rng.integers(0, 256, shape, dtype=np.uint8), np.full(shape, 255, np.uint8)):
        path = tmp_path / "picture.png"
        path.write_bytes(encode_png(pixels))
        decoded = sitk.ReadImage(str(path))
        assert decoded.GetNumberOfComponentsPerPixel() == 1
        assert np.array_equal(sitk.GetArrayFromImage(decoded), pixels)


def test_png_is_compressed():
    smooth = np.add.outer(np.arange(256) // 2, np.arange(256) // 2).astype(np.uint8)
    assert len(encode_png(smooth)) < 0.05 * smooth.size


def path_edges(path: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Follows path data as a browser does; each unit edge as its two ends (x, y), in order."""
    edges = []
    x = y = start_x = start_y = 0

    def go(to_x: int, to_y: int) -> None:
        nonlocal x, y
        assert (to_x == x) != (to_y == y), "neither across nor down"
        while (x, y) != (to_x, to_y):
            before = (x, y)
            x, y = x + (to_x > x) - (to_x < x), y + (to_y > y) - (to_y < y)
            edges.append(tuple(sorted((before, (x, y)))))

    for command, values in re.findall(r"([Mhvz])([-\d ]*)", path):
        if command == "M":
            x, y = map(int, values.split())
            start_x, start_y = x, y
        elif command == "z":
            go(start_x, start_y)
        else:
            go(x + int(values) * (command == "h"), y + int(values) * (command == "v"))
    return edges


def test_outline_of_one_voxel():
    labels = np.zeros((6, 5), np.uint8)
    labels[3, 2] = 1
    assert outline_path(labels) == "M2 3h1v1h-1z"


@pytest.mark.parametrize("seed", range(6))
def test_outlines_run_along_every_border_once(seed):
    labels = np.random.default_rng(seed).integers(0, 2 + seed % 3, (9, 11))
    padded = np.pad(labels, 1)
    expected = set()
    for row, column in itertools.product(range(padded.shape[0]), range(padded.shape[1])):
        if row and padded[row, column] != padded[row - 1, column]:
            expected.add(((column - 1, row - 1), (column, row - 1)))
        if column and padded[row, column] != padded[row, column - 1]:
            expected.add(((column - 1, row - 1), (column - 1, row)))
    edges = path_edges(outline_path(labels))
    assert len(edges) == len(set(edges))
    assert set(edges) == expected


def test_nothing_has_no_outline():
    assert outline_path(np.zeros((4, 4), np.uint8)) == ""


def test_outline_lies_on_the_voxel_in_millimeters():
    label = np.zeros((7, 9, 11), np.uint8)
    label[3, 4, 5] = 1
    picture = CasePicture(
        "a", "labeled", np.zeros(label.shape), (5.0, 0.5, 0.8), {"label": label}, axes=("S", "P", "L")
    )
    # (columns and rows of each slice, spacing across and down, the voxel's upper left corner)
    expected = (((11, 9), (0.8, 0.5), (5, 4)), ((11, 7), (0.8, 5.0), (5, 3)), ((9, 7), (0.5, 5.0), (4, 3)))
    page = read(bare(pictures=[picture]))
    drawings = [svg for svg in page.named("svg") if svg.get("role") == "img"]
    outlines = page.with_class("outline")[1:]  # the first is the legend's
    marks = zip(drawings, page.named("g"), outlines, page.named("image"), strict=True)
    views = three_views(picture)
    for view, (size, spacing, corner), (drawing, scale, outline, image) in zip(views, expected, marks, strict=True):
        assert view.image.shape == size[::-1]
        box = [float(value) for value in drawing["viewbox"].split()]
        assert box == pytest.approx([0, 0, size[0] * spacing[0], size[1] * spacing[1]])
        assert [float(value) for value in re.findall(r"[\d.]+", scale["transform"])] == pytest.approx(spacing)
        assert outline["d"] == f"M{corner[0]} {corner[1]}h1v1h-1z"
        assert (float(image["width"]), float(image["height"])) == pytest.approx(box[2:])


def test_any_orientation_is_shown_as_radiologists_look_at_scans():
    rng = np.random.default_rng(0)
    image = rng.normal(size=(5, 6, 7)).astype(np.float32)
    label = np.zeros(image.shape, np.uint8)
    label[1:4, 2:5, 3:6] = 1
    usual = three_views(CasePicture("a", "labeled", image, (3.0, 1.0, 2.0), {"label": label}, axes=("S", "P", "L")))
    assert [view.name for view in usual] == ["Axial", "Coronal", "Sagittal"]
    assert [view.letters for view in usual] == [tuple("RLAP"), tuple("RLSI"), tuple("APSI")]
    assert np.array_equal(usual[0].image, image[usual[0].number - 1])
    for order in itertools.permutations(range(3)):
        for flips in itertools.product((1, -1), repeat=3):
            letters = tuple(("S", "P", "L")[axis] for axis in order)
            axes = tuple(letter if flip == 1 else OPPOSITE[letter] for letter, flip in zip(letters, flips, strict=True))
            index = tuple(slice(None, None, flip) for flip in flips)
            stored = CasePicture(
                "a",
                "labeled",
                image.transpose(order)[index],
                tuple((3.0, 1.0, 2.0)[axis] for axis in order),
                {"label": label.transpose(order)[index]},
                axes=axes,
            )
            for view, expected in zip(three_views(stored), usual, strict=True):
                assert view.letters == expected.letters
                assert view.size == expected.size
                assert np.array_equal(view.outlines["label"], expected.outlines["label"])
                assert np.array_equal(view.image, expected.image)


def test_slices_go_through_the_largest_sections():
    label = np.zeros((20, 30, 40), np.uint8)
    label[4:15, 9:12, 9:12] = 1
    label[7, 5:16, 5:16] = 1
    other = np.zeros_like(label)
    other[18] = 1  # a network that went astray doesn't move the slices
    picture = CasePicture("a", "labeled", np.zeros(label.shape), (1, 1, 1), {"label": label, "distance network": other})
    assert [view.number for view in three_views(picture)] == [8, 11, 11]
    assert [view.name for view in three_views(picture)] == ["", "", ""]  # unnamed, as the sides aren't known


def test_small_structures_are_shown_with_their_surroundings_only():
    label = ball((40, 300, 300), (20, 150, 150), 5)
    view = three_views(CasePicture("a", "labeled", np.zeros(label.shape), (1, 1, 1), {"label": label}))[0]
    assert view.image.shape == (51, 51)  # 11 and 20 mm on either side
    path = outline_path(view.outlines["label"])
    assert {corner for edge in path_edges(path) for corner in edge} >= {(20, 25), (31, 25)}


def test_large_slices_are_averaged_and_stay_aligned():
    image = np.zeros((1, 515, 30), np.float32)
    image[:, 512:] = 1
    page = read(bare(pictures=[CasePicture("a", "labeled", image, (1.0, 0.5, 1.0))]))
    drawn = page.named("image")[0]
    # 515 rows become 172 of 3 rows each: 516 rows, the last of them beyond the picture's edge.
    assert float(drawn["height"]) == pytest.approx(516 * 0.5)
    assert float(page.named("svg")[0]["viewbox"].split()[3]) == pytest.approx(515 * 0.5)


def test_window_is_robust(tmp_path):
    image = np.random.default_rng(0).normal(100, 10, (20, 30, 40))
    image[5, 5, 5] = 1e6
    image[6, 6, 6] = np.nan
    html = report_html(bare(pictures=[CasePicture("a", "unlabeled", image, (1, 1, 1))]))
    for data in re.findall(r"base64,([^\"]+)", html):
        path = tmp_path / "slice.png"
        path.write_bytes(base64.b64decode(data))
        pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
        assert 100 < pixels.mean() < 155
        assert pixels.std() > 40


def test_outlines_have_the_look_of_their_source(content):
    page = read(content)
    for css_class in ("source0", "source1", "source2"):
        assert len([path for path in page.with_class(css_class) if path["d"] != "M3 8h28"]) >= 2 * 2
    boxes = [box["id"] for box in page.named("input")]
    assert boxes == ["show-source0", "show-source1", "show-source2", "show-tint"]
    assert "given outline" in page.words
    content.segments = content.segments[:1]
    assert not read(content).with_class("tint")  # with one segment there is nothing to tell apart


def test_pictures_of_real_scans(real_data, tmp_path):
    folder = real_data / "hippocampus"
    name = sorted((folder / "labelsTr").glob("*.nii.gz"))[0].name
    image, label = (
        sitk.DICOMOrient(sitk.ReadImage(str(folder / part / name)), "LPS") for part in ("imagesTr", "labelsTr")
    )
    labels = sitk.GetArrayFromImage(label).astype(np.uint8)
    picture = CasePicture(
        name,
        "labeled",
        sitk.GetArrayFromImage(image),
        image.GetSpacing()[::-1],
        {"label": labels, "probability network": np.roll(labels, 1, 2)},
        axes=("S", "P", "L"),
    )
    sagittal = three_views(picture)[2]
    outline = sagittal.outlines["label"]
    # Anterior is at the left, so the hippocampal head (1) lies left of its tail (2), which rises behind.
    head, tail = (np.argwhere(outline == value).mean(axis=0) for value in (1, 2))
    assert head[1] < tail[1]
    assert head[0] > tail[0]
    names = [Segment("Anterior", 1, (1, 2, 3)), Segment("Posterior", 2, (4, 5, 6))]
    write_text(tmp_path / "report.html", report_html(bare(pictures=[picture], segments=names)))
    assert (tmp_path / "report.html").stat().st_size < 200_000


# --- in a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium is installed")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        profile = tmp_path_factory.mktemp("profile")
        fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        fixed += ["--hide-scrollbars", "--enable-logging=stderr", f"--user-data-dir={profile}"]
        return subprocess.run(
            [program, *fixed, *arguments],
            capture_output=True,
            timeout=120,
            check=True,
            encoding="utf-8",
        )

    return run


def test_a_browser_shows_it_without_complaint(browser, content, tmp_path):
    path = tmp_path / "report.html"
    write_text(path, report_html(content))
    brightness = {}
    for scheme, setting in (("dark", 0), ("light", 1)):
        shot = tmp_path / f"{scheme}.png"
        options = [
            f"--screenshot={shot}",
            "--window-size=1000,2600",
            f"--blink-settings=preferredColorScheme={setting}",
        ]
        done = browser(*options, path.as_uri())
        assert "CONSOLE" not in done.stderr
        pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(shot)))[..., :3]
        colors = pixels.astype(np.uint32) @ np.array([1, 256, 65536], np.uint32)
        assert len(np.unique(colors)) > 200  # words, curves and pictures
        brightness[scheme] = float(np.median(pixels))
    assert brightness["dark"] < 60
    assert brightness["light"] > 200


def test_its_script_may_run_and_no_other(browser, content, tmp_path):
    path = tmp_path / "report.html"
    write_text(path, report_html(content))
    html = path.read_text(encoding="utf-8")
    dom = browser("--dump-dom", path.as_uri()).stdout
    assert dom.count('<button type="button">') == 7  # one for each column
    path.write_text(html.replace("</main>", "</main><script>document.title='changed'</script>"), encoding="utf-8")
    done = browser("--dump-dom", path.as_uri())
    assert "<title>changed</title>" not in done.stdout
    assert "Content Security Policy" in done.stderr


def test_a_click_sorts_the_table(browser, content, tmp_path):
    click = "document.querySelectorAll('thead button')[6].click();"  # how far the networks agree
    html = report_html(content).replace("</script>", click + "</script>")
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    dom = browser("--dump-dom", path.as_uri()).stdout
    table = dom[dom.index('<table class="sortable">') :]
    assert re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', table) == ["u4", "u3", "u2", "u1", "u0", "v1", "v2", "l1"]


def test_a_box_hides_its_outline(browser, content, tmp_path):
    path, shot = tmp_path / "report.html", tmp_path / "shot.png"
    html = report_html(content)
    yellow = []
    for state in ("checked", ""):
        path.write_text(html.replace('checked id="show-source0"', f'{state} id="show-source0"'), encoding="utf-8")
        browser(f"--screenshot={shot}", "--window-size=1200,2600", path.as_uri())
        pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(shot)))[..., :3]
        yellow.append(np.count_nonzero((pixels == (255, 225, 77)).all(axis=-1)))
    assert yellow[0] > 1000
    assert 10 < yellow[1] < 100  # the legend's line stays


def test_a_reduced_picture_looks_the_same_and_holds_no_volume(content):
    """Ten large scans as volumes would not fit into memory beside each other."""
    small = [reduced(picture) for picture in content.pictures]
    assert report_html(replace(content, pictures=small)) == report_html(content)
    for picture, whole in zip(small, content.pictures, strict=True):
        arrays = [view.image for view in picture.views]
        arrays += [outline for view in picture.views for outline in view.outlines.values()]
        assert all(array.base is None for array in arrays)
        assert picture.image.size == 0 and max(array.size for array in arrays) < whole.image.size / 3
        assert picture.outlines.keys() == whole.outlines.keys()
