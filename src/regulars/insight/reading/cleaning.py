"""One row of a file becomes one cleaned line, with the reason where it cannot count."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_HASH, ROW_POSITION
from regulars.insight.reading.amounts import (
    NumberStyle,
    currency_signs,
    is_too_fine,
    minor_units,
    number_of,
)
from regulars.insight.reading.currencies import code_of
from regulars.insight.reading.dates import DateStyle, with_days
from regulars.insight.reading.identities import (
    customer_of,
    named_order,
    phone_of,
    reference_of,
    trimmed,
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


def currency_of(rows: ir.Table, group: Group) -> ir.StringValue:
    """The currency that each row names, ISO 4217, "" where it names none."""
    columns = group.mapped.columns
    if "currency" in columns:
        return code_of(trimmed(rows[columns["currency"]].cast("string")).upper().fill_null(""))
    money = next(columns[c] for c in ("amount", "unit_price") if c in columns)
    if not rows[money].type().is_string():
        return ibis.literal("")
    code = code_of(currency_signs(rows[money]).fill_null(""))
    # Letters that are no currency are refused; a sign that is in no list says nothing.
    return ibis.ifelse(code.re_search("^[A-Z]"), code, "")


def clean(rows: ir.Table, group: Group, dates: DateStyle, numbers: NumberStyle) -> ir.Table:
    """The rows with our columns, amounts still in units of their own currency."""
    columns = group.mapped.columns
    rows = with_days(rows, columns["occurred_at"], dates)

    def number(column: str) -> ir.FloatingValue:
        return number_of(rows[columns[column]], columns[column], numbers)

    def optional(column: str) -> ir.StringValue:
        return reference_of(rows[columns[column]]) if column in columns else ibis.null("string")

    quantity = number("quantity") if "quantity" in columns else None
    if "amount" in columns:
        value = number("amount")
        empty = text_is_empty(rows[columns["amount"]])
    else:
        value = number("unit_price") * quantity
        empty = ibis.literal(False)  # noqa: FBT003  (a literal of SQL)
    refund_of = ibis.null("string")
    if "refund_of" in columns:
        refund_of = named_order(rows[columns["refund_of"]])
        # A purchase that names its own order gives nothing back.
        itself = (refund_of == optional("order_id")).fill_null(False) & (value >= 0)  # noqa: FBT003
        refund_of = ibis.ifelse(itself, None, refund_of)
    # Many tills write what was given back without a sign, and the order that it belongs to.
    negative = (value < 0) | refund_of.notnull()
    if quantity is not None:
        negative = negative | (quantity < 0).fill_null(False)  # noqa: FBT003  (a value of SQL)
        value = ibis.ifelse(
            quantity.isnull() & ~text_is_empty(rows[columns["quantity"]]), None, value
        )
    guest = group.mapped.export.guest if group.mapped.export else None
    return rows.select(
        file=rows[ROW_FILE],
        position=rows[ROW_POSITION],
        customer_id=customer_of(rows[columns["customer_id"]], guest=guest)
        if "customer_id" in columns
        else ibis.null("string"),
        customer_empty=text_is_empty(rows[columns["customer_id"]])
        if "customer_id" in columns
        else ibis.literal(True),  # noqa: FBT003  (a literal of SQL)
        otherwise=known_otherwise(rows, group),
        customer_name=optional("customer_name"),
        order_id=optional("order_id"),
        refund_of=refund_of,
        day=rows[ROW_DAY],
        day_empty=text_is_empty(rows[columns["occurred_at"]]),
        currency=currency_of(rows, group),
        value=ibis.ifelse(negative, -value.abs(), value),
        is_refund=negative,
        margin=number("margin") if "margin" in columns else ibis.null("float64"),
        margin_empty=text_is_empty(rows[columns["margin"]])
        if "margin" in columns
        else ibis.literal(True),  # noqa: FBT003  (a literal of SQL)
        refunded=number("refunded_amount").abs()
        if "refunded_amount" in columns
        else ibis.null("float64"),
        refunded_empty=text_is_empty(rows[columns["refunded_amount"]])
        if "refunded_amount" in columns
        else ibis.literal(True),  # noqa: FBT003  (a literal of SQL)
        wholly_refunded=told(rows, group.mapped.refunded),
        amount_empty=empty,
        cancelled=told(rows, group.mapped.cancelled),
        row_hash=rows[ROW_HASH],
    )


def known_otherwise(rows: ir.Table, group: Group) -> ir.StringValue:
    """By what a shop's export tells who a customer is without its id: an address, else a phone."""
    found: list[ir.StringValue] = []
    for kind, read in (("email", customer_of), ("phone", phone_of)):
        found += [read(rows[column]) for column in group.mapped.contacts.get(kind, ())]
    return ibis.coalesce(*found) if found else ibis.null("string")


def told(rows: ir.Table, patterns: Mapping[str, str]) -> ir.BooleanValue:
    """Whether any of a shop's columns says something, by the patterns of how it is said."""
    found = ibis.literal(False)  # noqa: FBT003  (a literal of SQL)
    for column, pattern in patterns.items():
        found = found | cell_text(rows[column]).lower().re_search(pattern)
    return found


def text_is_empty(values: ir.Value) -> ir.BooleanValue:
    """Whether a cell holds nothing."""
    return cell_text(values) == ""


def cell_text(values: ir.Value) -> ir.StringValue:
    """A cell as text without blanks around it; "" where it holds nothing, as NaN does."""
    if values.type().is_floating():
        values = ibis.ifelse(values.isnan(), None, values)
    return trimmed(values.cast("string")).fill_null("")


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
        may_be = lines.refund_of.notnull()
        if all_refunds:
            may_be = may_be | lines.order_id.notnull()
        if group.mapped.contacts:
            may_be = ibis.literal(True)  # noqa: FBT003  (a literal of SQL)
        nobody = ibis.ifelse(may_be, NOBODY, None)
        lines = lines.mutate(customer_id=ibis.coalesce(lines.customer_id, nobody))
    reason = ibis.cases(
        (lines.cancelled, "cancelled"),
        (lines.customer_id.isnull(), "no_customer"),
        (lines.day.isnull(), "bad_date"),
        (lines.value.isnull(), "bad_amount"),
        (lines.factor.isnull() & lines.rated, "no_rate"),
        (lines.factor.isnull(), "bad_currency"),
        (amount.isnull(), "bad_amount"),
        (too_fine if exactly else ibis.literal(False), "currency_precision"),  # noqa: FBT003
        else_=ibis.null("string"),
    )
    margin = ibis.null("int64")
    if "margin" in group.mapped.columns:
        margin = minor_units(
            ibis.ifelse(lines.is_refund, -lines.margin.abs(), lines.margin), lines.factor
        )
        above = ibis.ifelse(lines.is_refund, margin < amount, margin > amount)
        margin = ibis.ifelse(above, None, margin)
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
