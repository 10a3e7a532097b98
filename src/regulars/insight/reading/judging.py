"""A cleaned line counts, or is set aside with the reason why; what it says was given back is a line of its own."""

import ibis
import ibis.expr.types as ir

from regulars.insight.reading.amounts import (
    is_too_fine,
    minor_units,
)
from regulars.insight.reading.orders import FURTHER_LINE, ORDER, with_further_lines
from regulars.insight.reading.tables import Group

NOBODY = ""
CLEANED = (
    "file",
    "position",
    "part",
    "customer_id",
    "customer_name",
    "order_id",
    "refund_of",
    "day",
    "amount_minor",
    "is_refund",
    "margin_minor",
    "bad_margin",
    "bad_refund_sum",
    "too_fine",
    "row_hash",
    "reason",
)


def judged(
    lines: ir.Table,
    group: Group,
    *,
    units: ir.FloatingValue,
    exactly: bool = False,
    keep_nobody: bool = False,
    all_refunds: bool = False,
) -> ir.Table:
    """The lines in minor units, each with the reason why it is set aside, null where it counts.

    Args:
        lines: With whatever their orders tell of them.
        group: The files they are from.
        units: Minor units of one of each line's own currency.
        exactly: Whether an amount with more decimals than its currency is set aside instead of rounded.
        keep_nobody: Whether what tells of nobody counts, with "" as the customer: orders of a shop's export,
            and refunds that name their order.
        all_refunds: Whether every line is a refund, and its order's number that of what is refunded.

    Returns:
        The columns of `CLEANED`, and ``stands`` (whether the line counts), ``refunded_minor`` (int64,
        what it says was given back) and ``wholly_refunded``.
    """
    amount = minor_units(lines.value, lines.factor)
    # What a weight comes to, at a price for each, is nobody's amount until it is rounded.
    too_fine = ibis.literal(False)  # noqa: FBT003  (a literal of SQL)
    if "amount" in group.mapped.columns:
        too_fine = is_too_fine(lines.value, units)
    if keep_nobody:
        lines = with_nobody(lines, group, all_refunds=all_refunds)
    reason = reason_of(lines, amount, too_fine if exactly else None)
    margin = ibis.null("int64")
    if "margin" in group.mapped.columns:
        margin = margin_of(lines, amount)
    lines = lines.mutate(
        part=ibis.literal(0, "int32"),
        amount_minor=amount,
        reason=reason,
        margin_minor=margin,
        bad_margin=margin.isnull() & ~lines.margin_empty,
        is_refund=lines.is_refund.fill_null(False),  # noqa: FBT003  (a value of SQL)
        refunded_minor=minor_units(lines.refunded, lines.factor),
        bad_refund_sum=lines.refunded.isnull() & ~lines.refunded_empty,
        too_fine=too_fine,
    )
    if group.mapped.order_totals:
        lines = with_further_lines(lines)
    lines = lines.mutate(stands=lines.reason.isnull())
    return lines.select(*CLEANED, "stands", "refunded_minor", "wholly_refunded")


def with_nobody(lines: ir.Table, group: Group, *, all_refunds: bool) -> ir.Table:
    """The lines, those that may tell of nobody with "" as the customer; see `judged`."""
    may_be = lines.refund_of.notnull()
    if all_refunds:
        may_be = may_be | lines.order_id.notnull()
    if group.mapped.contacts:
        may_be = ibis.literal(True)  # noqa: FBT003  (a literal of SQL)
    nobody = ibis.ifelse(may_be, NOBODY, None)
    return lines.mutate(customer_id=ibis.coalesce(lines.customer_id, nobody))


