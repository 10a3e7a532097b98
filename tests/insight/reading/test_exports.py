"""The exports of shop systems are recognised, and what was guessed is said."""
# ruff: noqa: E501

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from regulars.insight.reading import PurchaseLines
from regulars.kernel.clock import day_of

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]

SHOPIFY = """\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Refunded Amount
#1001,Ana@example.org,paid,2024-01-31 10:00:00 +0100,EUR,30.00,35.00,2024-01-31 09:59:00 +0100,1,Cup,10.00,Ana,0.00
#1001,Ana@example.org,,,,,,2024-01-31 09:59:00 +0100,2,Plate,10.00,,
#1002,ben@example.org,partially_refunded,2024-02-01 10:00:00 +0100,EUR,20.00,20.00,2024-02-01 09:59:00 +0100,1,Cup,20.00,Ben,5.00
#1003,ben@example.org,paid,2024-02-02 10:00:00 +0100,EUR,20.00,,2024-02-02 09:59:00 +0100,1,Cup,20.00,Ben,0.00
"""


def test_a_shopify_export_counts_an_order_once_and_its_refund(read: Read, lines_of: Lines) -> None:
    found = read(SHOPIFY, timezone="Europe/Berlin")
    assert "The file is read as an export of Shopify." in found.notes
    assert "customer_id is read from “Email”." in found.notes
    assert [
        (row["customer_id"], row["order_id"], row["amount_minor"], row["customer_name"])
        for row in lines_of(found)
    ] == [
        ("ana@example.org", "#1001", 3500, "Ana"),
        ("ben@example.org", "#1002", 2000, "Ben"),
        ("ben@example.org", "#1002", -500, "Ben"),
    ]
    # A further line of an order carries no total; an order without any is a bad amount.
    assert found.kept == {"further_line": 1}
    assert found.rejected == {"bad_amount": 1}


@pytest.mark.parametrize(
    ("system", "content", "expected"),
    [
        (
            "WooCommerce",
            ("Order Number,Order Status,Order Date,Customer User ID,Order Total Amount,Order Currency\n"
            "7,completed,2024-01-31 10:00,44,12.50,EUR\n"),
            ("44", date(2024, 1, 31), "7", 1250, "EUR"),
        ),
        (
            "Square",
            ("Date,Time,Gross Sales,Net Sales,Tax,Transaction ID,Customer ID,Customer Name\n"
            "01/31/24,10:00:00,$14.00,$12.50,$1.00,T7,C44,Ana\n"),
            ("C44", date(2024, 1, 31), "T7", 1250, "USD"),
        ),
        (
            "Stripe",
            ("id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email\n"
            "ch_7,2024-01-31 10:00:00,12.50,0.00,eur,Paid,cus_44,ana@example.org\n"),
            ("cus_44", date(2024, 1, 31), "ch_7", 1250, "EUR"),
        ),
    ],
)  # fmt: skip
def test_other_exports_are_recognised(
    read: Read, lines_of: Lines, system: str, content: str, expected: tuple[object, ...]
) -> None:
    found = read(content)
    (line,) = lines_of(found)
    assert f"The file is read as an export of {system}." in found.notes
    told = (line["customer_id"], day_of(line["day"]), line["order_id"], line["amount_minor"])
    assert (*told, found.currency) == expected


