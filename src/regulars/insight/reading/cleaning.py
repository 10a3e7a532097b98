"""One row of a file becomes one cleaned line, its amount still in its own currency."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_HASH, ROW_POSITION
from regulars.insight.reading.amounts import (
    NumberStyle,
    currency_signs,
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
from regulars.insight.reading.tables import Group


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


@dataclass(frozen=True)
class Cells:
    """What the rows of files say under our names; nothing where their files have no such column."""

    rows: ir.Table
    columns: Mapping[str, str]
    numbers: NumberStyle

    def number(self, column: str) -> ir.FloatingValue:
        """The numbers, null where none can be read."""
        if column not in self.columns:
            return ibis.null("float64")
        theirs = self.columns[column]
        return number_of(self.rows[theirs], theirs, self.numbers)

    def reference(self, column: str) -> ir.StringValue:
        """The texts by which something is told apart, null where there is none."""
        if column not in self.columns:
            return ibis.null("string")
        return reference_of(self.rows[self.columns[column]])

    def is_empty(self, column: str) -> ir.BooleanValue:
        """Whether nothing is said."""
        if column not in self.columns:
            return ibis.literal(True)  # noqa: FBT003  (a literal of SQL)
        return text_is_empty(self.rows[self.columns[column]])


def clean(rows: ir.Table, group: Group, dates: DateStyle, numbers: NumberStyle) -> ir.Table:
    """The rows with our columns, amounts still in units of their own currency."""
    columns = group.mapped.columns
    rows = with_days(rows, columns["occurred_at"], dates)
    cells = Cells(rows, columns, numbers)
    value, negative, refund_of = paid(cells)
    guest = group.mapped.export.guest if group.mapped.export else None
    return rows.select(
        file=rows[ROW_FILE],
        position=rows[ROW_POSITION],
        customer_id=customer_of(rows[columns["customer_id"]], guest=guest)
        if "customer_id" in columns
        else ibis.null("string"),
        customer_empty=cells.is_empty("customer_id"),
        otherwise=known_otherwise(rows, group),
        customer_name=cells.reference("customer_name"),
        order_id=cells.reference("order_id"),
        refund_of=refund_of,
        day=rows[ROW_DAY],
        day_empty=cells.is_empty("occurred_at"),
        currency=currency_of(rows, group),
        value=ibis.ifelse(negative, -value.abs(), value),
        is_refund=negative,
        margin=cells.number("margin"),
        margin_empty=cells.is_empty("margin"),
        refunded=cells.number("refunded_amount").abs(),
        refunded_empty=cells.is_empty("refunded_amount"),
        wholly_refunded=told(rows, group.mapped.refunded),
        amount_empty=cells.is_empty("amount") if "amount" in columns else ibis.literal(False),  # noqa: FBT003  (a literal of SQL)
        cancelled=told(rows, group.mapped.cancelled),
        row_hash=rows[ROW_HASH],
    )


def paid(cells: Cells) -> tuple[ir.FloatingValue, ir.BooleanValue, ir.StringValue]:
    """What each row comes to, whether it gives something back, and the order of which, null where none."""
    value = cells.number("amount")
    if "amount" not in cells.columns:
        value = cells.number("unit_price") * cells.number("quantity")
    refund_of = ibis.null("string")
    if "refund_of" in cells.columns:
        refund_of = named_order(cells.rows[cells.columns["refund_of"]])
        # A purchase that names its own order gives nothing back.
        itself = refund_of == cells.reference("order_id")
        itself = itself.fill_null(False) & (value >= 0)  # noqa: FBT003  (a value of SQL)
        refund_of = ibis.ifelse(itself, None, refund_of)
    # Many tills write what was given back without a sign, and the order that it belongs to.
    negative = (value < 0) | refund_of.notnull()
    if "quantity" in cells.columns:
        quantity = cells.number("quantity")
        negative = negative | (quantity < 0).fill_null(False)  # noqa: FBT003  (a value of SQL)
        value = ibis.ifelse(quantity.isnull() & ~cells.is_empty("quantity"), None, value)
    return value, negative, refund_of


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
