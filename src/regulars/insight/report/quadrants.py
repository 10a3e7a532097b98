"""Spenders and senders: four groups, their picture and what each brings."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.report.quadrant_plot import draw_quadrants
from regulars.insight.report.section import Picture, Section
from regulars.insight.report.share_plot import draw_shares
from regulars.insight.report.wording import (
    QUADRANT_COLOURS,
    QUADRANT_MEANINGS,
    QUADRANT_SHAPES,
    basis,
    column,
    counts_revenue,
    horizon,
    money,
    quadrant_name,
    share_text,
)
from regulars.insight.result import ScoreResult
from regulars.insight.sender.quadrants import QUADRANTS
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text

FEWEST_FOR_SHARES = 20


@dataclass(frozen=True, kw_only=True)
class Group:
    """One of the four groups: how many they are, and what they spend and bring."""

    name: str
    meaning: str
    colour: str
    shape: str
    customers: str
    share: str
    spend: str
    sending: str


@dataclass(frozen=True, kw_only=True)
class Quadrants(Section):
    """The picture of everybody by what they spend and bring."""

    picture: Picture | None = None
    groups: tuple[Group, ...] = ()
    columns: tuple[str, ...] = ()
    caption: str = ""
    begin: str = ""


def build_quadrants(result: ScoreResult) -> Quadrants:
    """The groups where referrals are known; who spends how much where they are not."""
    heading = gettext("Spenders and senders")
    clv = column(result, "clv")
    if result.summary["ladder"] != "models" or clv is None:
        return Quadrants(
            anchor="groups",
            heading=heading,
            empty=gettext(
                "Your customers will be sorted here by what they are expected to spend and by whom "
                "they bring. That needs a forecast, and a forecast needs some dozens of people who "
                "came back at least once."
            ),
        )
    groups = result.summary["value"]["quadrants"]
    sending = column(result, "sender_value")
    if not groups or sending is None:
        return _without_referrals(result, heading, np.nan_to_num(clv))
    return Quadrants(
        anchor="groups",
        heading=heading,
        intro=(
            gettext(
                "Some people spend, some send others, and a few do both. Somebody who spends "
                "little and tells everyone can be worth more than the biggest spender."
            ),
        ),
        basis=basis(result),
        picture=draw_quadrants(result, np.nan_to_num(clv), np.nan_to_num(sending)),
        groups=tuple(_group(result, name, groups) for name in QUADRANTS),
        columns=(
            gettext("Group"),
            gettext("Customers"),
            gettext("Expected to spend in {horizon}").format(horizon=horizon(result)),
            gettext("Brings by sending others"),
        ),
        caption=gettext("The four groups"),
    )


def _without_referrals(result: ScoreResult, heading: str, clv: np.ndarray) -> Quadrants:
    begin = gettext(
        "The people who send others are still missing here. Ask every new customer “Who sent "
        "you?”, note it in a file with the columns sender_id, friend_id and occurred_at, and name "
        "that file with --referrals."
    )
    drawn = len(clv) >= FEWEST_FOR_SHARES and float(clv.sum()) > 0
    return Quadrants(
        anchor="groups",
        heading=heading,
        intro=(
            (
                gettext("How much of the revenue expected in {horizon} comes from whom.")
                if counts_revenue(result)
                else gettext("How much of the margin expected in {horizon} comes from whom.")
            ).format(horizon=horizon(result)),
        ),
        basis=basis(result),
        picture=draw_shares(clv) if drawn else None,
        begin=begin,
    )


def _group(result: ScoreResult, name: str, groups: dict[str, dict[str, float]]) -> Group:
    found = groups[name]
    everybody = sum(int(group["customers"]) for group in groups.values())
    return Group(
        name=quadrant_name(name),
        meaning=gettext(QUADRANT_MEANINGS[name]),
        colour=QUADRANT_COLOURS[name],
        shape=QUADRANT_SHAPES[name],
        customers=number_text(int(found["customers"])),
        share=share_text(int(found["customers"]) / everybody) if everybody else "",
        spend=money(result, found["clv"]),
        sending=money(result, found["sender_value"]),
    )
