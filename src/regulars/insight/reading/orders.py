"""Exports whose amount is an order's total: an order is one thing, whichever line says what of it.

Such exports write a line for each article. The order's total, its customer, day, currency and state
stand on any one of the lines or on all of them, and what was given back likewise.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

FURTHER_LINE = "further_line"
ORDER = ("order_id", "customer_id", "day")


def with_cells_of_orders(lines: ir.Table, *, totals: bool) -> ir.Table:
    """The lines with what one leaves empty filled in from the other lines of its order.

    Numbers begin again, and two shops number alike, so customer and day are filled only where no
    line contradicts: the customer from lines of the same number and day, and the day from lines of the same
    number and customer. An order is cancelled, or wholly refunded, on each of its lines if
    it is on one.

    Args:
        lines: As `regulars.insight.reading.cleaning.clean` gives them.
        totals: Whether the amount is the order's, so that different ones speak of different orders.
    """
    # Lines without a number are no order; in a window they would all be one.
    orders, others = lines.filter(lines.order_id.notnull()), lines.filter(lines.order_id.isnull())
    number, amount = ("order_id",), "value" if totals else None
    of_day = orders.customer_empty & orders.day.notnull()
    orders = filled(orders, "customer_id", empty=of_day, by=("order_id", "day"), alike=(amount,))
    unknown = orders.customer_empty & orders.customer_id.isnull()
    orders = filled(orders, "customer_id", empty=unknown, by=number, alike=("day", amount))
    whose = ("order_id", "customer_id")
    orders = filled(orders, "day", empty=orders.day_empty, by=whose, alike=(amount,))
    orders = filled(orders, "currency", empty=orders.currency == "", by=ORDER)
    orders = filled(orders, "customer_name", empty=orders.customer_name.isnull(), by=ORDER)
    if totals:
        orders = with_margins_of_orders(orders)
    orders = orders.mutate(
        cancelled=orders.cancelled.any().over(group_by=ORDER),
        wholly_refunded=orders.wholly_refunded.any().over(group_by=ORDER),
    )
    return orders.union(others)


def with_contacts(lines: ir.Table) -> ir.Table:
    """The lines, whoever has no id being known by an address or a phone instead.

    Where the files give that to one customer with an id and to no other, it is theirs.

    Args:
        lines: With ``otherwise``: what else tells who it is, on any of an order's lines.
    """
    orders, others = lines.filter(lines.order_id.notnull()), lines.filter(lines.order_id.isnull())
    unsaid = orders.customer_id.isnull() & orders.otherwise.isnull()
    lines = filled(orders, "otherwise", empty=unsaid, by=("order_id", "day")).union(others)
    reached, rest = lines.filter(lines.otherwise.notnull()), lines.filter(lines.otherwise.isnull())
    reached = filled(reached, "customer_id", empty=reached.customer_id.isnull(), by=("otherwise",))
    reached = reached.mutate(customer_id=reached.customer_id.fill_null(reached.otherwise))
    return reached.union(rest)


def with_margins_of_orders(lines: ir.Table) -> ir.Table:
    """The lines with the largest margin of their order on each, those of refunds apart."""
    lines = lines.mutate(is_refund=lines.is_refund.fill_null(False))  # noqa: FBT003  (a value of SQL)
    alike = [*ORDER, "is_refund"]
    said = (~lines.margin_empty).any().over(group_by=alike)
    return lines.mutate(margin=lines.margin.max().over(group_by=alike), margin_empty=~said)


def filled(
    lines: ir.Table,
    column: str,
    *,
    empty: ir.BooleanValue,
    by: Sequence[str],
    alike: Sequence[str | None] = (),
) -> ir.Table:
    """The lines with a column's empty cells as other lines have them, where those agree.

    Args:
        lines: Of orders.
        column: To fill.
        empty: Whether its cell is to be filled.
        by: The columns in which the other lines are the same.
        alike: Further columns in which none of them may differ from another; None is no column.
    """
    said = ibis.ifelse(empty, None, lines[column])
    least = said.min().over(group_by=by)
    agreed = empty & (least == said.max().over(group_by=by))
    for other in alike:
        if other is not None:
            values = lines[other]
            low, high = values.min().over(group_by=by), values.max().over(group_by=by)
            agreed = agreed & (low.isnull() | (low == high))
    return lines.mutate(**{column: ibis.ifelse(agreed, least, lines[column])})


def with_further_lines(lines: ir.Table) -> ir.Table:
    """The lines, those without an amount being further lines where their order's total counts.

    Args:
        lines: With ``reason`` and ``amount_empty``.
    """
    counts = lines.reason.isnull().any().over(group_by=ORDER)
    further = (
        lines.order_id.notnull() & (lines.reason == "bad_amount") & lines.amount_empty & counts
    )
    return lines.mutate(reason=ibis.ifelse(further, FURTHER_LINE, lines.reason))


def with_each_total_once(lines: ir.Table, *, keep_until: int) -> ir.Table:
    """The lines with each total of an order on one; the others are further lines of it.

    Which line of one total stands for it does not depend on the order of rows.

    Args:
        lines: Judged each by itself (`regulars.insight.reading.judging.judged`), with ``repeated``:
            such a line counts as a repeat and as nothing else.
        keep_until: The last day kept, days since 1970-01-01; a later line is late, whatever it is.

    Returns:
        The lines with ``reason`` and ``stands`` settled.
    """
    late = lines.day > keep_until
    without_total = lines.reason == FURTHER_LINE
    reason = ibis.ifelse(without_total & (lines.repeated | late), None, lines.reason)
    # A late refund of an order's own stands: what its sum gave back was not given back before.
    lines = lines.mutate(stands=lines.reason.isnull() & ~lines.repeated, late=late, reason=reason)
    told_before = ibis.row_number().over(
        group_by=[*ORDER, "amount_minor", "stands"],
        order_by=[
            ibis.desc("margin_minor", nulls_first=False),
            ibis.desc("bad_margin"),
            ibis.asc("customer_name", nulls_first=False),
            ibis.asc("refund_of", nulls_first=False),
            "file",
            "position",
        ],
    )
    again = lines.stands & lines.order_id.notnull() & (told_before > 0)
    further = again & ~lines.late
    return lines.mutate(
        stands=lines.stands & ~again, reason=ibis.ifelse(further, FURTHER_LINE, lines.reason)
    )
