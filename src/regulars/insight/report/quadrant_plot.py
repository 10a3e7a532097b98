"""The picture of everybody by what they spend (to the right) and what they bring (up).

Both axes are logarithmic; whoever brings or spends next to nothing stands in a strip at the edge.
Many customers are gathered into marks sized by their number, so that a million draw as quickly as
a hundred.
"""

import math
import unicodedata
from typing import Any

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.report.drawing import Canvas, Specification, axis, picture
from regulars.insight.report.section import Picture
from regulars.insight.report.wording import (
    QUADRANT_COLOURS,
    QUADRANT_SHAPES,
    horizon,
    person,
    quadrant_name,
)
from regulars.insight.result import ScoreResult
from regulars.insight.sender.quadrants import QUADRANTS
from regulars.kernel.language import gettext
from regulars.kernel.money import money_text
from regulars.kernel.words import list_text, number_text, shortened

Rows = list[dict[str, Any]]
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
ONE_MARK_EACH_UP_TO = 250
DECADES_SHOWN = 3.5
SMALLEST_AMOUNT = 1e-9
STRIP = 0.3  # decades below the axis' foot where "next to nothing" stands
CELL_PIXELS = 13
SMALLEST_MARK, LARGEST_MARK, NAMED_MARK = 18.0, 260.0, 90.0
OTHER = QUADRANTS.index("other")
LABELLED = {"champion": 3, "advocate": 2, "affluent": 2}
LABEL_CHARACTERS = 22
LETTER_WIDTH = 0.58  # of the font size


class Scale:
    """Amounts as decades, with a foot below which everything stands in the strip."""

    def __init__(self, amounts: FloatArray, cut: float | None) -> None:
        positive = amounts[amounts > 0]
        highest = float(positive.max()) if len(positive) else 1.0
        highest = max(highest, cut or 0.0, SMALLEST_AMOUNT)
        lowest = float(np.quantile(positive, 0.02)) if len(positive) else highest / 10
        foot = max(math.log10(max(lowest, SMALLEST_AMOUNT)), math.log10(highest) - DECADES_SHOWN)
        self.foot = min(foot, math.log10(highest) - 1.0)
        if cut:
            self.foot = min(self.foot, math.log10(cut) - 0.5)
        self.top = math.log10(highest) + 0.12
        self.cut = math.log10(cut) if cut else self.top

    def place(self, amounts: FloatArray) -> FloatArray:
        """Where amounts stand, in decades."""
        shown: FloatArray = np.log10(np.maximum(amounts, 10.0 ** (self.foot - STRIP)))
        return np.where(shown < self.foot, self.foot - STRIP / 2, shown)

    @property
    def domain(self) -> list[float]:
        """From the outer edge of the strip to the top."""
        return [self.foot - STRIP, self.top]

    def labels(self, currency: str | None) -> list[tuple[float, str]]:
        """The edge strip and every power of ten in sight."""
        powers = range(math.ceil(self.foot), math.floor(self.top) + 1)
        low = [(round(self.foot - STRIP / 2, 6), gettext("almost none"))]
        return low + [
            (float(power), money_text(10.0**power, currency, digits=max(0, -power)))
            for power in powers
        ]


def draw_quadrants(result: ScoreResult, clv: FloatArray, sending: FloatArray) -> Picture:
    """The plot of spender value against sender value, with the cuts between the groups."""
    cuts = result.summary["value"]["cuts"]
    # A cut is missing where nobody is beyond it; it then stands at the far edge.
    across, up = Scale(clv, cuts["clv"]), Scale(sending, cuts["sender_value"])
    groups = _group_codes(result)
    x, y = across.place(clv), up.place(sending)
    cut = (across.cut, up.cut)
    named = _most_valuable(clv, sending, groups)
    names = dict(zip(named.tolist(), _names(result, named), strict=True))

    def draw(canvas: Canvas) -> Specification:
        marks = _marks(x, y, groups, across, up, canvas, single=named)
        places = {row: (float(x[row]), float(y[row])) for row in names}
        labels = _labels(places, names, across, up, canvas, cut[1])
        return _specification(result, canvas, marks, labels, cut, (across, up))

    counts = [
        gettext("{group}: {count}").format(
            group=quadrant_name(quadrant), count=number_text(int((groups == place).sum()))
        )
        for place, quadrant in enumerate(QUADRANTS)
    ]
    return picture(
        draw,
        identifier="groups",
        title=gettext("Everybody by what they spend and what they bring"),
        description=list_text(counts),
        caption=gettext(
            "To the right: expected to spend more. Further up: brings more by sending others, so "
            "far and in {horizon}. Larger marks stand for more people."
        ).format(horizon=horizon(result)),
    )


