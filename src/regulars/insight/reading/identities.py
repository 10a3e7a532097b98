"""What is a customer's id, and what only stands where one should be."""

import ibis
import ibis.expr.types as ir

NOBODY = (
    r"(?i)^(-*|-1|null|nil|none|nan|<na>|na|n/a|#n/a|undefined|unknown|anonymous|guest|\(blank\)|"
    r"\(empty\)|unbekannt|anonym|desconocido|ไม่ทราบ|ไม่ระบุ)$"
)
ADDRESS = "@"
FIRST_AFTER_SPACE = "!"
BLANKS = (" ", "\t", "\r", "\n")


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """A text without blanks around it; the engines' TRIM is slow, so it is kept from most texts."""
    blank = text < FIRST_AFTER_SPACE
    for end in BLANKS:
        blank = blank | text.endswith(end)
    return ibis.ifelse(blank, text.strip(), text)


def identity_text(values: ir.Value) -> ir.StringValue:
    """An id as text: trimmed, a whole number without ".0"."""
    if values.type().is_floating():
        whole = values.try_cast("int64")
        text = ibis.ifelse(
            whole.cast("float64") == values, whole.cast("string"), values.cast("string")
        )
        return ibis.ifelse(values.isnan() | values.isinf(), None, text)
    if not values.type().is_string():
        return values.cast("string")
    text = trimmed(values)
    # Spreadsheets and data frames write a column of whole numbers with gaps as 13047.0.
    return ibis.ifelse(text.endswith(".0"), text.re_replace(r"^(\d+)\.0$", r"\1"), text)


def customer_of(values: ir.Value) -> ir.StringValue:
    """The customer's id; e-mail addresses in small letters; null where it is nobody's."""
    text = identity_text(values)
    nobody = text.re_search(NOBODY)
    return ibis.cases((nobody, None), (text.contains(ADDRESS), text.lower()), else_=text)


def reference_of(values: ir.Value) -> ir.StringValue:
    """An order's id or a name; null where the cell is empty."""
    return identity_text(values).nullif("")
