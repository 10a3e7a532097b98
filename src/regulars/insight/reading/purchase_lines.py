"""The lines of purchases and refunds that files hold, and what became of each of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import row_count, stacked
from regulars.insight.errors import NothingSelected
from regulars.insight.reading.judging import with_refunds
from regulars.insight.reading.orders import (
    FURTHER_LINE,
    with_each_total_once,
)
from regulars.insight.reading.rejects import CleanedRows
from regulars.insight.reading.repeats import Repeats, find_repeats
from regulars.insight.reading.source import Source
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

TALLIED = ("part", "customer_id", "day", "is_refund", "reason")


@dataclass(frozen=True, kw_only=True)
class PurchaseLines:
    """Every row of the files, cleaned or with the reason why it is set aside.

    Attributes:
        rows: On disk; ``cleaned`` has the columns of `regulars.insight.reading.judging.CLEANED`.
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
