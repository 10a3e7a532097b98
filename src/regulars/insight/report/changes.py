"""What is different from an earlier run."""

from dataclasses import dataclass

from regulars.insight.report.section import Section, Table
from regulars.insight.report.wording import horizon, money, person, quadrant_name
from regulars.insight.result import Changes, Movement, Mover, ScoreResult
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import date_text, list_text, number_text, percent_text

MOVEMENTS_SHOWN = 6
PEOPLE_SHOWN = 5
ASSUMPTIONS = {
    "horizon_weeks": mark("how far ahead"),
    "margin": mark("what is left of each unit of revenue"),
    "discount_yearly": mark("what a year's wait costs"),
    "decay": mark("how much credit is passed on"),
    "model": mark("the purchase model"),
}


@dataclass(frozen=True, kw_only=True)
class Difference(Section):
    """Totals before and now, and who rose and fell."""

    totals: Table
    movements: tuple[str, ...] = ()
    risen: Table | None = None
    fallen: Table | None = None


def build_changes(result: ScoreResult) -> Difference | None:
    """The comparison, or None where there is nothing to compare with."""
    changes = result.changes
    if changes is None:
        return None
    earlier = date_text(changes.earlier_as_of)
    now = date_text(result.settings.until)
    return Difference(
        anchor="changes",
        heading=gettext("What has changed since {date}").format(date=earlier),
        intro=(*_warning(changes), *_trend(result, changes)),
        totals=_totals(result, changes, earlier, now),
        movements=tuple(_moved(one) for one in _largest(changes)),
        risen=_people(result, gettext("Worth more than before"), changes.risen, earlier, now),
        fallen=_people(result, gettext("Worth less than before"), changes.fallen, earlier, now),
    )


def _warning(changes: Changes) -> list[str]:
    """That the runs assumed different things, where they did."""
    if not changes.assumptions_differ:
        return []
    names = [gettext(ASSUMPTIONS[name]) for name in changes.assumptions_differ]
    return [
        gettext(
            "Take care: the two runs did not assume the same ({differences}). What differs here "
            "may come from that and not from your customers."
        ).format(differences=list_text(names))
    ]


def _trend(result: ScoreResult, changes: Changes) -> list[str]:
    """How what is expected has moved; nothing where there was nothing to start from."""
    before, now = changes.spender_total_before, changes.spender_total_now
    if before is None:
        return [gettext("The earlier run had no forecast to compare with.")]
    if now is None:
        return [gettext("This run has no forecast to compare with the earlier one's.")]
    if before <= 0:
        return []
    share = percent_text(abs(now - before) / before)
    if share == percent_text(0):
        same = gettext("What is expected of your customers in {horizon} is the same as then.")
        return [same.format(horizon=horizon(result))]
    told = (
        gettext("What is expected of your customers in {horizon} has grown by {share}.")
        if now >= before
        else gettext("What is expected of your customers in {horizon} has fallen by {share}.")
    )
    return [told.format(horizon=horizon(result), share=share)]


def _totals(result: ScoreResult, changes: Changes, earlier: str, now: str) -> Table:
    rows = [
        (
            gettext("Customers"),
            number_text(changes.customers_before),
            number_text(changes.customers_now),
        )
    ]
    for name, before, after in (
        (
            gettext("Expected of them"),
            changes.spender_total_before,
            changes.spender_total_now,
        ),
        (
            gettext("Of that, thanks to those who sent others"),
            changes.sender_total_before,
            changes.sender_total_now,
        ),
    ):
        if before is not None and after is not None:
            rows.append((name, money(result, before), money(result, after)))
    return Table(
        caption=gettext("Then and now"), columns=(gettext("Figure"), earlier, now), rows=tuple(rows)
    )


def _largest(changes: Changes) -> list[Movement]:
    moved = [one for one in changes.movements if one.before != one.after and one.customers]
    return sorted(moved, key=lambda one: -one.customers)[:MOVEMENTS_SHOWN]


def _moved(one: Movement) -> str:
    count = number_text(one.customers)
    if one.before == "new":
        return ngettext(
            "{count} is new among the {after}.", "{count} are new among the {after}.", one.customers
        ).format(count=count, after=quadrant_name(one.after))
    if one.after == "gone":
        return ngettext(
            "{count} of the {before} is no longer in the file.",
            "{count} of the {before} are no longer in the file.",
            one.customers,
        ).format(count=count, before=quadrant_name(one.before))
    return ngettext(
        "{count} went from {before} to {after}.",
        "{count} went from {before} to {after}.",
        one.customers,
    ).format(count=count, before=quadrant_name(one.before), after=quadrant_name(one.after))


def _people(
    result: ScoreResult,
    caption: str,
    people: tuple[Mover, ...],
    earlier: str,
    now: str,
) -> Table | None:
    if not people:
        return None
    return Table(
        caption=caption,
        columns=(gettext("Customer"), earlier, now),
        rows=tuple(
            (
                person(mover.customer_name, mover.customer_id),
                money(result, mover.clv_before),
                money(result, mover.clv_now),
            )
            for mover in people[:PEOPLE_SHOWN]
        ),
    )
