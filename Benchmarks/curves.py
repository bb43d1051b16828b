"""Curves as SVG, in the style of the bar chart: columns of two panels, time above and memory below."""

import math
from xml.sax.saxutils import escape

import chart

LEFT, WIDTH, HEIGHT, GAP = 64, 330, 210, 36
TOP, ROW = 84, 17


def decades(low, high):
    """Ticks of a logarithmic axis, 1, 2 and 5 of each power of ten where there are few of these."""
    steps = (1, 2, 5) if math.log10(high / low) < 2.5 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in steps if low * 0.999 <= step * 10.0**power <= high * 1.001]


def widened(values):
    """The least range of 1-2-5 ticks that holds all values, and one step at least."""
    steps = [step * 10.0**power for power in range(-4, 10) for step in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values) * 1.001)
    high = min(step for step in steps if step >= max(values) * 0.999 and step > low)
    return low, high


def evenly(high):
    """Ticks of an axis from 0, the last of them at or above `high`."""
    step = next(step * 10.0**power for power in range(-3, 8) for step in (1, 2, 5) if high / (step * 10.0**power) <= 5)
    return [index * step for index in range(math.ceil(high / step - 1e-9) + 1)]


def thousands(value):
    """1,000,000 as 1M, 10,000 as 10k, others as they are."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size and value % size == 0:
            return f"{value // size:g}{letter}"
    return f"{value:g}"


def thinned(values, most=7):
    """So many of the values that their labels do not touch: every second, every third, …, counted from the last."""
    step = -(-len(values) // most)
    return [value for index, value in enumerate(reversed(values)) if index % step == 0]


def panel(curves, kind, x0, y0, axis, title):
    """One panel; `curves` hold points by `kind`, of which "time" has a logarithmic axis and "memory" one from 0."""
    points = [point for curve in curves for point in curve[kind]]
    if not points:
        return []
    xs, ys = sorted({x for x, _ in points}), [y for _, y in points]
    left, right = math.log10(xs[0]), math.log10(xs[-1]) if len(xs) > 1 else math.log10(xs[0]) + 1
    if kind == "time":
        low, high = widened(ys)
        ticks = decades(low, high)
        place = lambda value: y0 + HEIGHT * (1 - math.log(value / low) / math.log(high / low))  # noqa: E731
    else:
        ticks = evenly(max(ys))
        place = lambda value: y0 + HEIGHT * (1 - value / ticks[-1])  # noqa: E731
    across = lambda value: x0 + 8 + (WIDTH - 16) * (math.log10(value) - left) / (right - left)  # noqa: E731
    parts = [f'<text x="{x0}" y="{y0 - 10}" font-weight="600">{escape(title)}</text>']
    for tick in ticks:
        y = place(tick)
        parts.append(f'<line x1="{x0}" x2="{x0 + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#666">{tick:,g}</text>')
    for x in thinned(xs):
        parts.append(f'<line x1="{across(x):.1f}" x2="{across(x):.1f}" y1="{y0}" y2="{y0 + HEIGHT}" stroke="#eee"/>')
        parts.append(f'<text x="{across(x):.1f}" y="{y0 + HEIGHT + 16}" text-anchor="middle" fill="#666">{thousands(x)}</text>')
    parts.append(f'<text x="{x0 + WIDTH / 2}" y="{y0 + HEIGHT + 33}" text-anchor="middle" fill="#666">{escape(axis)}</text>')
    for curve in curves:
        line = " ".join(f"{across(x):.1f},{place(y):.1f}" for x, y in curve[kind])
        dash = ' stroke-dasharray="5 4"' if curve["dashed"] else ""
        parts.append(f'<polyline points="{line}" fill="none" stroke="{curve["color"]}" stroke-width="2"{dash}/>')
        fill = "#fff" if curve["dashed"] else curve["color"]
        for x, y in curve[kind]:
            hint = f"{curve['name']}, {x:,}: {chart.figure(y)}"
            parts.append(
                f'<circle cx="{across(x):.1f}" cy="{place(y):.1f}" r="3" fill="{fill}" stroke="{curve["color"]}" '
                f'stroke-width="1.5"><title>{escape(hint)}</title></circle>'
            )
    return parts


def legend(curves, x, y):
    parts = []
    # Two columns: pairs of one work stand side by side.
    second = max([WIDTH / 2] + [len(curve["name"]) * 5.8 + 44 for curve in curves[::2]])
    for index, curve in enumerate(curves):
        left, top = x + index % 2 * second, y + index // 2 * ROW
        dash = ' stroke-dasharray="5 4"' if curve["dashed"] else ""
        fill = "#fff" if curve["dashed"] else curve["color"]
        parts.append(
            f'<line x1="{left}" x2="{left + 24}" y1="{top - 4}" y2="{top - 4}" stroke="{curve["color"]}" stroke-width="2"{dash}/>'
            f'<circle cx="{left + 12}" cy="{top - 4}" r="3" fill="{fill}" stroke="{curve["color"]}" stroke-width="1.5"/>'
            f'<text x="{left + 30}" y="{top}" font-size="11">{escape(curve["name"])}</text>'
        )
    return parts


def sheet(columns, title):
    """`columns`: [{"title", "note", "axis", "curves": [{"name", "color", "dashed", "time": [(x, y)], "memory"}]}]."""
    rows = max([-(-len(column["curves"]) // 2) for column in columns], default=0)
    first = TOP + rows * ROW + 34
    second = first + HEIGHT + 84
    width = max(1, len(columns)) * (LEFT + WIDTH + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {second + HEIGHT + 50}" '
        f'font-family="system-ui, DejaVu Sans, sans-serif" font-size="12" fill="#222">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="16" y="26" font-size="16" font-weight="600">{escape(title)}</text>',
    ]
    for index, column in enumerate(columns):
        x = index * (LEFT + WIDTH + GAP) + LEFT
        parts.append(f'<text x="{x}" y="52" font-size="14" font-weight="600">{escape(column["title"])}</text>')
        parts.append(f'<text x="{x}" y="68" fill="#666" font-size="11">{escape(column["note"])}</text>')
        parts += legend(column["curves"], x, TOP + 8)
        parts += panel(column["curves"], "time", x, first, column["axis"], "Time of an image, µs")
        parts += panel(column["curves"], "memory", x, second, column["axis"], "Peak memory, MB")
    return "\n".join(parts) + "\n</svg>\n"
