"""Everybody as a dot: to the right who spends more, further up who brings more by sending others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.urls import reverse

from regulars.console.segments.words import list_address
from regulars.console.shown.names import name_of
from regulars.insight.report.quadrant_plot import Scale
from regulars.insight.report.wording import (
    QUADRANT_COLOURS,
    QUADRANT_MEANINGS,
    QUADRANT_SHAPES,
    quadrant_name,
)
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.money import amount_text, major
from regulars.kernel.words import number_text, percent_text
from regulars.scoring.core import VALUES
from regulars.scoring.everybody import Dots
from regulars.scoring.models import Run, Score
from regulars.scoring.ready_made import Selection

DOTS_DRAWN, NAMED_IN_TABLE = 400, 12
RIGHT, TOP, BOTTOM = 8, 26, 46
RADIUS = 5.0
PLOT = (("wide", 760, 460, 84), ("narrow", 350, 380, 78))  # and where the axis stands


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One customer.

    Attributes:
        address: Of their page.
        path: As SVG draws it.
        colour: Of their quadrant.
        told: Who they are and why they stand there.
    """

    address: str
    path: str
    colour: str
    told: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Corner:
    """The name of a quadrant where it lies."""

    address: str
    name: str
    colour: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """The picture for one width."""

    size: str
    width: int
    height: int
    left: float
    right: float
    top: float
    foot: float
    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    cut_x: float
    cut_y: float
    corners: tuple[Corner, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """One of the four: how many, and what they do."""

    address: str
    name: str
    meaning: str
    colour: str
    shape: str
    customers: str
    share: str


@dataclass(frozen=True)
class Standing:
    """Somebody who stands out, as a row of the table."""

    address: str
    name: str
    group: str
    spends: str
    brings: str
    friends: str


def groups_of(customers: Mapping[str, int]) -> tuple[Group, ...]:
    """The four groups with how many they are."""
    everybody = sum(customers.values())
    return tuple(
        Group(
            address=list_address(Selection(value=value)),
            name=quadrant_name(value),
            meaning=gettext(QUADRANT_MEANINGS[value]),
            colour=QUADRANT_COLOURS[value],
            shape=QUADRANT_SHAPES[value],
            customers=number_text(customers.get(value, 0)),
            share=percent_text(customers.get(value, 0) / everybody) if everybody else "",
        )
        for value in VALUES
    )


class Drawing:
    """A run's dots, ready to be drawn at any size."""

    def __init__(self, run: Run, dots: Dots, names: Mapping[UUID, str]) -> None:
        self.currency = run.currency or None
        cuts = run.summary["value"]["cuts"]
        self.expects = cuts["basis"] == "clv"
        self.names = names
        self.scores = [one for one in dots.scores if one.customer_id in names]
        spends = np.array([major(self._spending(one), self.currency) for one in self.scores])
        brings = np.array([major(one.sender_value or 0, self.currency) for one in self.scores])
        self.across, self.up = Scale(spends, cuts["clv"]), Scale(brings, cuts["sender_value"])
        self.places = list(
            zip(self.across.place(spends), self.up.place(brings), self.scores, strict=True)
        )

    def plot(self, size: str, width: int, height: int, left: int) -> Plot:
        """The picture at one size."""
        foot = height - BOTTOM

        def x(place: float) -> float:
            return _between(place, self.across.domain, left, width - RIGHT)

        def y(place: float) -> float:
            return _between(place, self.up.domain, foot, TOP)

        cut_x, cut_y = x(self.across.cut), y(self.up.cut)
        return Plot(
            size=size,
            width=width,
            height=height,
            left=left,
            right=width - RIGHT,
            top=TOP,
            foot=foot,
            dots=tuple(
                self._dot(x(place_x), y(place_y), one) for place_x, place_y, one in self.places
            ),
            across=_ticks(self.across, x, self.currency, apart=92),
            up=_ticks(self.up, y, self.currency, apart=26),
            cut_x=round(cut_x, 1),
            cut_y=round(cut_y, 1),
            corners=_corners(left, width, cut_y),
        )

    def outstanding(self) -> tuple[Standing, ...]:
        """Those who spend most and those who bring most, as rows."""
        ranked = sorted(self.scores, key=lambda one: -self._spending(one))[:NAMED_IN_TABLE]
        ranked += sorted(self.scores, key=lambda one: -(one.sender_value or 0))[:NAMED_IN_TABLE]
        return tuple(
            Standing(
                address=_address(one),
                name=self.names[one.customer_id],
                group=quadrant_name(one.quadrant),
                spends=self._money(self._spending(one)),
                brings=self._money(one.sender_value or 0),
                friends=number_text(one.friends or 0),
            )
            for one in dict.fromkeys(ranked)
        )

    def _dot(self, x: float, y: float, one: Score) -> Dot:
        return Dot(
            address=_address(one),
            path=_shape(QUADRANT_SHAPES[one.quadrant], x, y),
            colour=QUADRANT_COLOURS[one.quadrant],
            told=gettext("{name}: {spends}, {sends}").format(
                name=self.names[one.customer_id],
                spends=self._money(self._spending(one)),
                sends=ngettext(
                    "brought {count} person worth {amount}",
                    "brought {count} people worth {amount}",
                    one.friends or 0,
                ).format(
                    count=number_text(one.friends or 0), amount=self._money(one.sender_value or 0)
                ),
            ),
        )

    def _spending(self, one: Score) -> int:
        return (one.clv if self.expects else one.value_to_date) or 0

    def _money(self, minor: int) -> str:
        return amount_text(minor, self.currency)


def names_of(customers: Sequence[tuple[UUID, str]]) -> Mapping[UUID, str]:
    """How some are called."""
    return {one: name_of(name) for one, name in customers}


def _address(one: Score) -> str:
    return reverse("customer", kwargs={"customer_id": one.customer_id})


def _between(place: float, domain: Sequence[float], start: float, end: float) -> float:
    return start + (place - domain[0]) / (domain[1] - domain[0]) * (end - start)


def _ticks(
    scale: Scale, place: Callable[[float], float], currency: str | None, *, apart: float
) -> tuple[Tick, ...]:
    """The marks of an axis, as many as stand apart."""
    kept: list[Tick] = []
    for at, text in scale.labels(currency):
        tick = Tick(round(place(at), 1), text)
        if not kept or abs(tick.at - kept[-1].at) >= apart:
            kept.append(tick)
    return tuple(kept)


def _corners(left: int, width: int, cut_y: float) -> tuple[Corner, ...]:
    places = {
        "champion": (width - RIGHT - 6, TOP + 14, "end"),
        "advocate": (left + 8, TOP + 14, "start"),
        "affluent": (width - RIGHT - 6, cut_y + 20, "end"),
        "other": (left + 8, cut_y + 20, "start"),
    }
    return tuple(
        Corner(
            list_address(Selection(value=value)),
            quadrant_name(value),
            QUADRANT_COLOURS[value],
            round(x, 1),
            round(y, 1),
            anchor,
        )
        for value, (x, y, anchor) in places.items()
    )


def _shape(shape: str, x: float, y: float) -> str:
    """A mark of equal weight whatever its shape."""
    r = RADIUS
    if shape == "diamond":
        reach = f"{1.35 * r:.1f}"
        sides = f"l{reach} {reach}-{reach} {reach}-{reach}-{reach}Z"
        return f"M{x:.1f} {y - 1.35 * r:.1f}{sides}"
    if shape == "square":
        side = f"{1.8 * r:.1f}"
        return f"M{x - 0.9 * r:.1f} {y - 0.9 * r:.1f}h{side}v{side}h-{side}Z"
    if shape == "triangle-up":
        return f"M{x:.1f} {y - 1.2 * r:.1f}l{1.15 * r:.1f} {2 * r:.1f}h-{2.3 * r:.1f}Z"
    arc = f"a{r:.1f} {r:.1f} 0 1 0"
    return f"M{x - r:.1f} {y:.1f}{arc} {2 * r:.1f} 0{arc}-{2 * r:.1f} 0Z"
