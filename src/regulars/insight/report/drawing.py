"""From a Vega-Lite description to an SVG that stands in the page.

Colours are the page's own variables, so that one drawing serves light, dark and paper. All
words and numbers on axes are written here in the reader's language; Vega formats nothing.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import vl_convert
from markupsafe import Markup

from regulars.insight.report.section import Picture

Specification = dict[str, Any]
VEGA_LITE = "6.1"
# What Vega adds for readers who meet its drawing without a page around it. Ours is one image with
# one text alternative, and takes its font from the page.
NOISE = re.compile(
    r' (?:xmlns(?::xlink)?|version|class|aria-[a-z]+|role|font-family|pointer-events)="[^"]*"'
)
EMPTY_PATH = re.compile(r'<path(?: aria-hidden="true")?(?: d="[^"]*")? display="none"/>')
FULL_OPACITY = re.compile(r' (?:opacity|stroke-width)="1"')
OPENING = re.compile(r'<svg[^>]*viewBox="([^"]*)"[^>]*>')
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Canvas:
    """The size of a drawing, in CSS pixels, and of the letters in it."""

    width: int
    height: int
    font_size: int
    narrow: bool


WIDE = Canvas(760, 400, 13, narrow=False)
HALF_WIDTH = Canvas(440, 230, 12, narrow=False)  # two beside each other on a desk
NARROW = Canvas(335, 320, 12, narrow=True)
NARROW_TITLE = 42  # letters that fit beside each other below a narrow picture


def picture(
    draw: Callable[[Canvas], Specification],
    *,
    identifier: str,
    title: str,
    description: str,
    caption: str,
    desk: Canvas = WIDE,
) -> Picture:
    """Draw once for desks and once for phones.

    Args:
        draw: Gives the Vega-Lite description for a canvas.
        identifier: Unique in the page.
        title: The picture's name.
        description: What it shows, for those who do not see it.
        caption: What everybody reads below it.
        desk: The canvas for desks and paper.
    """
    wide, narrow = (
        svg(
            draw(canvas),
            canvas,
            identifier=f"{identifier}-{suffix}",
            title=title,
            description=description,
        )
        for canvas, suffix in ((desk, "wide"), (NARROW, "narrow"))
    )
    return Picture(wide=wide, narrow=narrow, caption=caption)


def svg(
    specification: Specification, canvas: Canvas, *, identifier: str, title: str, description: str
) -> Markup:
    """One drawing as an image element with a name and a text alternative."""
    drawn = vl_convert.vegalite_to_svg(_dressed(specification, canvas), vl_version=VEGA_LITE)
    opening = OPENING.search(drawn)
    if opening is None:
        msg = "the drawing has no view box"
        raise ValueError(msg)
    body = drawn[opening.end() :]
    body = TAG.sub(lambda tag: FULL_OPACITY.sub("", NOISE.sub("", tag.group())), body)
    body = EMPTY_PATH.sub("", body)
    head = Markup(
        '<svg viewBox="{box}" role="img" aria-labelledby="{id}-title {id}-text">'
        '<title id="{id}-title">{title}</title><desc id="{id}-text">{text}</desc>'
    ).format(box=opening.group(1), id=identifier, title=title, text=description)
    # Vega escapes every text it is given; the head is escaped by Markup.format.
    return head + Markup(body)  # noqa: S704


def axis(
    title: str | None,
    labels: Sequence[tuple[float, str]],
    *,
    canvas: Canvas = WIDE,
    grid: bool = True,
    **more: object,
) -> Specification:
    """An axis whose ticks carry words of ours.

    Args:
        title: What the axis measures, or None.
        labels: Position and text of each tick.
        canvas: A title that is too long for a narrow one stands on several lines.
        grid: Whether lines run through the picture.
        **more: Further Vega-Lite properties.
    """
    words = {_javascript_key(position): text for position, text in labels}
    return {
        "title": wrap(title, NARROW_TITLE, break_long_words=False)
        if title and canvas.narrow
        else title,
        "values": [position for position, _ in labels],
        "labelExpr": f"({json.dumps(words, ensure_ascii=True)})[datum.value]",
        "grid": grid,
        **more,
    }


def ticks(highest: float, *, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least ``highest``, about ``count`` steps."""
    if not highest > 0:
        return [0.0, 1.0]
    rough = highest / count
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= rough * (1 - 1e-9))
    return [round(step * i, 10) for i in range(math.ceil(highest / step - 1e-9) + 1)]


def _javascript_key(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _dressed(specification: Specification, canvas: Canvas) -> Specification:
    size = canvas.font_size
    return {
        "background": None,
        # The last word of an axis is wider in the font of the page than in the one measured with.
        "padding": {"left": 4, "top": 4, "right": 16, "bottom": 4},
        "width": canvas.width,
        "height": canvas.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {
            "view": {"stroke": None},
            "font": "sans-serif",
            "axis": {
                "labelColor": "var(--muted)",
                "labelFontSize": size,
                "labelPadding": 6,
                "titleColor": "var(--muted)",
                "titleFontSize": size,
                "titleFontWeight": "normal",
                "titlePadding": 10,
                "gridColor": "var(--line)",
                "domainColor": "var(--line-strong)",
                "ticks": False,
                "labelFlush": False,
                "labelOverlap": "greedy",
            },
            "text": {"fontSize": size},
        },
        **specification,
    }
