"""From a shop's files to clean lines of purchases and refunds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine, row_count, stacked
from regulars.insight.errors import NothingSelected
from regulars.insight.reading.amounts import survey_numbers
from regulars.insight.reading.causes import causes_named
from regulars.insight.reading.cleaning import clean, currency_of, judged, told, with_refunds
from regulars.insight.reading.columns import map_purchases, map_refunds
from regulars.insight.reading.currencies import (
    decimals_note,
    factor_of,
    known_target,
    own_units,
    read_rates,
    settle,
)
from regulars.insight.reading.dates import survey_dates
from regulars.insight.reading.orders import (
    FURTHER_LINE,
    with_cells_of_orders,
    with_contacts,
    with_each_total_once,
)
from regulars.insight.reading.rejects import CleanedRows
from regulars.insight.reading.repeats import Repeats, find_repeats
from regulars.insight.reading.selection import select
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Tables, open_tables
from regulars.insight.reading.tally import (
    count_days,
    crowd_note,
    last_day_note,
    last_day_of,
    nothing_usable,
    reasons_among,
    rows_by_reason,
)
from regulars.kernel.clock import day_of, epoch_day
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.money import is_currency
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import number_text

TALLIED = ("part", "customer_id", "day", "is_refund", "reason")
AMOUNT_COLUMNS = ("amount", "unit_price", "quantity", "margin", "refunded_amount")


@dataclass(frozen=True, kw_only=True)
class PurchaseLines:
    """Every row of the files, cleaned or with the reason why it is set aside.

    Attributes:
        rows: On disk; ``cleaned`` has the columns of `regulars.insight.reading.cleaning.CLEANED`.
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

    rows: CleanedRows
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
        return self.rows.that_count().drop(
            "reason", "bad_margin", "bad_refund_sum", "too_fine", "row_hash"
        )


