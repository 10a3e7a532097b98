"""What is a customer's id, and what only stands where one should be."""

import ibis
import ibis.expr.types as ir

STANDS_FOR_NOBODY = (
    r"(?i)^(-*|-1|null|nil|none|nan|<na>|na|n/a|#n/a|undefined|unknown|anonymous|guest|\(blank\)|"
    r"\(empty\)|unbekannt|anonym|desconocido|ไม่ทราบ|ไม่ระบุ)$"
)
POINTLESS = r"^(\d+)\.0$"
ADDRESS = "@"
PHONE = r"^\+?[0-9]{5,15}$"
NO_ORDER = r"(?i)^(0|n|no|nein|false|falsch|falso)$"
FIRST_AFTER_SPACE, LAST_OF_ASCII = "!", "~"
BLANKS = "[\\s\\p{Z}\u000b\u0085\u200b\ufeff]+"


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def nfc_normalize(text: str) -> str:  # type: ignore[empty-body]
    """A text whose accents are composed as in Unicode's form C; both engines know it by this name."""


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """A text without Unicode's blanks around it; the search for them is kept from most texts."""
    last = text.right(1)
    near = (text < FIRST_AFTER_SPACE) | (last < FIRST_AFTER_SPACE)
    far = (text > LAST_OF_ASCII) | (last > LAST_OF_ASCII)
    return ibis.ifelse(near | far, text.re_replace(f"^{BLANKS}|{BLANKS}$", ""), text)


def identity_text(values: ir.Value) -> ir.StringValue:
    """An id as text: trimmed, accents composed, a whole number without ".0"."""
    if values.type().is_floating():
        whole = values.try_cast("int64")
        text = ibis.ifelse(
            whole.cast("float64") == values, whole.cast("string"), values.cast("string")
        )
        return ibis.ifelse(values.isnan() | values.isinf(), None, text)
    if not values.type().is_string():
        return values.cast("string")
    text = nfc_normalize(trimmed(values))
    # Spreadsheets and data frames write a column of whole numbers with gaps as 13047.0.
    whole = ibis.ifelse(text.re_search(POINTLESS), text.re_extract(POINTLESS, 1), text)
    return ibis.ifelse(text.endswith(".0"), whole, text)


def customer_of(values: ir.Value, *, guest: str | None = None) -> ir.StringValue:
    """The customer's id; e-mail addresses in small letters; null where it is nobody's.

    Args:
        values: The cells.
        guest: An id that the file's system gives to everybody without an account, if it does.
    """
    text = identity_text(values)
    nobody = text.re_search(STANDS_FOR_NOBODY)
    if guest is not None:
        nobody = nobody | (text == guest)
    return ibis.cases((nobody, None), (text.contains(ADDRESS), text.lower()), else_=text)


def phone_of(values: ir.Value) -> ir.StringValue:
    """A phone number as a customer's id: digits alone, with a plus where the country is written; else null."""
    text = trimmed(values.cast("string")).re_replace("[^0-9+]", "").re_replace("^00", "+")
    return ibis.ifelse(text.re_search(PHONE), text, None)


def reference_of(values: ir.Value) -> ir.StringValue:
    """An order's id or a name; null where the cell is empty."""
    return identity_text(values).nullif("")


def named_order(values: ir.Value) -> ir.StringValue:
    """The order that a cell names; null where it holds a word, or a 0, that stands for none."""
    text = identity_text(values)
    return ibis.ifelse(text.re_search(STANDS_FOR_NOBODY) | text.re_search(NO_ORDER), None, text)
