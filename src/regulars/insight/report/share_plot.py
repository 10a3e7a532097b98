"""The picture of who brings how much: customers in tenths, from the most to the least expected."""

import numpy as np

from regulars.insight.arrays import FloatArray
from regulars.insight.report.drawing import Canvas, Specification, axis, picture, ticks
from regulars.insight.report.section import Picture
from regulars.kernel.language import gettext
from regulars.kernel.words import list_text, number_text, percent_text

TENTHS = 10


def draw_shares(clv: FloatArray) -> Picture:
    """Ten bars, one for each tenth of the customers."""
    tenths = np.array_split(np.sort(clv)[::-1], TENTHS)
    shares = np.array([tenth.sum() for tenth in tenths]) / clv.sum()
    rows = [
        {"tenth": i + 1, "share": float(share), "text": percent_text(float(share))}
        for i, share in enumerate(shares)
    ]
    labels = [(float(i + 1), number_text(i + 1)) for i in range(TENTHS)]
    scale = ticks(float(shares.max()))

    def draw(_: Canvas) -> Specification:
        x = {
            "field": "tenth",
            "type": "ordinal",
            "axis": axis(None, labels, grid=False, labelAngle=0),
            "scale": {"paddingInner": 0.25},
        }
        y = {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [0, scale[-1]]},
            "axis": axis(None, [(at, percent_text(at)) for at in scale]),
        }
        return {
            "height": 240,
            "data": {"values": rows},
            "layer": [
                {"mark": {"type": "bar", "color": "var(--pine)"}},
                {
                    "mark": {"type": "text", "dy": -8, "color": "var(--ink)"},
                    "encoding": {"text": {"field": "text"}},
                },
            ],
            "encoding": {"x": x, "y": y},
        }

    first = percent_text(float(shares[0]))
    return picture(
        draw,
        identifier="shares",
        title=gettext("Who brings how much"),
        description=list_text([str(row["text"]) for row in rows]),
        caption=gettext(
            "Your customers in tenths, those with most to expect first: the first tenth is expected "
            "to bring {share}."
        ).format(share=first),
    )
