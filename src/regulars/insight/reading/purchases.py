"""From a shop's files to clean lines of purchases and refunds."""

from datetime import date

import ibis.expr.types as ir

from regulars.insight.engines import Engine
from regulars.insight.reading.amounts import survey_numbers
from regulars.insight.reading.causes import causes_named
from regulars.insight.reading.cleaning import clean
from regulars.insight.reading.columns import map_purchases, map_refunds
from regulars.insight.reading.currencies import (
    decimals_note,
    factor_of,
    known_target,
    own_units,
)
from regulars.insight.reading.date_survey import survey_dates
from regulars.insight.reading.judging import judged, with_refunds
from regulars.insight.reading.money import Money, money_of
from regulars.insight.reading.orders import (
    with_cells_of_orders,
    with_contacts,
)
from regulars.insight.reading.purchase_lines import PurchaseLines, count_up
from regulars.insight.reading.rates import read_rates
from regulars.insight.reading.rejects import CleanedRows
from regulars.insight.reading.selection import select
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Group, Tables, open_tables
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard

AMOUNT_COLUMNS = ("amount", "unit_price", "quantity", "margin", "refunded_amount")


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
    money = money_of(engine, tables, selections, rates=rates, target=target)
    cleaned, notes, unnamed = [], [*money.notes], 0
    for group, rows in zip(tables.groups, selections, strict=True):
        progress(gettext("Cleaning rows"))
        lines, said = cleaned_lines(engine, source, group, rows, money)
        notes += said
        unnamed += money.count_unnamed(engine, lines)
        lines = factor_of(engine, lines, currency=money.currency, rates=rates, others=money.others)
        lines = judged(
            lines,
            group,
            units=own_units(lines.currency, money.currency, money.counts),
            exactly=exactly,
            keep_nobody=keep_nobody,
            all_refunds=keep_nobody and refunds_suffice,
        )
        # What an order's lines come to together is known once their repeats are found.
        if not group.mapped.order_totals:
            lines = with_refunds(lines, group)
        cleaned.append(engine.save(lines, "lines"))
    progress(gettext("Looking for repeated lines"))
    return count_up(
        CleanedRows(engine=engine, tables=tables, cleaned=tuple(cleaned)),
        selections,
        source,
        currency=money.currency,
        notes=[*tables.notes, *notes, *money.unnamed_note(unnamed)],
        until=until,
        keep_until=keep_until,
        today=today,
        refunds_suffice=refunds_suffice,
    )


def cleaned_lines(
    engine: Engine, source: Source, group: Group, rows: ir.Table, money: Money
) -> tuple[ir.Table, list[str]]:
    """The rows of files of one kind with our columns and what their orders tell, and what was decided.

    Args:
        engine: Counts, and keeps each step that is needed several times.
        source: How the person wants them read.
        group: The files.
        rows: Those of their rows that count.
        money: What the amounts are in.
    """
    dates = survey_dates(
        engine,
        rows,
        group.mapped.columns["occurred_at"],
        timezone=source.timezone,
        day_first=source.day_first,
        american=money.currency == "USD",
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
    decimals = decimals_note(engine, lines, currency=money.currency, counts=money.counts)
    return lines, [*dates.notes, *numbers.notes, *decimals]