def read_purchases(
    engine: Engine,
    source: Source,
    *,
    until: date | None = None,
    keep_until: date | None = None,
    today: date | None = None,
    refunds_suffice: bool = False,
    exactly: bool = False,
    keep_nobody: bool = False,
    progress: Progress = unheard,
) -> PurchaseLines:
    """Reads files of purchases.

    Args:
        engine: Where to compute.
        source: The files and how to read them.
        until: The last day that counts; None is the last day of the files.
        keep_until: The last day of the holdout after ``until``; None for no holdout.
        today: Later days are no last day of the files; None believes them all.
        refunds_suffice: Whether files without a purchase can be used.
        exactly: Whether amounts with more decimals than their currency are set aside instead of rounded.
        keep_nobody: Whether what tells of nobody counts, with "" as the customer: orders of a shop's export,
            and refunds that name their order; in files of refunds alone no column need tell who it was.
        progress: Told what is being done.

    Returns:
        The lines, on disk in the engine's workspace.

    Raises:
        RegularsError: The files cannot be used; see `regulars.insight.errors`.
    """
    map_columns = map_refunds if refunds_suffice and keep_nobody else map_purchases
    tables = open_tables(engine, source, map_columns=map_columns, progress=progress)
    with causes_named(engine, tables, condition=source.where):
        return clean_and_count(
            engine,
            source,
            tables,
            until=until,
            keep_until=keep_until,
            today=today,
            refunds_suffice=refunds_suffice,
            exactly=exactly,
            keep_nobody=keep_nobody,
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
    refunds_suffice: bool,
    exactly: bool,
    keep_nobody: bool,
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
    # Among several currencies a cell left empty could be any, unless the person said which.
    others = target is None and any(is_currency(code) and code != currency for code in counts)
    cleaned = []
    without_currency = left_open = 0
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
        if group.mapped.of_orders:
            # Each step is needed several times, and costs a look at every order.
            cells = engine.table([engine.save(lines, "cells")])
            cells = with_cells_of_orders(cells, totals=group.mapped.order_totals)
            lines = engine.table([engine.save(cells, "orders")])
        if group.mapped.contacts:
            lines = engine.table([engine.save(with_contacts(lines), "contacts")])
        notes += [*dates.notes, *numbers.notes]
        notes += decimals_note(engine, lines, currency=currency, counts=counts)
        if counts.get(""):
            unnamed = lines.filter((lines.currency == "") & lines.value.notnull())
            if rates and others:
                left_open += row_count(engine, unnamed)
            elif currency in counts:
                without_currency += row_count(engine, unnamed)
        lines = factor_of(engine, lines, currency=currency, rates=rates, others=others)
        units = own_units(lines.currency, currency, counts)
        lines = judged(
            lines,
            group,
            units=units,
            exactly=exactly,
            keep_nobody=keep_nobody,
            all_refunds=keep_nobody and refunds_suffice,
        )
        # What an order's lines come to together is known once their repeats are found.
        if not group.mapped.order_totals:
            lines = with_refunds(lines, group)
        cleaned.append(engine.save(lines, "lines"))
    notes += [*unnamed_note(without_currency, currency), *open_note(left_open)]
    progress(gettext("Looking for repeated lines"))
    return count_up(
        CleanedRows(engine=engine, tables=tables, cleaned=tuple(cleaned)),
        selections,
        source,
        currency=currency,
        notes=[*tables.notes, *notes],
        until=until,
        keep_until=keep_until,
        today=today,
        refunds_suffice=refunds_suffice,
    )


def count_currencies(engine: Engine, tables: Tables, selections: list[ir.Table]) -> dict[str, int]:
    """Rows by the currency that they name, "" where they name none."""
    counts: dict[str, int] = {}
    for group, rows in zip(tables.groups, selections, strict=True):
        # What came to nothing is in no currency.
        asked = rows.filter(~told(rows, group.mapped.cancelled))
        codes = asked.select(code=currency_of(asked, group)).group_by("code")
        for row in engine.fetch(codes.aggregate(rows=ibis._.count().cast("int64"))).to_pylist():
            counts[row["code"]] = counts.get(row["code"], 0) + row["rows"]
    return counts


def dollar_note(tables: Tables, currency: str | None) -> list[str]:
    """A word on which dollar is meant, where only a sign tells."""
    signs = any("currency" not in group.mapped.columns for group in tables.groups)
    if currency != "USD" or not signs:
        return []
    return [gettext("“$” is read as US dollars; map a currency column for another dollar.")]


def unnamed_note(rows: int, currency: str | None) -> list[str]:
    """A word on amounts that name no currency among others that do."""
    if not rows:
        return []
    said = ngettext(
        "{rows} amount names no currency and is taken as {currency}.",
        "{rows} amounts name no currency and are taken as {currency}.",
        rows,
    )
    return [said.format(rows=number_text(rows), currency=currency)]


def open_note(rows: int) -> list[str]:
    """A word on amounts that could be in any of several currencies."""
    if not rows:
        return []
    said = ngettext(
        "{rows} amount names no currency and could be in any; if it is one, say which with --currency.",
        "{rows} amounts name no currency and could be in any; if they are one, say which with "
        "--currency.",
        rows,
    )
    return [said.format(rows=number_text(rows))]


def with_orders_once(cleaned: CleanedRows, repeats: Repeats) -> CleanedRows:
    """The rows, those of files whose amounts are totals of orders with each order once."""
    engine = cleaned.engine
    paths: list[Path] = []
    for group, path in zip(cleaned.tables.groups, cleaned.cleaned, strict=True):
        if not group.mapped.order_totals:
            paths.append(path)
            continue
        lines = repeats.marked(engine, engine.table([path]))
        lines = with_each_total_once(lines, keep_until=cleaned.keep_until)
        lines = engine.table([engine.save(lines, "orders")])
        paths.append(engine.save(with_refunds(lines, group), "lines"))
    return replace(cleaned, cleaned=tuple(paths))


def each_row_once(cleaned: CleanedRows) -> ir.Table:
    """The rows of the files, without the lines of refunds that some of them also stand for."""
    return stacked(cleaned.engine, cleaned.cleaned, TALLIED).filter(ibis._.part == 0)


def odd_cells(cleaned: CleanedRows) -> dict[str, int]:
    """How many rows that count have a margin, or a sum given back, that cannot be read, or were rounded."""
    counting = cleaned.that_count()
    counting = counting.filter(counting.part == 0)
    counted = counting.aggregate(
        bad_margin=counting.bad_margin.sum().cast("int64"),
        bad_refund_sum=counting.bad_refund_sum.sum().cast("int64"),
        currency_precision=counting.too_fine.sum().cast("int64"),
    )
    return dict(cleaned.engine.fetch(counted).to_pylist()[0])


def count_up(
    cleaned: CleanedRows,
    selections: list[ir.Table],
    source: Source,
    *,
    currency: str | None,
    notes: list[str],
    until: date | None,
    keep_until: date | None,
    today: date | None,
    refunds_suffice: bool,
) -> PurchaseLines:
    """Counts what became of the rows, and settles the last day.

    Raises:
        NothingSelected: The condition leaves no row.
        NoUsableRow, AllDatesBad, AllAfterUntil, NoPurchase: Nothing is left to sum up.
    """
    engine, tables = cleaned.engine, cleaned.tables
    counts = rows_by_reason(engine, each_row_once(cleaned), tables)
    selected = sum(counts.values())
    if not selected:
        raise NothingSelected(condition=source.where)
    if not counts.get(None):
        raise nothing_usable(engine, tables, selections, reasons_among(counts))
    usable = each_row_once(cleaned).filter(ibis._.reason.isnull())
    last = until or last_day_of(engine, usable, today=today)
    keep = max(last, keep_until or last)
    repeats = find_repeats(engine, tables, cleaned.cleaned, keep_until=epoch_day(keep))
    cleaned = replace(cleaned, repeated=repeats.path, keep_until=epoch_day(keep))
    if any(group.mapped.order_totals for group in tables.groups):
        cleaned = with_orders_once(cleaned, repeats)
        counts = rows_by_reason(engine, each_row_once(cleaned), tables)
    good = each_row_once(cleaned).filter(ibis._.reason.isnull())
    found = count_days(engine, good, last=last, keep=keep, refunds_suffice=refunds_suffice)
    rejected = reasons_among(counts)
    rejected |= {"after_until": found["late"], "repeated_line": repeats.lines}
    kept = {
        FURTHER_LINE: counts.get(FURTHER_LINE, 0),
        "repeated_row": repeats.rows,
        **odd_cells(cleaned),
    }
    if until is None:
        notes = [*notes, last_day_note(last, later=found["late"])]
    read = sum(row_count(engine, group.rows(engine)) for group in tables.groups)
    return PurchaseLines(
        rows=cleaned,
        currency=currency,
        columns=frozenset(column for group in tables.groups for column in group.mapped.columns),
        notes=(*dict.fromkeys(notes), *crowd_note(engine, good)),
        rows_read=read + len(tables.ragged),
        rows_selected=selected,
        rejected={reason: n for reason, n in sorted(rejected.items()) if n},
        kept={reason: n for reason, n in kept.items() if n},
        until=last,
        keep_until=keep,
        last_day=day_of(found["last"]),
    )