def _group_codes(result: ScoreResult) -> IntArray:
    encoded = result.scores.column("quadrant").combine_chunks().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    codes = np.array(
        [QUADRANTS.index(word) if word in QUADRANTS else OTHER for word in words] + [OTHER]
    )
    indices = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    chosen: IntArray = codes[indices.astype(np.int64)]
    return chosen


def _most_valuable(clv: FloatArray, sending: FloatArray, groups: IntArray) -> IntArray:
    """The first few of each group, by what makes their group, the champions first."""
    chosen = []
    for quadrant, count in LABELLED.items():
        rows = np.flatnonzero(groups == QUADRANTS.index(quadrant))
        worth = {"affluent": clv, "advocate": sending}.get(quadrant)
        ranked = (np.sqrt(clv * sending) if worth is None else worth)[rows]
        chosen.append(rows[np.argsort(-ranked, kind="stable")[:count]])
    return np.concatenate(chosen).astype(np.int64)


def _names(result: ScoreResult, rows: IntArray) -> list[str]:
    held = result.scores.take(rows)
    ids = held.column("customer_id").to_pylist()
    known = "customer_name" in held.column_names
    names = held.column("customer_name").to_pylist() if known else [None] * len(ids)
    return [
        person(shortened(name or identifier, LABEL_CHARACTERS), identifier)
        for name, identifier in zip(names, ids, strict=True)
    ]


def _marks(
    x: FloatArray,
    y: FloatArray,
    groups: IntArray,
    across: Scale,
    up: Scale,
    canvas: Canvas,
    *,
    single: IntArray,
) -> Rows:
    """One mark a customer where they are few, one a cell of the plane and group where many.

    Whoever is named in the picture keeps a mark of their own.
    """
    alone = np.zeros(len(x), dtype=bool)
    alone[single] = True
    own = single
    if len(x) <= ONE_MARK_EACH_UP_TO:
        own, alone = np.arange(len(x)), np.ones(len(x), dtype=bool)
    together = _gathered(x[~alone], y[~alone], groups[~alone], across, up, canvas)
    return together + [
        _mark(float(x[row]), float(y[row]), int(groups[row]), NAMED_MARK) for row in own
    ]


def _gathered(
    x: FloatArray,
    y: FloatArray,
    groups: IntArray,
    across: Scale,
    up: Scale,
    canvas: Canvas,
) -> Rows:
    if not len(x):
        return []
    columns, rows = canvas.width // CELL_PIXELS, canvas.height // CELL_PIXELS
    column_of = _cell(x, across.domain, columns)
    row_of = _cell(y, up.domain, rows)
    cells, inverse = np.unique((groups * columns + column_of) * rows + row_of, return_inverse=True)
    count = np.bincount(inverse)
    mean_x, mean_y = np.bincount(inverse, x) / count, np.bincount(inverse, y) / count
    share = np.sqrt((count - 1) / max(int(count.max()) - 1, 1))
    size = SMALLEST_MARK + (LARGEST_MARK - SMALLEST_MARK) * share
    group = cells // (columns * rows)
    return [
        _mark(float(mean_x[i]), float(mean_y[i]), int(group[i]), float(size[i]))
        for i in np.argsort(-size, kind="stable")
    ]


def _mark(x: float, y: float, group: int, size: float) -> dict[str, Any]:
    return {"x": round(x, 3), "y": round(y, 3), "group": QUADRANTS[group], "size": round(size, 1)}


def _cell(place: FloatArray, domain: list[float], cells: int) -> IntArray:
    share = (place - domain[0]) / (domain[1] - domain[0])
    return np.clip((share * cells).astype(np.int64), 0, cells - 1)


def _labels(
    places: dict[int, tuple[float, float]],
    names: dict[int, str],
    across: Scale,
    up: Scale,
    canvas: Canvas,
    cut_up: float,
) -> Rows:
    """Names beside their marks, as many as fit without lying on one another."""
    size = canvas.font_size
    taken = _corner_boxes(canvas, canvas.height - _pixel(cut_up, up.domain, canvas.height))
    points = {
        row: (
            _pixel(x, across.domain, canvas.width),
            canvas.height - _pixel(y, up.domain, canvas.height),
        )
        for row, (x, y) in places.items()
    }
    taken += [(left - 6, top - 6, left + 6, top + 6) for left, top in points.values()]
    labels: Rows = []
    for row, name in names.items():
        left, top = points[row]
        width = LETTER_WIDTH * size * sum(_is_wide(letter) for letter in name)
        for side, start in (("right", left + 10), ("left", left - width - 10)):
            box = (start, top - size * 0.8, start + width, top + size * 0.8)
            outside = start < 0 or start + width > canvas.width
            if outside or any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            x, y = places[row]
            labels.append({"x": x, "y": y, "name": name, "side": side})
            break
    return labels


