"""How the report looks: style sheet, colors, and the few lines of script that sort its table."""

from __future__ import annotations

import base64
import colorsys
import hashlib
from collections.abc import Sequence

LIGHT_SURFACE, DARK_SURFACE = (255, 255, 255), (27, 31, 36)
LEAST_CONTRAST = 3.0  # of graphics against their ground, WCAG 2.1, 1.4.11


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


def style_sheet(segment_colors: Sequence[Sequence[int]]) -> str:
    """The whole style sheet; the segments' colors become ``--segment1``, ``--segment2`` ..."""

    def segments(surface: Sequence[int]) -> str:
        return "".join(f"--segment{i}:{readable(color, surface)};" for i, color in enumerate(segment_colors, 1))

    return (
        f":root{{{LIGHT}{segments(LIGHT_SURFACE)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{DARK}{segments(DARK_SURFACE)}}}}}\n{RULES}"
    )


def content_policy() -> str:
    """Forbids the page everything from outside, and every script but the one it came with."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


LIGHT = (
    "color-scheme:light;--page:#f6f7f8;--surface:#fff;--text:#1a1f24;--soft:#56606b;--line:#e1e5e9;--strong:#c3cad1;"
    "--probability:#1668c4;--distance:#c2266f;--regression:#8a5a00;--neutral:#434b54;"
    "--good:#1c7a43;--good-ground:#e5f4ea;--warn:#8a4b00;--warn-ground:#fdf3e1;--warn-line:#efcf98;--chip:#eef1f4;"
)
DARK = (
    "color-scheme:dark;--page:#13161a;--surface:#1b1f24;--text:#e7eaee;--soft:#a3adb8;--line:#2c333b;--strong:#4a535d;"
    "--probability:#67b3ff;--distance:#ff79b4;--regression:#e2b04a;--neutral:#c9d0d8;"
    "--good:#7ad69b;--good-ground:#1a3325;--warn:#f2c37c;--warn-ground:#33291a;--warn-line:#5e4a28;--chip:#2a3038;"
)

RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);
 font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",
 "Liberation Sans",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:30px;line-height:1.2;margin:0;letter-spacing:-.015em;font-weight:650;overflow-wrap:anywhere}
h2{font-size:21px;line-height:1.3;margin:56px 0 6px;letter-spacing:-.01em;font-weight:650}
h3{font-size:15px;line-height:1.35;margin:0;font-weight:650;overflow-wrap:anywhere}
p{margin:0 0 10px;max-width:74ch;text-wrap:pretty}
.lead{font-size:19px;line-height:1.5;margin:18px 0 0;max-width:64ch}
.meta{display:flex;flex-wrap:wrap;align-items:center;gap:6px 12px;margin:10px 0 0;color:var(--soft);font-size:14px}
.pill{display:inline-block;padding:1px 10px;border-radius:99px;background:var(--chip);color:var(--soft);
 font-size:13px;font-weight:550;white-space:nowrap}
.pill.finished{background:var(--good-ground);color:var(--good)}
.pill.other{background:var(--warn-ground);color:var(--warn)}
.card{background:var(--surface);border:1px solid var(--line);border-radius:12px}
.notice{background:var(--warn-ground);border:1px solid var(--warn-line);border-radius:12px;padding:14px 18px;
 margin:22px 0 0}
.notice p,.notice ul{margin:0;max-width:none} .notice ul{padding-left:20px} .notice strong{color:var(--warn)}
.notice li+li{margin-top:4px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:14px;margin:24px 0 0}
.tile{padding:16px 18px}
.tile b{display:block;font-size:32px;line-height:1.15;font-weight:650;letter-spacing:-.02em;
 font-variant-numeric:tabular-nums}
.tile span{display:block;font-size:14px;margin-top:4px}
.tile small{display:block;font-size:13px;color:var(--soft);margin-top:2px}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:28px 0 0;padding:10px 0;border-top:1px solid var(--line);
 border-bottom:1px solid var(--line);font-size:14px}
nav a{color:var(--probability);text-decoration:none} nav a:hover{text-decoration:underline}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:16px;margin:16px 0 0}
figure{margin:0}
.chart-card{padding:16px 18px 10px;display:flex;flex-direction:column}
.small-charts .chart-scroll{margin-top:auto}
.chart-card p{font-size:14px;color:var(--soft);margin:3px 0 6px}
.small-charts{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}
.alone{margin:16px 0 0}
.chart-scroll{overflow-x:auto}
svg.chart{display:block;width:100%;min-width:430px;height:auto;font-size:12px}
.small-charts svg.chart{min-width:250px}
svg.chart text{fill:var(--soft);font-variant-numeric:tabular-nums}
svg.chart .time{opacity:.85;font-size:11px}
svg.chart .end{font-size:12px} svg.chart .value{font-weight:650}
svg.chart text.mutual{fill:var(--soft);font-style:italic;font-size:12px}
svg.chart path{fill:none}
svg.chart .grid{stroke:var(--line)} svg.chart .base{stroke:var(--strong)}
svg.chart path.mutual{stroke:var(--soft);stroke-dasharray:4 4}
svg.chart path.event{stroke:var(--warn);stroke-width:2}
svg.chart text.event{fill:var(--warn);font-weight:650;font-size:11px;paint-order:stroke;stroke:var(--surface);
 stroke-width:3px}
svg.chart .raw{stroke-width:1;stroke-opacity:.26;stroke-linejoin:round}
svg.chart .curve{stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
svg.chart .marker{stroke:var(--surface);stroke-width:1.2}
svg.chart .leader{stroke-width:1;stroke-opacity:.5}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:4px 0 8px;padding:0;
 font-size:13.5px}
.legend li,.legend label{display:inline-flex;align-items:center;gap:7px}
.legend svg{flex:none;overflow:visible}
.table-box{margin:16px 0 0;overflow:auto}
.table-box.long{max-height:640px}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:14px;line-height:1.4}
th,td{padding:8px 14px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
tbody tr:last-child>*{border-bottom:0}
thead th{position:sticky;top:0;background:var(--surface);font-weight:600;color:var(--soft);font-size:13px;
 border-bottom:1px solid var(--strong);vertical-align:bottom}
tbody th{font-weight:500;overflow-wrap:anywhere;min-width:9em}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead th.number{white-space:normal;min-width:5.5em}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;cursor:pointer;text-align:inherit}
thead button:hover,thead button:focus-visible{color:var(--text);text-decoration:underline}
th[aria-sort=ascending] button::after{content:" ↑"} th[aria-sort=descending] button::after{content:" ↓"}
.charts th,.charts td{padding-left:9px;padding-right:9px} .charts tbody th{min-width:7em}
.role{white-space:nowrap;color:var(--soft)}
.legend.sources{position:sticky;top:0;z-index:2;margin:14px -8px 12px;padding:10px 8px;background:var(--page);
 border-bottom:1px solid var(--line)}
.legend.sources label{cursor:pointer} .legend.sources input{margin:0;accent-color:var(--probability)}
.swatch{width:12px;height:12px;border-radius:3px;display:inline-block;border:1px solid var(--strong)}
.key{background:#15181c;border-radius:3px}
.picture{display:grid;grid-template-columns:minmax(150px,190px) 1fr;gap:20px;padding:16px 18px;margin:0 0 14px}
.picture .note{font-size:14px;margin:8px 0 0}
.slices{display:flex;gap:10px;align-items:flex-start;justify-content:flex-start;min-width:0}
.slice{position:relative;min-width:0}
.slice svg{display:block;width:100%;height:auto;background:#000;border-radius:5px}
.slice image{image-rendering:auto}
.slice figcaption{font-size:12.5px;color:var(--soft);margin:5px 0 0;line-height:1.35}
.slice .frame{position:relative}
.side{position:absolute;color:#fff;font-size:12px;line-height:1;font-weight:650;text-shadow:0 0 3px #000,0 0 2px #000}
.side.l{left:5px;top:50%;margin-top:-6px} .side.r{right:5px;top:50%;margin-top:-6px}
.side.t{top:5px;left:0;right:0;text-align:center} .side.b{bottom:5px;left:0;right:0;text-align:center}
.ruler{position:absolute;left:7px;bottom:7px;border-bottom:2px solid #fff;color:#fff;font-size:11px;line-height:1.3;
 text-shadow:0 0 3px #000,0 0 2px #000;filter:drop-shadow(0 0 1px #000);white-space:nowrap}
.outline{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:miter}
.source0{stroke:#ffe14d;stroke-width:2} .source1{stroke:#4cc3ff;stroke-width:2;stroke-dasharray:6 3}
.source2{stroke:#ff5fa2;stroke-width:2.4;stroke-dasharray:2 3}
.tint{fill-rule:evenodd;fill-opacity:.2;stroke:none}
main:has(#show-source0:not(:checked)) .slices .source0,main:has(#show-source1:not(:checked)) .slices .source1,
main:has(#show-source2:not(:checked)) .slices .source2,main:has(#show-tint:not(:checked)) .slices .tint{display:none}
dl{display:grid;grid-template-columns:minmax(110px,max-content) 1fr;gap:7px 22px;margin:0;font-size:14.5px}
dt{color:var(--soft)} dd{margin:0;overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px;margin:16px 0 0}
.block{padding:18px 20px} .block h3{margin:0 0 12px} .block>*+h3{margin-top:22px}
.plain{margin:0;padding-left:18px;font-size:14.5px} .plain li+li{margin-top:7px}
.glossary dt{color:var(--text);font-weight:600}
footer{margin:48px 0 0;font-size:13px;color:var(--soft)}
bdi{unicode-bidi:isolate}
@media (max-width:860px){.picture{grid-template-columns:1fr;gap:12px}}
@media (max-width:560px){main{padding:24px 14px 48px}h1{font-size:25px}.lead{font-size:17px}.slices{flex-wrap:wrap}
 .slice{flex:0 0 auto!important;width:100%} dl{grid-template-columns:1fr;gap:1px} dd+dt{margin-top:9px}
 .legend.sources{position:static}}
@media print{body{background:#fff;font-size:10pt}main{max-width:none;padding:0}nav,.legend input{display:none}
 h2{margin-top:28px} .tiles{grid-template-columns:repeat(4,1fr);gap:8px} .tile b{font-size:24px}
 .charts,.columns{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}
 .small-charts{grid-template-columns:repeat(3,minmax(0,1fr))}
 svg.chart,.small-charts svg.chart{min-width:0}
 .card,tr{break-inside:avoid} .card.table-box{break-inside:auto} h2,h3,section>p{break-after:avoid}
 .table-box,.table-box.long{max-height:none;overflow:visible} table{font-size:9pt} th,td{padding:4px 8px}
 thead th,.legend.sources{position:static}
 .slice,.key,.swatch,.pill,.notice{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""

# Sorts a table by the column whose title is clicked. Without it the page lacks nothing.
SCRIPT = """
document.querySelectorAll('table.sortable').forEach(function (table) {
  var body = table.tBodies[0];
  table.querySelectorAll('thead th').forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    while (head.firstChild) button.appendChild(head.firstChild);
    head.appendChild(button);
    button.addEventListener('click', function () {
      var up = head.getAttribute('aria-sort') !== 'ascending';
      table.querySelectorAll('thead th').forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      Array.from(body.rows).map(function (row) {
        var cell = row.cells[column], known = cell.hasAttribute('data-value');
        return {row: row, number: known ? Number(cell.getAttribute('data-value')) : null, text: cell.textContent};
      }).sort(function (a, b) {
        if (!head.classList.contains('number')) {
          return a.text.localeCompare(b.text, undefined, {numeric: true}) * (up ? 1 : -1);
        }
        if (a.number === null || b.number === null) return (a.number === null) - (b.number === null);
        return (a.number - b.number) * (up ? 1 : -1);
      }).forEach(function (item) { body.appendChild(item.row); });
    });
  });
});
"""
