"""Exports whose amount is an order's total: an order is one thing, whichever line says what of it.

Such exports write a line for each article. The order's total, its customer, day, currency and state
stand on one of the lines or on all of them, and what was given back likewise.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

FURTHER = "further_line"
ORDER = ("order_id", "customer_id", "day")


def tell_one_another(lines: ir.Table) -> ir.Table:
    """What a line of an order leaves empty is what the order's other lines say.

    Args:
        lines: As `regulars.insight.reading.cleaning.clean` gives them.

    Returns:
        Them, with ``has_total``: whether any line of the order has an amount that can be read.
    """
    lines = filled(lines, "customer_id", empty=lines.customer_empty, by=ORDER[:1])
    lines = filled(lines, "day", empty=lines.day_empty, by=ORDER[:2])
    lines = filled(lines, "currency", empty=lines.currency == "", by=ORDER)
    lines = filled(lines, "customer_name", empty=lines.customer_name.isnull(), by=ORDER)
    ordered = lines.order_id.notnull()
    return lines.mutate(
        has_total=ordered & lines.value.notnull().any().over(group_by=ORDER),
        cancelled=lines.cancelled | (ordered & lines.cancelled.any().over(group_by=ORDER)),
        wholly_refunded=lines.wholly_refunded
        | (ordered & lines.wholly_refunded.any().over(group_by=ORDER)),
    )


def filled(lines: ir.Table, column: str, *, empty: ir.BooleanValue, by: Sequence[str]) -> ir.Table:
    """The lines with a column's empty cells as other lines of the order have them, if those agree."""
    said = ibis.ifelse(empty, None, lines[column])
    least, most = said.min().over(group_by=by), said.max().over(group_by=by)
    agreed = empty & lines.order_id.notnull() & (least == most)
    return lines.mutate(**{column: ibis.ifelse(agreed, least, lines[column])})


def without_total(lines: ir.Table) -> ir.BooleanValue:
    """Whether a line has no amount because its order's total stands on another."""
    return lines.value.isnull() & lines.amount_empty & lines.has_total


def count_once(lines: ir.Table, *, keep_until: int) -> ir.Table:
    """The lines with one of each order's that counts; the others are further lines of it.

    Args:
        lines: Judged each by itself, with ``repeated``: those count as repeats and as nothing else.
        keep_until: The last day kept, days since 1970-01-01; a later line is late, whatever it is.
    """
    elsewhere = lines.repeated | (lines.day > keep_until)
    reason = ibis.ifelse((lines.reason == FURTHER) & elsewhere, None, lines.reason)
    lines = lines.mutate(reason=reason)
    lines = lines.mutate(stands=lines.reason.isnull() & ~lines.repeated)
    told_before = ibis.row_number().over(
        group_by=[*ORDER, "amount_minor", "stands"],
        # The same line whatever the order of rows: the one that tells the most.
        order_by=[
            ibis.desc("margin_minor", nulls_first=False),
            ibis.asc("customer_name", nulls_first=False),
            "file",
            "position",
        ],
    )
    again = lines.stands & lines.order_id.notnull() & (told_before > 0) & (lines.day <= keep_until)
    return lines.mutate(
        stands=lines.stands & ~again, reason=ibis.ifelse(again, FURTHER, lines.reason)
    )
