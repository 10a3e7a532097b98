"""Which of a file's columns is which of ours.

What the person maps is settled first; then our own names; then the export formats of shops, told by
columns that only they have; then common plain names in four languages. Two columns that could both
be meant are asked about, never chosen between.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.insight.errors import AmbiguousColumn, MissingColumn, UnknownColumn, UnknownMapping
from regulars.kernel.language import gettext

PURCHASE_COLUMNS = (
    "customer_id",
    "occurred_at",
    "amount",
    "quantity",
    "unit_price",
    "customer_name",
    "order_id",
    "currency",
    "refund_of",
    "margin",
    "refunded_amount",
)
REFERRAL_COLUMNS = ("sender_id", "friend_id", "occurred_at")


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export format of a shop system.

    Attributes:
        name: Of the system.
        signs: Columns that, together, only this export has.
        columns: Ours to theirs; the first of several that the file has is taken.
        order_totals: Whether an order's total stands on its first line only.
    """

    name: str
    signs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    order_totals: bool = False


EXPORTS = (
    Export(
        name="Shopify",
        signs=("Name", "Email", "Financial Status", "Total"),
        columns={
            "customer_id": ("Email",),
            "occurred_at": ("Created at", "Paid at"),
            "amount": ("Total",),
            "order_id": ("Name",),
            "currency": ("Currency",),
            "customer_name": ("Billing Name", "Shipping Name"),
            "refunded_amount": ("Refunded Amount",),
        },
        order_totals=True,
    ),
    Export(
        name="WooCommerce",
        signs=("Order Number", "Order Date", "Order Total Amount"),
        columns={
            "customer_id": ("Customer User ID", "Email (Billing)", "Customer Email"),
            "occurred_at": ("Order Date",),
            "amount": ("Order Total Amount",),
            "order_id": ("Order Number",),
            "currency": ("Order Currency", "Currency"),
            "customer_name": ("Full Name (Billing)",),
            "refunded_amount": ("Order Refund Amount",),
        },
        order_totals=True,
    ),
    Export(
        name="WooCommerce",
        signs=("Order #", "Date", "Customer", "Net Sales"),
        columns={
            "customer_id": ("Customer",),
            "occurred_at": ("Date",),
            "amount": ("Net Sales",),
            "order_id": ("Order #",),
            "currency": ("Currency",),
        },
    ),
    Export(
        name="WooCommerce",
        signs=("order_id", "date_created", "billing_email"),
        columns={
            "customer_id": ("billing_email",),
            "occurred_at": ("date_created",),
            "amount": ("total", "order_total"),
            "order_id": ("order_id",),
            "currency": ("currency", "order_currency"),
            "refunded_amount": ("total_refunded",),
        },
    ),
    Export(
        name="Square",
        signs=("Gross Sales", "Net Sales", "Transaction ID", "Customer ID"),
        columns={
            "customer_id": ("Customer ID",),
            "occurred_at": ("Date",),
            "amount": ("Net Sales",),
            "order_id": ("Transaction ID",),
            "customer_name": ("Customer Name",),
        },
    ),
    Export(
        name="Stripe",
        signs=("id", "Amount", "Amount Refunded", "Customer ID", "Currency"),
        columns={
            "customer_id": ("Customer ID",),
            "occurred_at": ("Created date (UTC)", "Created (UTC)", "Created"),
            "amount": ("Amount",),
            "order_id": ("id",),
            "currency": ("Currency",),
            "refunded_amount": ("Amount Refunded",),
        },
    ),
)

