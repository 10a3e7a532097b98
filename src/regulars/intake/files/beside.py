"""Which columns tell what the reading of purchases leaves aside: what was bought, where, how people are reached."""

from collections.abc import Mapping

from regulars.insight.reading.meant import key_of
from regulars.insight.reading.tables import Group

ITEM = "item"
CONTACTS = ("email", "phone")
LOCATION = "location"
BESIDE = (ITEM, LOCATION, *CONTACTS)
PHONE_NAMES = frozenset(
    key_of(name)
    for name in (
        *("phone", "phone number", "mobile", "telephone", "customer phone", "telefon"),
        *("telefonnummer", "handy", "handynummer", "mobilnummer", "teléfono", "móvil", "celular"),
        *("เบอร์โทร", "โทรศัพท์"),
    )
)
# The first that a file has is meant, unless the person says which.
NAMES: Mapping[str, tuple[str, ...]] = {
    ITEM: (
        *("item", "item name", "product", "product name", "product title", "article"),
        *("description", "artikel", "artikelname", "produkt", "produktname", "bezeichnung"),
        *("artikelbezeichnung", "artículo", "producto", "nombre del producto", "descripción"),
        *("สินค้า", "ชื่อสินค้า", "รายการ"),
    ),
    LOCATION: (
        *("location", "location name", "store", "store name", "shop", "branch", "outlet"),
        *("standort", "filiale", "laden", "sucursal", "tienda", "local", "สาขา"),
    ),
    "email": (
        *("email", "e-mail", "email address", "customer email", "mail", "e-mail-adresse"),
        *("correo", "correo electrónico", "อีเมล"),
    ),
    "phone": tuple(sorted(PHONE_NAMES)),
}


def columns_beside(group: Group, ours: str, asked: str | None = None) -> tuple[str, ...]:
    """The columns of some files that tell one thing of ours besides; of several the first that is filled.

    Args:
        group: Files that are written alike.
        ours: Of `BESIDE`.
        asked: The person's own word for it, or None to find it by its name.
    """
    taken = set(group.mapped.columns.values())
    by_key = {key_of(name): name for name in reversed(group.names) if name not in taken}
    if asked is not None:
        found = asked if asked in group.names else by_key.get(key_of(asked))
        return (found,) if found else ()
    is_export = group.mapped.export is not None
    if ours == ITEM and (is_export or group.mapped.order_totals):
        # An export of a shop system describes the payment there, in words that may name the customer.
        return ()
    if is_export:  # where a shop system ships from is no place to come to
        return group.mapped.contacts.get(ours, ())
    return tuple(by_key[key] for key in map(key_of, NAMES[ours]) if key in by_key)[:1]


def is_by_phone(group: Group) -> bool:
    """Whether customers whose id is a number are called by their phone."""
    column = key_of(group.mapped.columns.get("customer_id", ""))
    return column in PHONE_NAMES or ("mail" in column and "phone" in group.mapped.contacts)
