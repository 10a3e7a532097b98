"""From lines to orders, and from orders to purchase days: what the models call a purchase."""

import ibis
import ibis.expr.types as ir


def purchase_days(purchases: ir.Table, *, until: int, with_orders: bool) -> ir.Table:
    """The days on which customers bought.

    Lines of one order are one purchase, on the day of its first line.

    Args:
        purchases: Lines that are no refunds.
        until: Days since 1970-01-01; what is paid later adds no value.
        with_orders: Whether any line may have an order's id.

    Returns:
        ``customer_id, day, orders, net_minor, margin_minor``, one row a customer and day.
    """
    counted = purchases.mutate(
        net_minor=ibis.ifelse(purchases.day <= until, purchases.amount_minor, 0),
        margin_minor=ibis.ifelse(purchases.day <= until, purchases.margin_minor, None),
    )
    alone = counted.filter(counted.order_id.isnull()) if with_orders else counted
    single = alone.group_by("customer_id", "day").aggregate(
        orders=ibis._.count().cast("int64"), **SUMS
    )
    if not with_orders:
        return single
    orders = (
        counted.filter(counted.order_id.notnull())
        .group_by("customer_id", "order_id")
        .aggregate(day=ibis._.day.min(), **SUMS)
    )
    in_orders = orders.group_by("customer_id", "day").aggregate(
        orders=ibis._.count().cast("int64"), **SUMS
    )
    return add_up(single.union(in_orders))


def add_up(days: ir.Table) -> ir.Table:
    """One row a customer and day."""
    return days.group_by("customer_id", "day").aggregate(
        orders=ibis._.orders.sum().cast("int64"), **SUMS
    )


SUMS = {
    "net_minor": ibis._.net_minor.sum().cast("int64"),
    "margin_minor": ibis._.margin_minor.sum().cast("int64"),
}
