"""What became of the rows: how many count, how many do not and why, and on which days they fall."""

import re
from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_FILE, ROW_POSITION, Engine
from regulars.insight.errors import AllAfterUntil, AllDatesBad, NoPurchase, NoUsableRow
from regulars.insight.reading.orders import FURTHER_LINE
from regulars.insight.reading.rejects import reasons_in_words
from regulars.insight.reading.tables import Tables
from regulars.kernel.clock import day_of, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, number_text, percent_text

CROWD_SHARE = 0.2
CROWD_CUSTOMERS = 20


def rows_by_reason(engine: Engine, rows: ir.Table, tables: Tables) -> dict[str | None, int]:
    """How many rows there are for each reason to set them aside; None is for none.

    Args:
        engine: Counts.
        rows: With ``reason``, one row a row of the files.
        tables: The files, whose ragged lines are not among ``rows``.
    """
    found = engine.fetch(
        rows.group_by("reason").aggregate(rows=ibis._.count().cast("int64"))
    ).to_pylist()
    counts = {row["reason"]: row["rows"] for row in found}
    if tables.ragged:
        counts["ragged"] = len(tables.ragged)
    return counts


def reasons_among(counts: Mapping[str | None, int]) -> dict[str, int]:
    """The counts of `rows_by_reason` of rows that do not count at all."""
    return {reason: n for reason, n in counts.items() if reason not in {None, FURTHER_LINE}}


def count_days(
    engine: Engine, good: ir.Table, *, last: date, keep: date, refunds_suffice: bool = False
) -> dict[str, int]:
    """The first and last day of the lines, and counts of some of them.

    Args:
        engine: Counts.
        good: The lines that can be used.
        last: The last day that counts.
        keep: The last day that is kept.
        refunds_suffice: Whether files without a purchase can be used.

    Returns:
        ``first`` and ``last`` (days since 1970-01-01) and how many are ``late`` and ``purchases``.

    Raises:
        AllAfterUntil, NoPurchase: Nothing is left to sum up.
    """
    kept = good.day <= epoch_day(keep)
    found = engine.fetch(
        good.aggregate(
            late=(~kept).sum().cast("int64"),
            first=good.day.min(),
            last=ibis.ifelse(kept, good.day, None).max(),
            purchases=((good.day <= epoch_day(last)) & ~good.is_refund).sum().cast("int64"),
        )
    ).to_pylist()[0]
    if found["first"] > epoch_day(last):
        raise AllAfterUntil(until=last, first=day_of(found["first"]))
    if not found["purchases"] and not refunds_suffice:
        raise NoPurchase(until=last)
    return dict(found)


def last_day_of(engine: Engine, good: ir.Table, *, today: date | None) -> date:
    """The last day of the lines that is not after today; today where all are."""
    if today is not None:
        good = good.filter(good.day <= epoch_day(today))
    last = engine.fetch(good.aggregate(last=good.day.max()))["last"][0].as_py()
    return day_of(last) if last is not None or today is None else today


def last_day_note(last: date, *, later: int) -> str:
    """Which last day was found, and that the files go on."""
    note = (
        gettext(
            "The last day that counts is {day}, the last of the file that is not in the future."
        )
        if later
        else gettext("The last day that counts is the last of the file, {day}.")
    )
    return note.format(day=date_text(last))


def nothing_usable(
    engine: Engine, tables: Tables, selections: list[ir.Table], rejected: Mapping[str, int]
) -> AllDatesBad | NoUsableRow:
    """The error for files without a usable row: about the dates where it is they."""
    rows = sum(rejected.values())
    if rejected.get("bad_date", 0) == rows:
        column = tables.groups[0].mapped.columns["occurred_at"]
        rows_there = selections[0]
        written = rows_there.mutate(value=rows_there[column].cast("string"))
        some = written.filter(written.value != "").order_by(ROW_FILE, ROW_POSITION)
        first = engine.fetch(some.select("value").limit(1))["value"].to_pylist()
        return AllDatesBad(column=column, example=first[0] if first else "")
    return NoUsableRow(rows=number_text(rows), reasons=reasons_in_words(rejected))


def crowd_note(engine: Engine, good: ir.Table) -> list[str]:
    """A word on a customer so frequent that the id may stand for everybody who was not asked."""
    by_customer = (
        good.filter(good.customer_id != "")
        .group_by("customer_id")
        .aggregate(rows=ibis._.count().cast("int64"))
    )
    found = engine.fetch(
        by_customer.aggregate(
            customers=ibis._.count().cast("int64"),
            rows=by_customer.rows.sum().cast("int64"),
            most=by_customer.rows.max(),
            who=by_customer.customer_id.argmax(by_customer.rows),
        )
    ).to_pylist()[0]
    if found["customers"] < CROWD_CUSTOMERS or found["most"] < CROWD_SHARE * found["rows"]:
        return []
    note = gettext(
        "The customer “{customer}” has {percent} of all lines; if that stands for unknown customers, "
        "leave it out with --where."
    )
    percent = percent_text(found["most"] / found["rows"])
    return [note.format(customer=re.sub(r"\s+", " ", found["who"]), percent=percent)]
