"""What files of shops call their columns in plain words, in four languages."""

import re
from collections.abc import Mapping

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
# Of columns that could each say who or which, the one that names a number or an id says it.
TELL_APART = re.compile(
    "(?:^| )(?:id|no|nr|number|numero|code|key)(?: |$)|nummer$|nr$|^(?:รหัส|เลขที่|หมายเลข)"
)
TOLD_APART = ("customer_id", "order_id", "sender_id", "friend_id")
# Beside such a one these hold what the customer is called.
CALLED = frozenset(("customer", "client", "buyer", "kunde", "kundin", "cliente", "ลูกค้า"))
# Beside a column of dates these hold the time of day.
TIMES_OF_DAY = ("time", "ordertime")
