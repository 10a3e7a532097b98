"""The report's first page in words only, for a terminal or a message."""

from dataclasses import dataclass

import pyarrow.compute as pc

from regulars.insight.report.changes import Difference, build_changes
from regulars.insight.report.headline import Headline, build_headline
from regulars.insight.report.people import Week, build_week, slipping_sentence
from regulars.insight.report.small_print import LeftOut, build_left_out
from regulars.insight.report.wording import money, person, quadrant_name
from regulars.insight.result import ScoreResult
from regulars.insight.sender.quadrants import QUADRANTS
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text

PEOPLE_SHOWN = 5
# What makes somebody one of the first of their group.
RANKED_BY = {"champion": "clv", "affluent": "clv", "advocate": "sender_value"}


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What matters most, in the language in use.

    Attributes:
        headline: Who keeps the business alive, with three figures.
        changes: What is different from an earlier run, or None without one.
        group_columns: What the groups' rows hold after the group's name.
        groups: A row each: name, customers, what is expected of them, what they brought; none
            below the rung of models.
        week: The first ten people to turn to.
        left_out: What was set aside, and what was kept with a doubt.
    """

    headline: Headline
    changes: Difference | None
    group_columns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    week: Week
    left_out: LeftOut


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A few people of one kind.

    Attributes:
        heading: What they are called together.
        sentences: One a person.
    """

    heading: str
    sentences: tuple[str, ...]


def findings(result: ScoreResult) -> Findings:
    """The findings of a run in words."""
    return Findings(
        headline=build_headline(result),
        changes=build_changes(result),
        group_columns=(
            gettext("customers"),
            gettext("expected of them"),
            gettext("brought and expected of friends"),
        ),
        groups=_groups(result),
        week=build_week(result),
        left_out=build_left_out(result),
    )


def _groups(result: ScoreResult) -> tuple[tuple[str, ...], ...]:
    groups = result.summary["value"]["quadrants"]
    if groups is None or result.summary["ladder"] != "models":
        return ()
    return tuple(
        (
            quadrant_name(name),
            number_text(groups[name]["customers"]),
            money(result, groups[name]["clv"]),
            money(result, groups[name]["sender_value"]),
        )
        for name in QUADRANTS
    )


def people_to_know(result: ScoreResult) -> tuple[Listed, ...]:
    """The first people of each group, and who is slipping away; no groups below the rung of models."""
    slipping = Listed(
        heading=gettext("Slipping away"),
        sentences=tuple(slipping_sentence(result, gone) for gone in result.slipping[:PEOPLE_SHOWN]),
    )
    if result.summary["value"]["quadrants"] is None or result.summary["ladder"] != "models":
        return (slipping,)
    return (*(_first_of(result, quadrant) for quadrant in RANKED_BY), slipping)


def _first_of(result: ScoreResult, quadrant: str) -> Listed:
    scores = result.scores
    people = scores.filter(pc.equal(scores.column("quadrant"), quadrant))
    first = people.sort_by([(RANKED_BY[quadrant], "descending")]).slice(0, PEOPLE_SHOWN)
    sentence = gettext("{name}: {own} expected from their own purchases, {brought} through friends")
    return Listed(
        heading=quadrant_name(quadrant),
        sentences=tuple(
            sentence.format(
                name=person(row["customer_name"], row["customer_id"]),
                own=money(result, row["clv"]),
                brought=money(result, row["sender_value"]),
            )
            for row in first.to_pylist()
        ),
    )
