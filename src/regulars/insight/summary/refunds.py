"""Refunds find the purchase day whose value they reduce.

In order: the order that the refund names; its own order (neither more than a week later than the
refund); the k-th refund of an amount belongs to the k-th purchase line of the same amount that those
did not settle; else the customer's latest purchase day before it. What was bought before the files
begin reduces nothing.
"""

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine
from regulars.kernel.clock import OUT_OF_ORDER_DAYS

KEYS = ("file", "position", "part")
FOUND = ("matched_day", "matched_order", "order_minor", "how")
WAYS = ("refund_of", "same_order", "same_amount", "latest_day", "before_file")


def book_refunds(
    engine: Engine, refunds: ir.Table, purchases: ir.Table, days: ir.Table
) -> ir.Table:
    """Each refund with the day that it belongs to.

    Args:
        engine: Keeps what is used twice.
        refunds: Lines of refunds on or before the last day that counts.
        purchases: Lines of purchases on or before it.
        days: Purchase days on or before it: ``customer_id, day``.

    Returns:
        ``customer_id, order_id, booked_day`` (null where nothing was bought before), ``how`` (one
        of ``WAYS``), ``amount_minor, margin_minor``.
    """
    referred = engine.table([engine.save(by_reference(refunds, purchases), "referred")])
    told = referred.filter(referred.matched_day.notnull())
    silent = referred.filter(referred.matched_day.isnull()).drop(*FOUND)
    silent = by_amount(silent, purchases, told)
    found = told.drop("matched_order", "order_minor").union(silent)
    candidates = engine.table([engine.save(found, "candidates")])
    # A line may stand on a later day than its order's first line; only purchase days carry value.
    latest = candidates.mutate(reach=ibis.coalesce(candidates.matched_day, candidates.day))
    known = days.select(owner=days.customer_id, purchase_day=days.day)
    booked = (
        latest.inner_join(
            known, [latest.customer_id == known.owner, known.purchase_day <= latest.reach]
        )
        .group_by(*KEYS)
        .aggregate(booked_day=ibis._.purchase_day.max())
    )
    joined = latest.left_join(booked, list(KEYS))
    how = ibis.cases(
        (joined.booked_day.isnull(), "before_file"),
        (joined.how.isnull(), "latest_day"),
        else_=joined.how,
    )
    return joined.select(
        "customer_id", "order_id", "booked_day", "amount_minor", "margin_minor", how=how
    )


def by_reference(refunds: ir.Table, purchases: ir.Table) -> ir.Table:
    """Refunds with the order that they name or stand in, where there is one.

    Returns:
        The refunds with ``matched_day`` (of the order), ``matched_order`` (its id), ``order_minor``
        (what was paid for it) and ``how``; null where no order tells.
    """
    named = refunds.select("customer_id", order_id=refunds.refund_of)
    named = named.union(refunds.select("customer_id", "order_id")).filter(ibis._.order_id.notnull())
    orders = (
        purchases.semi_join(named, ["customer_id", "order_id"])
        .group_by("customer_id", "order_id")
        .aggregate(order_day=ibis._.day.min(), order_minor=ibis._.amount_minor.sum().cast("int64"))
    )
    meant = orders.select(
        owner=orders.customer_id,
        meant=orders.order_id,
        meant_day=orders.order_day,
        meant_minor=orders.order_minor,
    )
    own = orders.select(
        holder=orders.customer_id,
        own=orders.order_id,
        own_day=orders.order_day,
        own_minor=orders.order_minor,
    )
    # A refund may be dated before its order by days alone; the number of a much later one was given anew.
    back = refunds.mutate(reach=refunds.day + OUT_OF_ORDER_DAYS)
    joined = back.left_join(
        meant,
        [
            back.customer_id == meant.owner,
            back.refund_of == meant.meant,
            back.reach >= meant.meant_day,
        ],
    )
    joined = joined.left_join(
        own,
        [
            joined.customer_id == own.holder,
            joined.order_id == own.own,
            joined.reach >= own.own_day,
        ],
    )
    how = ibis.cases(
        (joined.meant_day.notnull(), "refund_of"),
        (joined.own_day.notnull(), "same_order"),
        else_=ibis.null("string"),
    )
    return joined.select(
        *refunds.columns,
        matched_day=ibis.coalesce(joined.meant_day, joined.own_day),
        matched_order=ibis.coalesce(joined.meant, joined.own),
        order_minor=ibis.coalesce(joined.meant_minor, joined.own_minor),
        how=how,
    )


def by_amount(refunds: ir.Table, purchases: ir.Table, told: ir.Table) -> ir.Table:
    """Refunds with ``matched_day`` and ``how`` where an equal amount was paid before.

    Args:
        refunds: Those that no order tells of.
        purchases: Lines of purchases.
        told: Refunds that an order tells of, as `by_reference` gives them.
    """
    refunds = refunds.mutate(size=-refunds.amount_minor)
    wanted = refunds.select("customer_id", "size").distinct()
    paid = purchases.mutate(size=purchases.amount_minor).semi_join(wanted, ["customer_id", "size"])
    paid = not_given_back(paid, told)
    order = ["customer_id", "order_id"]
    days = purchases.semi_join(paid, order).group_by(*order).aggregate(order_day=ibis._.day.min())
    paid = paid.left_join(days, order).select(*paid.columns, "order_day")
    paid = paid.mutate(
        rank=ibis.row_number().over(
            group_by=["customer_id", "size"], order_by=["day", "file", "position"]
        )
    )
    ranked = refunds.mutate(
        rank=ibis.row_number().over(
            group_by=["customer_id", "size"],
            order_by=["day", ibis.desc("margin_minor", nulls_first=False), *KEYS],
        )
    )
    match = paid.select(
        owner=paid.customer_id,
        paid=paid["size"],
        paid_rank=paid["rank"],
        paid_day=paid.day,
        # A line of a later day belongs to its order's first.
        order_day=ibis.coalesce(paid.order_day, paid.day),
    )
    joined = ranked.left_join(
        match,
        [
            ranked.customer_id == match.owner,
            ranked["size"] == match.paid,
            ranked["rank"] == match.paid_rank,
            match.paid_day <= ranked.day,
        ],
    )
    how = ibis.ifelse(joined.paid_day.notnull(), "same_amount", ibis.null("string"))
    return joined.select(*refunds.drop("size").columns, matched_day=joined.order_day, how=how)


def not_given_back(lines: ir.Table, told: ir.Table) -> ir.Table:
    """The lines that no refund of their order has given back already.

    Args:
        lines: Lines of purchases with ``size``; of each customer and size all that there are.
        told: Refunds that an order tells of, as `by_reference` gives them.

    Returns:
        The lines without those of orders of which all was given back, and without as many of one
        size of another order as refunds of that size belong to it.
    """
    order, alike = ["customer_id", "order_id"], ["customer_id", "order_id", "size"]
    told = told.select(
        "customer_id", "order_minor", order_id=told.matched_order, size=-told.amount_minor
    )
    back = told.group_by(*order).aggregate(
        back=told["size"].sum().cast("int64"), paid=told.order_minor.max()
    )
    lines = lines.anti_join(back.filter(back.back >= back.paid), order)
    times = told.group_by(*alike).aggregate(times=ibis._.count().cast("int64"))
    counted = lines.left_join(times, alike).select(*lines.columns, "times")
    place = ibis.row_number().over(group_by=alike, order_by=["day", "file", "position"])
    counted = counted.mutate(place=place)
    return counted.filter(counted.times.isnull() | (counted.place >= counted.times))