def reason_of(
    lines: ir.Table, amount: ir.IntegerValue, too_fine: ir.BooleanValue | None
) -> ir.StringValue:
    """Why each line is set aside, null where it counts; the first reason of several."""
    precision = [] if too_fine is None else [(too_fine, "currency_precision")]
    return ibis.cases(
        (lines.cancelled, "cancelled"),
        (lines.customer_id.isnull(), "no_customer"),
        (lines.day.isnull(), "bad_date"),
        (lines.value.isnull(), "bad_amount"),
        (lines.factor.isnull() & lines.rated, "no_rate"),
        (lines.factor.isnull(), "bad_currency"),
        (amount.isnull(), "bad_amount"),
        *precision,
        else_=ibis.null("string"),
    )


def margin_of(lines: ir.Table, amount: ir.IntegerValue) -> ir.IntegerValue:
    """What of each amount is left, in minor units; null where it would be more than the amount."""
    margin = minor_units(
        ibis.ifelse(lines.is_refund, -lines.margin.abs(), lines.margin), lines.factor
    )
    above = ibis.ifelse(lines.is_refund, margin < amount, margin > amount)
    return ibis.ifelse(above, None, margin)


def with_refunds(lines: ir.Table, group: Group) -> ir.Table:
    """Judged lines, and lines of what they say was given back, with the columns of `CLEANED`."""
    given_back = refunds_of(lines, group)
    lines = lines.select(*CLEANED)
    return lines if given_back is None else lines.union(given_back)


def refunds_of(lines: ir.Table, group: Group) -> ir.Table | None:
    """What the lines of purchases say was given back, as lines of refunds; None where none can.

    A sum is its order's, on any of the lines or on all of them, so the largest is taken, less what
    lines of refunds of the order's own give back.

    Args:
        lines: As `judged` gives them.
        group: The files they are from.
    """
    if not group.mapped.refunded and "refunded_amount" not in group.mapped.columns:
        return None
    number = ["order_id", "customer_id"]
    bought = lines.filter(lines.stands & ~lines.is_refund)
    own = lines.filter(lines.stands & lines.is_refund & lines.order_id.notnull())
    own = own.group_by(*number).aggregate(own_minor=-own.amount_minor.sum().cast("int64"))
    counted = lines.stands | (lines.reason == FURTHER_LINE)
    telling = lines.filter(counted & ~lines.is_refund & (lines.refunded_minor > 0))
    sums = telling.filter(telling.order_id.notnull()).group_by(*ORDER)
    sums = sums.aggregate(sum_minor=telling.refunded_minor.max())
    of_orders = bought.inner_join(sums, list(ORDER))
    place = ibis.row_number().over(group_by=ORDER, order_by=["file", "position"])
    of_orders = of_orders.mutate(place=place).left_join(own, number)
    left_minor = of_orders.sum_minor - of_orders.own_minor.fill_null(0)
    of_orders = of_orders.mutate(back_minor=left_minor).filter(ibis._.place == 0)
    alone = telling.filter(telling.stands & telling.order_id.isnull())
    parts = [
        of_orders.select(*CLEANED, "back_minor"),
        alone.mutate(back_minor=alone.refunded_minor).select(*CLEANED, "back_minor"),
    ]
    if group.mapped.refunded:
        wholly = bought.filter(bought.wholly_refunded).anti_join(sums, list(ORDER))
        wholly = wholly.anti_join(own, number).anti_join(alone, ["file", "position"])
        parts.append(wholly.mutate(back_minor=wholly.amount_minor).select(*CLEANED, "back_minor"))
    refunds = ibis.union(*parts)
    refunds = refunds.filter((refunds.back_minor > 0) | (refunds.amount_minor == 0))
    return refunds.mutate(
        part=ibis.literal(1, "int32"),
        amount_minor=-refunds.back_minor,
        margin_minor=ibis.null("int64"),
        bad_margin=ibis.literal(False),  # noqa: FBT003  (a literal of SQL)
        bad_refund_sum=ibis.literal(False),  # noqa: FBT003  (a literal of SQL)
        too_fine=ibis.literal(False),  # noqa: FBT003  (a literal of SQL)
        refund_of=refunds.order_id,
        is_refund=ibis.literal(True),  # noqa: FBT003  (a literal of SQL)
    ).select(*CLEANED)
