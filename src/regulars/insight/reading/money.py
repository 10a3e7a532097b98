"""In which one currency the amounts of a run's files are added up, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine, row_count
from regulars.insight.reading.cleaning import currency_of, told
from regulars.insight.reading.currencies import settle
from regulars.insight.reading.rates import Rates
from regulars.insight.reading.tables import Tables
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.money import is_currency
from regulars.kernel.words import number_text


@dataclass(frozen=True, kw_only=True)
class Money:
    """The one currency of all amounts, and how they come to it.

    Attributes:
        currency: ISO 4217, or None where no file names one and nobody asks for one.
        counts: Rows by the currency that they name, "" where they name none.
        rates: How to convert, or None.
        others: Whether some name another currency than the one, so that a cell left empty could be any.
        notes: What was decided, in words.
    """

    currency: str | None
    counts: Mapping[str, int]
    rates: Rates | None
    others: bool
    notes: tuple[str, ...]

    def count_unnamed(self, engine: Engine, lines: ir.Table) -> int:
        """How many amounts name no currency though others do."""
        if not self.counts.get("") or not (self._unnamed_are_open or self.currency in self.counts):
            return 0
        return row_count(engine, lines.filter((lines.currency == "") & lines.value.notnull()))

    def unnamed_note(self, rows: int) -> list[str]:
        """A word on them."""
        if self._unnamed_are_open:
            return open_note(rows)
        return unnamed_note(rows, self.currency)

    @property
    def _unnamed_are_open(self) -> bool:
        return self.rates is not None and self.others


def money_of(
    engine: Engine,
    tables: Tables,
    selections: list[ir.Table],
    *,
    rates: Rates | None,
    target: str | None,
) -> Money:
    """The money of some files.

    Args:
        engine: Counts.
        tables: The files.
        selections: Of each group of them, the rows that count.
        rates: How to convert, if asked for.
        target: The currency that the person wants.

    Raises:
        MixedCurrencies, NoRates, BadRates: The amounts cannot be added up; see `settle`.
    """
    counts = count_currencies(engine, tables, selections)
    currency, notes = settle(counts, rates, target)
    return Money(
        currency=currency,
        counts=counts,
        rates=rates,
        # Among several currencies a cell left empty could be any, unless the person said which.
        others=target is None and any(is_currency(code) and code != currency for code in counts),
        notes=(*notes, *dollar_note(tables, currency)),
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
