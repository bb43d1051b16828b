"""A bar chart as SVG: for each work one bar per entrant, as long as it is fast, beside the best peer's 1×."""

from xml.sax.saxutils import escape

COLORS = {
    "fovea": "#d1495b", "pytorch": "#3d7ea6", "tensorflow": "#e9a03b", "onnxruntime": "#6b8f71", "opencv": "#8d7f9e",
}  # fmt: skip
LEFT, WIDTH, BAR, GAP = 200, 560, 16, 14


def figure(value):
    """Three digits or more, as a person writes them."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def nice(limit):
    """A step that divides 0...limit into three to seven parts."""
    for step in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if limit / step <= 7:
            return step
    return limit / 5


def bars(groups, title, note):
    """`groups`: [(work, unit, [(entrant, label, value, speed relative to the best peer)])]."""
    limit = max([1.0] + [bar[3] for group in groups for bar in group[2]]) * 1.02
    height = 80 + sum(GAP + BAR * len(group[2]) for group in groups)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 230} {height}" '
        f'font-family="system-ui, DejaVu Sans, sans-serif" font-size="12" fill="#222">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="16" y="24" font-size="16" font-weight="600">{escape(title)}</text>',
        f'<text x="16" y="42" fill="#666">{escape(note)}</text>',
    ]
    scale = WIDTH / limit
    step = nice(limit)
    for index in range(int(limit / step) + 1):
        x = LEFT + index * step * scale
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="56" y2="{height - 22}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle" fill="#666">{index * step:g}×</text>')
    line = LEFT + scale
    parts.append(f'<line x1="{line:.1f}" x2="{line:.1f}" y1="56" y2="{height - 22}" stroke="#222" stroke-dasharray="4 3"/>')
    y = 60
    for work, unit, entries in groups:
        middle = y + BAR * len(entries) / 2 + 4
        parts.append(f'<text x="{LEFT - 10}" y="{middle:.1f}" text-anchor="end" font-weight="600">{escape(work)}</text>')
        for entrant, label, value, speed in entries:
            color = COLORS.get(entrant, "#999")
            text = f"{label}: {figure(value)} {unit} ({speed:.2f}×)"
            # Beside the bar, but never across the line of the best peer.
            end = max(speed, 1) * scale
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{max(speed * scale, 1):.1f}" height="{BAR - 3}" fill="{color}"/>'
                f'<text x="{LEFT + end + 5:.1f}" y="{y + BAR - 6}" font-size="10.5" fill="#444" '
                f'stroke="#fff" stroke-width="3" paint-order="stroke">{escape(text)}</text>'
            )
            y += BAR
        y += GAP
    return "\n".join(parts) + "\n</svg>\n"