def _corner_boxes(canvas: Canvas, cut_top: float) -> list[Box]:
    """Where the groups' own names stand."""
    width, height = 8 * canvas.font_size, 2 * canvas.font_size
    return [
        (left, top, left + width, top + height)
        for left in (0.0, float(canvas.width - width))
        for top in (0.0, cut_top)
    ]


def _is_wide(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Mn", "Me", "Cf"}


def _pixel(place: float, domain: list[float], pixels: int) -> float:
    return (place - domain[0]) / (domain[1] - domain[0]) * pixels


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _specification(
    result: ScoreResult,
    canvas: Canvas,
    marks: Rows,
    labels: Rows,
    cut: tuple[float, float],
    scales: tuple[Scale, Scale],
) -> Specification:
    across, up = scales
    x: Specification = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": across.domain, "nice": False, "zero": False},
        "axis": axis(
            gettext("Expected to spend in {horizon}").format(horizon=horizon(result)),
            across.labels(result.currency),
            canvas=canvas,
            titleAlign="right",
            titleAnchor="end",
        ),
    }
    y: Specification = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": up.domain, "nice": False, "zero": False},
        "axis": axis(
            gettext("Brings by sending others"),
            up.labels(result.currency),
            titleAlign="left",
            titleAngle=0,
            titleAnchor="end",
            titleX=0,
            titleY=-14,
            titleBaseline="bottom",
        ),
    }
    return {
        "layer": [
            _cut_line("x", x, cut[0]),
            _cut_line("y", y, cut[1]),
            {
                "data": {"values": marks},
                "mark": {"type": "point", "filled": True, "opacity": 0.65},
                "encoding": {
                    "x": x,
                    "y": y,
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                    "color": _nominal({q: f"var(--{c})" for q, c in QUADRANT_COLOURS.items()}),
                    "shape": _nominal(QUADRANT_SHAPES),
                },
            },
            *_corners(x, y, scales, cut),
            *(_texts(labels, x, y, side) for side in ("left", "right")),
        ],
    }


def _nominal(words: dict[str, str]) -> Specification:
    scale = {"domain": list(words), "range": list(words.values())}
    return {"field": "group", "type": "nominal", "scale": scale, "legend": None}


def _cut_line(channel: str, encoding: Specification, place: float) -> Specification:
    return {
        "data": {"values": [{channel: place}]},
        "mark": {
            "type": "rule",
            "strokeDash": [4, 4],
            "color": "var(--line-strong)",
            "strokeWidth": 1.5,
        },
        "encoding": {channel: encoding},
    }


def _corners(
    x: Specification, y: Specification, scales: tuple[Scale, Scale], cut: tuple[float, float]
) -> Rows:
    """The groups' names in the corners of the plane where they live."""
    across, up = scales
    left, right = across.domain[0], across.domain[1]
    high = up.domain[1]
    corners = {
        "champion": (right, high, "right", 14),
        "advocate": (left, high, "left", 14),
        "affluent": (right, cut[1], "right", 14),
        "other": (left, cut[1], "left", 14),
    }
    return [
        {
            "data": {"values": [{"x": a, "y": b, "name": quadrant_name(quadrant)}]},
            "mark": {
                "type": "text",
                "align": side,
                "dx": 6 if side == "left" else -6,
                "dy": dy,
                "fontWeight": "bold",
                "color": f"var(--{QUADRANT_COLOURS[quadrant]}-ink)",
                **HALO,
            },
            "encoding": {"x": x, "y": y, "text": {"field": "name"}},
        }
        for quadrant, (a, b, side, dy) in corners.items()
    ]


# Drawn as a stroke below the letters by the page's style (paint-order).
HALO = {"stroke": "var(--paper)", "strokeWidth": 4, "strokeJoin": "round"}


def _texts(labels: Rows, x: Specification, y: Specification, side: str) -> Specification:
    return {
        "data": {"values": [label for label in labels if label["side"] == side]},
        "mark": {
            "type": "text",
            "align": "right" if side == "left" else "left",
            "dx": -10 if side == "left" else 10,
            "color": "var(--ink)",
            **HALO,
        },
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }
