"""From a shop's files to clean lines of purchases and refunds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine
from regulars.insight.errors import (
    AllAfterUntil,
    AllDatesBad,
    NoPurchase,
    NothingSelected,
    NoUsableRow,
)
from regulars.insight.reading.amounts import survey_numbers
from regulars.insight.reading.causes import causes_named
from regulars.insight.reading.cleaning import clean, currency_of, judged
from regulars.insight.reading.columns import map_purchases
from regulars.insight.reading.currencies import (
    decimals_note,
    factor_of,
    known_target,
    read_rates,
    settle,
)
from regulars.insight.reading.dates import survey_dates
from regulars.insight.reading.rejects import reasons_in_words, write_rejected
from regulars.insight.reading.repeats import find_repeats
from regulars.insight.reading.selection import select
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Tables, open_tables
from regulars.kernel.clock import day_of, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import date_text, number_text, percent_text

AMOUNT_COLUMNS = ("amount", "unit_price", "quantity", "margin", "refunded_amount")
CROWD_SHARE = 0.2
CROWD_CUSTOMERS = 20


@dataclass(frozen=True, kw_only=True)
class PurchaseLines:
    """Every row of the files, cleaned or with the reason why it is set aside.

    Attributes:
        engine: Holds the lines.
        tables: The files they come from.
        cleaned: Parquet in the workspace, one row a row of the files: ``file, position, part,
            customer_id, customer_name, order_id, refund_of, day, amount_minor, is_refund,
            margin_minor, bad_margin, row_hash, reason``.
        repeated: Parquet with ``file, position`` of rows that repeat an earlier line of their
            order exactly, or None.
        currency: The one currency of all amounts, ISO 4217, or None where no file names one.
        columns: Our columns that some file has.
        notes: What was guessed and decided, in the language in use.
        rows_read: Rows in the files, with the ragged lines.
        rows_selected: Rows that fulfil ``--where``, with the ragged lines, whose cells nobody knows.
        rejected: Rows set aside, by reason.
        kept: Rows that look odd and do no harm, by reason.
        until: The last day that counts; the last day of the files that is not in the future unless
            one was asked for.
        keep_until: The last day that is kept, for a holdout; not before ``until``.
        last_day: The last purchase or refund of the files within ``keep_until``.
    """

    engine: Engine
    tables: Tables
    cleaned: tuple[Path, ...]
    repeated: Path | None
    currency: str | None
    columns: frozenset[str]
    notes: tuple[str, ...]
    rows_read: int
    rows_selected: int
    rejected: Mapping[str, int]
    kept: Mapping[str, int] = field(default_factory=dict)
    until: date
    keep_until: date
    last_day: date

    def table(self) -> ir.Table:
        """The lines that count, with the columns of ``cleaned`` but for the reason."""
        lines = self.engine.table(self.cleaned)
        lines = lines.filter(lines.reason.isnull() & (lines.day <= epoch_day(self.keep_until)))
        if self.repeated is not None:
            repeated = self.engine.table([self.repeated])
            lines = lines.anti_join(repeated, ["file", "position"])
        return lines.drop("reason", "bad_margin", "row_hash")

    def write_rejects(self, path: Path) -> int:
        """Writes every row that was set aside to a CSV: file, line, reason, then its own cells.

        Args:
            path: The file to write.

        Returns:
            How many rows it holds.
        """
        return write_rejected(
            path,
            engine=self.engine,
            tables=self.tables,
            cleaned=self.cleaned,
            repeated=self.repeated,
            keep_until=epoch_day(self.keep_until),
        )


def read_purchases(
    engine: Engine,
    source: Source,
    *,
    until: date | None = None,
    keep_until: date | None = None,
    today: date | None = None,
    progress: Progress = unheard,
) -> PurchaseLines:
    """Reads files of purchases.

    Args:
        engine: Where to compute.
        source: The files and how to read them.
        until: The last day that counts; None is the last day of the files.
        keep_until: The last day of the holdout after ``until``; None for no holdout.
        today: Later days are no last day of the files; None believes them all.
        progress: Told what is being done.

    Returns:
        The lines, on disk in the engine's workspace.

    Raises:
        RegularsError: The files cannot be used; see `regulars.insight.errors`.
    """
    tables = open_tables(engine, source, map_columns=map_purchases, progress=progress)
    with causes_named(engine, tables, condition=source.where):
        return clean_and_count(
            engine,
            source,
            tables,
            until=until,
            keep_until=keep_until,
            today=today,
            progress=progress,
        )


def clean_and_count(
    engine: Engine,
    source: Source,
    tables: Tables,
    *,
    until: date | None,
    keep_until: date | None,
    today: date | None,
    progress: Progress,
) -> PurchaseLines:
    """Cleans every row of the tables and counts what became of it; see `read_purchases`."""
    target = known_target(source.target_currency)
    rates = (
        read_rates(engine, source.currency_rates, target=target) if source.currency_rates else None
    )
    progress(gettext("Looking at dates and amounts"))
    selections = [
        select(engine, group.rows(engine), source.where, text=group.text) for group in tables.groups
    ]
    counts = count_currencies(engine, tables, selections)
    currency, notes = settle(counts, rates, target)
    notes += dollar_note(tables, currency)
    others = any(is_currency(code) and code != currency for code in counts)
    cleaned = []
    for group, rows in zip(tables.groups, selections, strict=True):
        progress(gettext("Cleaning rows"))
        dates = survey_dates(
            engine,
            rows,
            group.mapped.columns["occurred_at"],
            timezone=source.timezone,
            day_first=source.day_first,
            american=currency == "USD",
        )
        numbers = survey_numbers(
            engine,
            rows,
            [group.mapped.columns[c] for c in AMOUNT_COLUMNS if c in group.mapped.columns],
            decimal=source.decimal,
            delimiter=group.delimiter,
        )
        lines = clean(rows, group, dates, numbers)
        notes += [*dates.notes, *numbers.notes]
        notes += decimals_note(engine, lines, currency=currency, counts=counts)
        lines = factor_of(engine, lines, currency=currency, rates=rates, others=others)
        cleaned.append(engine.save(judged(lines, group), "lines"))
    progress(gettext("Looking for repeated lines"))
    return count_up(
        engine,
        tables,
        tuple(cleaned),
        selections=selections,
        source=source,
        currency=currency,
        notes=[*tables.notes, *notes],
        until=until,
        keep_until=keep_until,
        today=today,
    )


def count_currencies(engine: Engine, tables: Tables, selections: list[ir.Table]) -> dict[str, int]:
    """Rows by the currency that they name, "" where they name none."""
    counts: dict[str, int] = {}
    for group, rows in zip(tables.groups, selections, strict=True):
        codes = rows.select(code=currency_of(rows, group)).group_by("code")
        for row in engine.fetch(codes.aggregate(rows=ibis._.count().cast("int64"))).to_pylist():
            counts[row["code"]] = counts.get(row["code"], 0) + row["rows"]
    return counts


def dollar_note(tables: Tables, currency: str | None) -> list[str]:
    """A word on which dollar is meant, where only a sign tells."""
    signs = any("currency" not in group.mapped.columns for group in tables.groups)
    if currency != "USD" or not signs:
        return []
    return [gettext("“$” is read as US dollars; map a currency column for another dollar.")]


def count_up(
    engine: Engine,
    tables: Tables,
    cleaned: tuple[Path, ...],
    *,
    selections: list[ir.Table],
    source: Source,
    currency: str | None,
    notes: list[str],
    until: date | None,
    keep_until: date | None,
    today: date | None,
) -> PurchaseLines:
    """Counts what became of the rows, and settles the last day.

    Raises:
        NothingSelected: The condition leaves no row.
        NoUsableRow, AllDatesBad, AllAfterUntil, NoPurchase: Nothing is left to sum up.
    """
    lines = engine.table(cleaned)
    rows = lines.filter(lines.part == 0)
    by_reason = {
        row["reason"]: row["rows"]
        for row in engine.fetch(
            rows.group_by("reason").aggregate(rows=ibis._.count().cast("int64"))
        ).to_pylist()
    }
    if tables.ragged:
        by_reason["ragged"] = len(tables.ragged)
    selected = sum(by_reason.values())
    if not selected:
        raise NothingSelected(condition=source.where)
    kept = {reason: by_reason.pop(reason) for reason in ("further_line",) if reason in by_reason}
    usable = by_reason.pop(None, 0)
    if not usable:
        raise nothing_usable(engine, tables, selections, by_reason, selected)
    good = lines.filter(lines.reason.isnull() & (lines.part == 0))
    last = until or last_day_of(engine, good, today=today)
    keep = max(last, keep_until or last)
    found = count_days(engine, good, last=last, keep=keep)
    repeated, repeated_lines, repeated_rows = find_repeats(
        engine, tables, cleaned, keep_until=epoch_day(keep)
    )
    rejected = {**by_reason, "after_until": found["late"], "repeated_line": repeated_lines}
    kept |= {"repeated_row": repeated_rows, "bad_margin": found["bad_margins"]}
    if until is None:
        notes = [*notes, last_day_note(last, later=found["late"])]
    return PurchaseLines(
        engine=engine,
        tables=tables,
        cleaned=cleaned,
        repeated=repeated,
        currency=currency,
        columns=frozenset(column for group in tables.groups for column in group.mapped.columns),
        notes=(*dict.fromkeys(notes), *crowd_note(engine, good)),
        rows_read=rows_in(engine, tables) + len(tables.ragged),
        rows_selected=selected,
        rejected={reason: n for reason, n in sorted(rejected.items()) if n},
        kept={reason: n for reason, n in kept.items() if n},
        until=last,
        keep_until=keep,
        last_day=day_of(found["last"]),
    )


def count_days(engine: Engine, good: ir.Table, *, last: date, keep: date) -> dict[str, int]:
    """The first and last day of the lines, and counts of some of them.

    Args:
        engine: Counts.
        good: The lines that can be used.
        last: The last day that counts.
        keep: The last day that is kept.

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
            bad_margins=(good.bad_margin & kept).sum().cast("int64"),
        )
    ).to_pylist()[0]
    if found["first"] > epoch_day(last):
        raise AllAfterUntil(until=last.isoformat(), first=day_of(found["first"]).isoformat())
    if not found["purchases"]:
        raise NoPurchase(until=last.isoformat())
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


def rows_in(engine: Engine, tables: Tables) -> int:
    """How many rows the files hold."""
    return sum(
        int(
            engine.fetch(group.rows(engine).aggregate(rows=ibis._.count().cast("int64")))["rows"][
                0
            ].as_py()
        )
        for group in tables.groups
    )


def nothing_usable(
    engine: Engine,
    tables: Tables,
    selections: list[ir.Table],
    by_reason: Mapping[str, int],
    selected: int,
) -> AllDatesBad | NoUsableRow:
    """The error for files without a usable row: about the dates where it is they."""
    if by_reason.get("bad_date", 0) == selected:
        column = tables.groups[0].mapped.columns["occurred_at"]
        first = engine.fetch(
            selections[0].select(value=selections[0][column].cast("string")).limit(1)
        )
        return AllDatesBad(column=column, example=first["value"][0].as_py() or "")
    return NoUsableRow(rows=number_text(selected), reasons=reasons_in_words(by_reason))


def crowd_note(engine: Engine, good: ir.Table) -> list[str]:
    """A word on a customer so frequent that the id may stand for everybody who was not asked."""
    by_customer = good.group_by("customer_id").aggregate(rows=ibis._.count().cast("int64"))
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
