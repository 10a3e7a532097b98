"""From lines to orders, and from orders to purchase days: what the models call a purchase."""

import ibis
import ibis.expr.types as ir


def purchase_days(
    purchases: ir.Table, *, until: int, with_orders: bool, with_margin: bool
) -> ir.Table:
    """The days on which customers bought.

    Lines of one order are one purchase, on the day of its first line.

    Args:
        purchases: Lines that are no refunds.
        until: Days since 1970-01-01; what is paid later adds no value.
        with_orders: Whether any line may have an order's id.
        with_margin: Whether any line may have a margin.

    Returns:
        ``customer_id, day, orders, net_minor, margin_minor``, one row a customer and day; the margin
        is null unless that of every line is known.
    """
    sums = {"net_minor": ibis._.net_minor.sum().cast("int64")}
    if with_margin:
        sums["margin_minor"] = sum_if_all_known(ibis._.margin_minor)
    counted = purchases.mutate(
        net_minor=ibis.ifelse(purchases.day <= until, purchases.amount_minor, 0),
        margin_minor=ibis.ifelse(purchases.day <= until, purchases.margin_minor, 0),
    )
    orders = counted.select("customer_id", "day", *sums)
    if with_orders:
        of_several_lines = (
            counted.filter(counted.order_id.notnull())
            .group_by("customer_id", "order_id")
            .aggregate(day=ibis._.day.min(), **sums)
        )
        alone = counted.filter(counted.order_id.isnull())
        columns = ("customer_id", "day", *sums)
        orders = of_several_lines.select(*columns).union(alone.select(*columns))
    days = orders.group_by("customer_id", "day").aggregate(
        orders=ibis._.count().cast("int64"), **sums
    )
    return days if with_margin else days.mutate(margin_minor=ibis.null("int64"))


def sum_if_all_known(values: ir.IntegerValue) -> ir.IntegerValue:
    """The sum of a group, null where any of its values is."""
    return ibis.ifelse(values.isnull().any(), None, values.sum()).cast("int64")