@pytest.mark.parametrize(
    "header",
    [
        "Kunde;Bestelldatum;Betrag",
        "Client_ID;order date;Total",
        "cliente;fecha;importe",
        "ลูกค้า;วันที่;ยอดรวม",
    ],
)
def test_plain_names_in_four_languages_are_recognised(
    read: Read, lines_of: Lines, header: str
) -> None:
    (line,) = lines_of(read(f"{header}\nana;2024-01-31;5\n"))
    assert (line["customer_id"], line["amount_minor"]) == ("ana", 500)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "Jörg"), ("utf-8-sig", "Jörg"), ("utf-16", "Jörg"), ("utf-16-le", "Jörg"), ("cp1252", "Jörg"), ("cp874", "สมชาย ใจดี")],
)  # fmt: skip
def test_names_are_right_in_every_encoding(
    read: Read, lines_of: Lines, encoding: str, name: str
) -> None:
    content = f"customer_id,customer_name,occurred_at,amount\n7,{name},2024-01-31,5\n"
    found = read(content.encode(encoding))
    assert [row["customer_name"] for row in lines_of(found)] == [name]
    assert any("is read as" in note for note in found.notes) == (not encoding.startswith("utf-8"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_delimiters_and_line_ends_are_found(
    read: Read, lines_of: Lines, delimiter: str, line_end: str
) -> None:
    rows = [
        ["customer_id", "occurred_at", "amount", "note"],
        ["ana", "2024-01-31", "5", '"a, b; c | d"'],
    ]
    found = read(line_end.join(delimiter.join(row) for row in rows) + line_end)
    assert [row["customer_id"] for row in lines_of(found)] == ["ana"]


def test_the_separator_line_of_a_spreadsheet_is_understood(read: Read, lines_of: Lines) -> None:
    found = read("sep=;\ncustomer_id;occurred_at;amount\nana;2024-01-31;5,5\n")
    assert [row["amount_minor"] for row in lines_of(found)] == [550]


def test_cancelled_failed_and_unpaid_orders_of_an_export_are_no_purchases(
    read: Read, lines_of: Lines
) -> None:
    shopify = read(
        "Name,Email,Financial Status,Total,Created at,Cancelled at,Currency\n"
        "#1,a@x.org,paid,10,2024-01-01,,EUR\n"
        "#2,a@x.org,voided,20,2024-01-02,,EUR\n"
        "#3,a@x.org,expired,20,2024-01-03,,EUR\n"
        "#4,a@x.org,paid,40,2024-01-04,2024-01-05,EUR\n"
    )
    assert [row["order_id"] for row in lines_of(shopify)] == ["#1"]
    assert shopify.rejected == {"cancelled": 3}
    stripe = read(
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer ID\n"
        "ch_1,2024-01-01,10,0,eur,true,Paid,cus_1\n"
        "ch_2,2024-01-01,10,0,eur,false,Failed,cus_1\n"
        "ch_3,2024-01-01,10,0,eur,false,Paid,cus_1\n"
        "ch_4,2024-01-01,10,10,eur,true,Refunded,cus_1\n"
    )
    # What was refunded had been bought.
    assert [row["order_id"] for row in lines_of(stripe) if row["part"] == 0] == ["ch_1", "ch_4"]
    assert stripe.rejected == {"cancelled": 2}
    woocommerce = "Order Number,Order Status,Order Date,Email (Billing),Order Total Amount\n"
    for number, status in enumerate(
        ["Completed", "Cancelled", "wc-failed", "Pending payment", "draft"]
    ):
        woocommerce += f"{number},{status},2024-01-01,a@x.org,10\n"
    assert read(woocommerce).rejected == {"cancelled": 4}


def test_the_status_of_an_unknown_file_is_not_interpreted(read: Read) -> None:
    found = read("customer_id,occurred_at,amount,Status\nana,2024-01-01,5,cancelled\n")
    assert found.rejected == {}


def test_woocommerce_guests_are_told_apart_by_their_address(read: Read, lines_of: Lines) -> None:
    header = "Order Number,Order Date,Customer User ID,Order Total Amount"
    found = read(f"{header},Email (Billing)\n1,2024-01-01,0,5,a@x.org\n2,2024-01-01,0,5,b@x.org\n")
    assert [row["customer_id"] for row in lines_of(found)] == ["a@x.org", "b@x.org"]
    # Without addresses nobody knows who the guests are.
    found = read(f"{header}\n1,2024-01-01,0,5\n2,2024-01-01,7,5\n")
    assert [row["customer_id"] for row in lines_of(found)] == ["7"]
    assert found.rejected == {"no_customer": 1}


@pytest.mark.parametrize(
    "header", ["Email,Date,Total", "Kunden-Nr,Datetime,Total", "KundenNr,Date time,Total"]
)
def test_a_column_with_several_plain_names_is_not_ambiguous_with_itself(
    read: Read, lines_of: Lines, header: str
) -> None:
    (line,) = lines_of(read(f"{header}\nana,2024-01-31,5\n"))
    assert (line["customer_id"], day_of(line["day"])) == ("ana", date(2024, 1, 31))


def test_beside_a_date_a_time_is_the_time_of_day(read: Read, lines_of: Lines) -> None:
    (line,) = lines_of(read("customer,Time,Date,Total\nana,10:30,2024-01-31,5\n"))
    assert day_of(line["day"]) == date(2024, 1, 31)


REPEATED_TOTALS = (
    (
        "Order Number,Order Status,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Name\n"
        "101,Completed,2026-01-02 10:00,ana@x.com,25.00,0,Tea\n"
        "101,Completed,2026-01-02 10:00,ana@x.com,25.00,0,Cake\n"
        "102,Completed,2026-01-03 10:00,ben@x.com,25.00,5.00,Tea\n"
        "102,Completed,2026-01-03 10:00,ben@x.com,25.00,5.00,Cake\n"
    ),
    (
        "order_id,date_created,billing_email,order_total,total_refunded,item_name\n"
        "101,2026-01-02,ana@x.com,25.00,0,Tea\n"
        "101,2026-01-02,ana@x.com,25.00,0,Cake\n"
        "102,2026-01-03,ben@x.com,25.00,5.00,Tea\n"
        "102,2026-01-03,ben@x.com,25.00,5.00,Cake\n"
    ),
)


@pytest.mark.parametrize("content", REPEATED_TOTALS)
def test_an_orders_total_on_each_of_its_lines_counts_once_and_its_refund_too(
    read: Read, lines_of: Lines, content: str
) -> None:
    found = read(content)
    assert [(row["customer_id"], row["amount_minor"]) for row in lines_of(found)] == [
        ("ana@x.com", 2500),
        ("ben@x.com", 2500),
        ("ben@x.com", -500),
    ]
    assert (found.kept, found.rejected) == ({"further_line": 2}, {})


REFUNDED_BY_STATUS = (
    (
        "Order Number,Order Status,Order Date,Email (Billing),Order Total Amount\n"
        "1,Refunded,2026-01-02 10:00,a@x.com,25.00\n2,Completed,2026-01-03 10:00,a@x.com,10.00\n"
    ),
    (
        "Name,Email,Financial Status,Total,Created at\n"
        "#1,a@x.com,refunded,25.00,2026-01-02 10:00:00 +0000\n#2,a@x.com,paid,10.00,2026-01-03 10:00:00 +0000\n"
    ),
    (
        "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID\n"
        "ch_1,2026-01-02 10:00:00,25.00,25.00,eur,Refunded,a@x.com\n"
        "ch_2,2026-01-03 10:00:00,10.00,0.00,eur,Paid,a@x.com\n"
    ),
)


@pytest.mark.parametrize("content", REFUNDED_BY_STATUS)
def test_an_order_that_its_status_calls_refunded_brings_nothing(
    read: Read, lines_of: Lines, content: str
) -> None:
    lines = lines_of(read(content))
    assert [row["amount_minor"] for row in lines] == [2500, -2500, 1000]
    assert [row["is_refund"] for row in lines] == [False, True, False]


def test_orders_of_two_customers_with_one_number_and_total_are_two(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "order_id,date_created,billing_email,status,total\n"
        "1,2026-01-05,ann@x.de,completed,20.00\n2,2026-01-06,ann@x.de,completed,25.00\n"
        "1,2026-02-05,bob@x.de,completed,20.00\n2,2026-02-06,bob@x.de,completed,30.00\n"
    )
    assert [row["amount_minor"] for row in lines_of(found)] == [2000, 2500, 2000, 3000]


def test_items_of_one_price_are_each_counted_where_their_column_is_the_amount(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "Order Number,Order Status,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Total,Item Name\n"
        "1,completed,2026-01-05,ann@x.de,20.00,5.00,10.00,a\n"
        "1,completed,2026-01-05,ann@x.de,20.00,5.00,10.00,b\n",
        columns={"amount": "Item Total"},
    )
    assert [row["amount_minor"] for row in lines_of(found)] == [1000, -500, 1000]


def test_a_refund_that_has_a_line_of_its_own_is_not_taken_off_again(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "Order #,Date,Status,Customer,Net Sales\n"
        "309,2026-01-05,completed,Ann Bee,107\n"
        "400,2026-01-06,refunded,Ann Bee,140\n"
        "400,2026-01-08,refunded,Ann Bee,-140\n"
        # Another customer's order of the same number has no line of refund, and was refunded too.
        "400,2026-01-09,refunded,Ben Cee,50\n"
    )
    assert sum(row["amount_minor"] for row in lines_of(found)) == 10700


def test_prices_and_quantities_that_are_named_go_before_an_exports_total(
    read: Read, lines_of: Lines
) -> None:
    mapped = {"unit_price": "Lineitem price", "quantity": "Lineitem quantity"}
    lines = lines_of(read(SHOPIFY, columns=mapped))
    assert [row["amount_minor"] for row in lines if row["order_id"] == "#1001"] == [1000, 2000]


@pytest.mark.parametrize(("first", "second"), [("", "30.00"), ("30.00", ""), ("3", "30.00")])
def test_an_orders_refund_counts_once_on_whichever_of_its_lines_it_stands(
    read: Read, lines_of: Lines, first: str, second: str
) -> None:
    found = read(
        "Order Number,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Name\n"
        f"8,2026-02-05 10:00,b@x.com,30.00,{first},T\n"
        f"8,2026-02-05 10:00,b@x.com,30.00,{second},U\n"
    )
    assert sorted(row["amount_minor"] for row in lines_of(found)) == [-3000, 3000]


SHOPIFY_PHONES = """\
Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing Phone,Shipping Phone,Refunded Amount,Phone
#1,,paid,EUR,35.00,2024-01-31 09:59:00 +0100,1,Cup,10.00,Ana,0171 234-5678,,5.00,
#1,,,,,2024-01-31 09:59:00 +0100,2,Plate,10.00,,,,,
#2,,paid,EUR,20.00,2024-02-01 09:59:00 +0100,1,Cup,20.00,Ben,+49 30 1,,0.00,'+49 30 901820
#3,ben@example.org,paid,EUR,20.00,2024-02-02 09:59:00 +0100,1,Cup,20.00,Ben,,0049 30 901820,0.00,
#4,,paid,EUR,9.00,2024-02-03 09:59:00 +0100,1,Cup,9.00,Cem,,,1.00,
#4,,,,,2024-02-03 09:59:00 +0100,1,Spoon,0.00,,,,,
#5,dora@example.org,paid,EUR,1.00,2024-02-03 09:59:00 +0100,1,Cup,1.00,Dora,+34 600 123 456,,0.00,
#6,eva@example.org,paid,EUR,1.00,2024-02-03 09:59:00 +0100,1,Cup,1.00,Eva,+34 600 123 456,,0.00,
#7,,paid,EUR,1.00,2024-02-03 09:59:00 +0100,1,Cup,1.00,Flo,+34 600 123 456,,0.00,
"""


def test_whose_order_names_no_address_is_known_by_the_phone(read: Read, lines_of: Lines) -> None:
    found = read(SHOPIFY_PHONES, timezone="Europe/Berlin")
    assert [
        (row["order_id"], row["customer_id"], row["amount_minor"]) for row in lines_of(found)
    ] == [
        ("#1", "01712345678", 3500),
        ("#1", "01712345678", -500),
        ("#2", "ben@example.org", 2000),  # whose phone it is elsewhere in the file
        ("#3", "ben@example.org", 2000),
        ("#5", "dora@example.org", 100),
        ("#6", "eva@example.org", 100),
        ("#7", "+34600123456", 100),  # which two have, so neither is meant
    ]
    # Nobody can be told by a name alone.
    assert found.rejected == {"no_customer": 2}
    assert found.kept == {"further_line": 1}


def test_a_stripe_guest_is_known_by_the_address(read: Read, lines_of: Lines) -> None:
    found = read(
        "id,Amount,Amount Refunded,Customer ID,Customer Email,Currency,Created (UTC),Status,Captured\n"
        "ch_1,10.00,0.00,cus_1,Ana@example.org,eur,2024-01-31 09:59,Paid,true\n"
        "ch_2,11.00,0.00,,ana@example.org,eur,2024-01-31 09:59,Paid,true\n"
        "ch_3,12.00,0.00,,ben@example.org,eur,2024-01-31 09:59,Paid,true\n"
    )
    assert [row["customer_id"] for row in lines_of(found)] == ["cus_1", "cus_1", "ben@example.org"]
