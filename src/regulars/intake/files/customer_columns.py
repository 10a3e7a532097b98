"""Which of a customer file's columns is which of ours, by what people call them in four languages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from regulars.insight.reading.columns import Mapped, Wanted, in_words, mapping, refuse_unknown
from regulars.insight.reading.meant import key_of, meant_column
from regulars.intake.files.beside import LOCATION, NAMES
from regulars.intake.files.errors import NoCustomerColumn
from regulars.intake.files.own import OWN_CUSTOMERS

PLAIN_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": (
        "name", "full name", "customer name", "client name", "customer", "kundenname", "kunde", "nombre completo",
        "nombre", "cliente", "nombre del cliente", "ชื่อ", "ชื่อลูกค้า", "ลูกค้า",
    ),
    "first_name": ("first name", "given name", "vorname", "nombre de pila", "ชื่อจริง"),
    "last_name": ("last name", "family name", "surname", "nachname", "familienname", "apellido", "apellidos", "นามสกุล"),
    "email": ("email", "e-mail", "email address", "e-mail-adresse", "mail", "correo", "correo electrónico", "อีเมล"),
    "phone": (
        "phone", "phone number", "mobile", "telephone", "telefon", "telefonnummer", "handy", "handynummer",
        "teléfono", "móvil", "celular", "เบอร์โทร", "โทรศัพท์",
    ),
    "customer_id": (
        "customer id", "customer no", "customer number", "client id", "client no", "id", "member id", "kundennummer",
        "kunden nr", "kundennr", "kunden id", "id cliente", "numero de cliente", "external id", "รหัสลูกค้า",
    ),
    "likes": ("likes", "preferences", "favourites", "favorites", "mag", "mag gern", "vorlieben", "gustos", "le gusta",
              "preferencias", "ชอบ", "สิ่งที่ชอบ"),
    "came_through": (
        "came through", "referred by", "referrer", "brought by", "empfohlen von", "geworben von", "kam durch",
        "recomendado por", "vino por", "ผู้แนะนำ", "แนะนำโดย",
    ),
    "location": (
        "home location", "home store", *NAMES[LOCATION], "stammfiliale", "heimatfiliale", "stammladen",
        "sucursal habitual", "tienda habitual", "สาขาประจำ",
    ),
    "since": (
        "known since", "bekannt seit", "conocido desde", "รู้จักตั้งแต่", "customer since", "created", "created at",
        "kunde seit", "seit", "cliente desde", "desde", "เป็นลูกค้าตั้งแต่",
    ),
}  # fmt: skip
CUSTOMER_COLUMNS = tuple(PLAIN_NAMES)
TELLS_WHO = ("name", "first_name", "last_name", "email", "phone", "customer_id")
# What is read of a table that `regulars export customers` wrote, besides: who stands on a row by our id, who
# brought them by theirs and when, and what else identifies them.
READ_OF_OWN = {
    "own_id": "customer_id",
    "through_id": "came_through_id",
    "came_through_at": "came_through_at",
    "identities": "other_identities",
}
CUSTOMERS = Wanted(columns=CUSTOMER_COLUMNS, option="--map")


def map_customers(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files of customers; see `regulars.insight.reading.columns.map_purchases`.

    Raises:
        NoCustomerColumn: No column says who somebody is.
        UnknownColumn, UnknownMapping: The person maps a column that is not there, or not ours.
    """
    refuse_unknown(files, asked, CUSTOMERS)
    return [_mapped(path, names, asked) for path, names in files]


def _mapped(path: Path, names: Sequence[str], asked: Mapping[str, str]) -> Mapped:
    meant = {ours: meant_column(names, theirs) for ours, theirs in asked.items()}
    columns = {ours: theirs for ours, theirs in meant.items() if theirs is not None}
    by_key = {key_of(name): name for name in reversed(names)}
    if set(names) >= OWN_CUSTOMERS:
        by_key = {key: name for key, name in by_key.items() if name not in READ_OF_OWN.values()}
        taken = set(columns.values())
        columns |= {
            ours: theirs
            for ours, theirs in READ_OF_OWN.items()
            if theirs in names and theirs not in taken
        }
    guessed = []
    for ours, plain in PLAIN_NAMES.items():
        if ours in columns:
            continue
        keys = (key_of(ours), *(key_of(name) for name in plain))
        free = [
            by_key[key] for key in keys if key in by_key and by_key[key] not in columns.values()
        ]
        if free:
            columns[ours] = free[0]
            if key_of(free[0]) != key_of(ours):
                guessed.append(ours)
    if not any(ours in columns for ours in (*TELLS_WHO, "own_id")):
        raise NoCustomerColumn(
            path=path, columns=in_words(names), example=mapping("name", names[0])
        )
    return Mapped(columns=columns, guessed=tuple(guessed))