PLAIN_NAMES: Mapping[str, tuple[str, ...]] = {
    "customer_id": (
        "customer", "customer no", "customer number", "customer code", "customer key", "customer email",
        "client", "client id", "client no", "client number", "cust id", "cust", "buyer", "buyer id",
        "buyer email", "user id", "user", "member id", "member", "guest id", "patient id", "shopper id",
        "account id", "email", "e-mail", "email address", "phone",
        "kunde", "kunden id", "kundennummer", "kunden nr", "kundennr", "kundin",
        "cliente", "id cliente", "cliente id", "numero de cliente", "correo", "correo electronico",
        "ลูกค้า", "รหัสลูกค้า", "อีเมล", "เบอร์โทร",
    ),
    "occurred_at": (
        "ts", "timestamp", "date", "datetime", "date time", "time", "created", "created at",
        "order date", "ordered at", "order time", "purchase date", "purchased at", "invoice date",
        "transaction date", "sale date", "day", "paid at", "visit date",
        "datum", "zeitpunkt", "bestelldatum", "kaufdatum", "rechnungsdatum", "belegdatum",
        "fecha", "fecha de compra", "fecha de pedido", "fecha pedido", "fecha factura",
        "วันที่", "วันที่สั่งซื้อ", "วันที่ซื้อ",
    ),
    "amount": (
        "total", "total amount", "order total", "line total", "total price", "revenue", "sales",
        "spend", "spent", "value", "order value", "net amount", "sum", "paid", "amount paid", "turnover",
        "betrag", "summe", "gesamt", "gesamtbetrag", "umsatz", "rechnungsbetrag",
        "importe", "importe total", "monto", "precio total",
        "ยอดรวม", "จำนวนเงิน", "ยอดเงิน",
    ),
    "quantity": ("qty", "units", "count", "menge", "anzahl", "stück", "stueck", "cantidad", "จำนวน"),
    "unit_price": (
        "price", "price each", "item price", "price per unit",
        "preis", "einzelpreis", "stückpreis", "stueckpreis",
        "precio", "precio unitario", "ราคา", "ราคาต่อหน่วย",
    ),
    "customer_name": (
        "name", "full name", "client name", "buyer name", "kundenname", "nombre", "nombre del cliente",
        "nombre cliente", "ชื่อ", "ชื่อลูกค้า",
    ),
    "order_id": (
        "order", "order no", "order number", "invoice", "invoice no", "invoice id", "invoice number",
        "transaction id", "transaction", "receipt", "receipt no", "receipt id", "receipt number",
        "bestellnummer", "bestellung", "rechnung", "rechnungsnummer", "rechnungs nr", "belegnummer",
        "bon", "bonnummer", "pedido", "id pedido", "numero de pedido", "factura", "numero de factura",
        "เลขที่ใบเสร็จ", "เลขที่คำสั่งซื้อ", "หมายเลขคำสั่งซื้อ",
    ),
    "currency": ("currency code", "währung", "waehrung", "moneda", "divisa", "สกุลเงิน"),
    "refund_of": ("refunds order", "refunded order", "refund for", "original order", "original order id"),
    "margin": ("profit", "gross profit", "gross margin", "contribution", "deckungsbeitrag",
               "rohertrag", "margen", "beneficio", "กำไร"),
    "refunded_amount": ("amount refunded", "total refunded"),
    "sender_id": (
        "sender", "referrer", "referrer id", "referred by", "advocate", "advocate id", "recommender",
        "inviter", "inviter id", "empfehler", "empfohlen von", "geworben von",
        "recomendador", "recomendado por", "ผู้แนะนำ", "ผู้บอกต่อ",
    ),
    "friend_id": (
        "friend", "referee", "referee id", "referred", "referred id", "invitee", "invitee id",
        "new customer", "new customer id", "customer id", "customer", "freund", "geworben",
        "neukunde", "amigo", "recomendado", "cliente", "เพื่อน", "ผู้ถูกแนะนำ",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """The columns of a file that were recognised.

    Attributes:
        columns: Ours to theirs.
        export: The export format, where the file is one.
        guessed: Those of ``columns`` that the person did not name and that are not our own names.
    """

    columns: Mapping[str, str]
    export: Export | None = None
    guessed: tuple[str, ...] = ()

    def notes(self) -> list[str]:
        """What was guessed, in words."""
        said = []
        if self.export is not None:
            said.append(
                gettext("The file is read as an export of {system}.").format(
                    system=self.export.name
                )
            )
        said += [
            gettext("{column} is read from “{theirs}”.").format(
                column=column, theirs=self.columns[column]
            )
            for column in self.guessed
        ]
        return said


def map_purchases(file: Path, names: Sequence[str], asked: Mapping[str, str]) -> Mapped:
    """The columns of a file of purchases.

    Args:
        file: For the messages.
        names: The file's columns.
        asked: Ours to theirs, as the person maps them.

    Raises:
        MissingColumn: A needed column is neither mapped nor recognised.
        AmbiguousColumn: Two columns could be the same one of ours.
        UnknownColumn: The person maps a column that is not there.
        UnknownMapping: The person maps to something that is not ours.
    """
    mapped = map_columns(file, names, asked, wanted=PURCHASE_COLUMNS, exports=EXPORTS)
    columns = dict(mapped.columns)
    for needed in ("customer_id", "occurred_at"):
        require(file, names, columns, needed)
    if "amount" not in columns:
        if "unit_price" not in columns:
            raise MissingColumn(
                path=file,
                missing="amount",
                columns=in_words(names),
                example=example("amount", names, columns),
            )
        if "quantity" not in columns:
            # A price and no quantity: every line is one of what it names.
            columns["amount"] = columns.pop("unit_price")
    else:
        columns.pop("unit_price", None)
    guessed = tuple(
        column for column in columns if column in mapped.guessed or column not in mapped.columns
    )
    return Mapped(columns=columns, export=mapped.export, guessed=guessed)


def map_referrals(file: Path, names: Sequence[str], asked: Mapping[str, str]) -> Mapped:
    """The columns of a file of referrals; see `map_purchases`."""
    ours = {column: theirs for column, theirs in asked.items() if column in REFERRAL_COLUMNS}
    mapped = map_columns(file, names, ours, wanted=REFERRAL_COLUMNS, exports=())
    for needed in REFERRAL_COLUMNS:
        require(file, names, mapped.columns, needed)
    return mapped


def map_columns(
    file: Path,
    names: Sequence[str],
    asked: Mapping[str, str],
    *,
    wanted: Sequence[str],
    exports: Sequence[Export],
) -> Mapped:
    """Asked, then our own names, then an export's, then plain names."""
    columns = {
        column: asked_column(file, names, column, theirs, wanted)
        for column, theirs in asked.items()
    }
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(key_of(name), []).append(name)
    export = next((e for e in exports if all(key_of(sign) in by_key for sign in e.signs)), None)
    guessed = []
    for column in wanted:
        if column in columns:
            continue
        free = {
            key: [n for n in found if n not in columns.values()] for key, found in by_key.items()
        }
        own = column in free.get(key_of(column), [])
        theirs = [column] if own else candidates(column, free, export)
        if len(theirs) > 1:
            raise AmbiguousColumn(
                path=file,
                column=column,
                candidates=in_words(theirs),
                example=mapping(column, theirs[0]),
            )
        if theirs:
            columns[column] = theirs[0]
            if not own:
                guessed.append(column)
    return Mapped(columns=columns, export=export, guessed=tuple(guessed))


def candidates(column: str, free: Mapping[str, list[str]], export: Export | None) -> list[str]:
    """The columns that could be one of ours: the export's own, else our name, else plain names."""
    if export is not None:
        for theirs in export.columns.get(column, ()):
            if free.get(key_of(theirs)):
                return free[key_of(theirs)]
        return []
    ours = free.get(key_of(column), [])
    if ours:
        return ours
    return [name for plain in PLAIN_NAMES[column] for name in free.get(key_of(plain), [])]


def asked_column(
    file: Path, names: Sequence[str], column: str, theirs: str, wanted: Sequence[str]
) -> str:
    """The column that the person means, exactly or but for case and spaces."""
    if column not in wanted:
        raise UnknownMapping(column=column, columns=in_words(wanted))
    if theirs in names:
        return theirs
    alike = [name for name in names if key_of(name) == key_of(theirs)]
    if len(alike) == 1:
        return alike[0]
    raise UnknownColumn(path=file, column=theirs, columns=in_words(names))


def require(file: Path, names: Sequence[str], columns: Mapping[str, str], needed: str) -> None:
    """Raises MissingColumn unless the column is mapped."""
    if needed not in columns:
        raise MissingColumn(
            path=file,
            missing=needed,
            columns=in_words(names),
            example=example(needed, names, columns),
        )


def example(needed: str, names: Sequence[str], columns: Mapping[str, str]) -> str:
    """A ``--map`` to write, with a column of the file that is not taken."""
    free = [name for name in names if name not in columns.values()]
    return mapping(needed, free[0] if free else "…")


def mapping(column: str, theirs: str) -> str:
    """A mapping as one writes it on the command line."""
    return f'"{column}={theirs}"' if " " in theirs else f"{column}={theirs}"


def in_words(names: Sequence[str]) -> str:
    """Names, quoted and listed."""
    return ", ".join(f"“{name}”" for name in names)


def key_of(name: str) -> str:
    """A name without case, accents, spaces and punctuation; Thai vowels and tones are kept."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        letter
        for letter in apart
        if letter == "#"
        or letter.isalnum()
        or (unicodedata.category(letter) == "Mn" and letter > "\u0dff")
    )
