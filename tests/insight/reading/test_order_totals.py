"""Where an export writes a line for each article and the order's total, the order counts once.

Whatever stands on which of its lines, in whatever order, in however many files.
"""
# ruff: noqa: E501

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.insight.engines import Engine
from regulars.insight.reading import PurchaseLines, Source, read_purchases

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
UNTIL = date(2026, 2, 20)
LATE = 25

# An export's columns for an order's cells, its article, and how it calls a state.
SHOPIFY = {
    "order": "Name", "customer": "Email", "day": "Created at", "total": "Total", "state": "Financial Status",
    "refund": "Refunded Amount", "currency": "Currency", "name": "Billing Name", "article": "Lineitem name",
    "paid": "paid", "cancelled": "voided", "refunded": "refunded",
}  # fmt: skip
WOOCOMMERCE = {
    "order": "Order Number", "customer": "Email (Billing)", "day": "Order Date", "total": "Order Total Amount",
    "state": "Order Status", "refund": "Order Refund Amount", "currency": "Order Currency", "name": "Full Name (Billing)",
    "article": "Item Name",
    "paid": "Completed", "cancelled": "Cancelled", "refunded": "Refunded",
}  # fmt: skip
OF_THE_ORDER = ("customer", "day", "total", "state", "refund", "currency", "name")
NAMES = {"ana@x.org": "Ana", "ben@x.org": "Ben", "zoe@x.org": "Zoe"}
# A dollar is half a euro, so that an amount in the wrong currency is a wrong amount.
RATES = "currency,rate\nEUR,1\nUSD,0.5\n"


@dataclass(frozen=True)
class Order:
    """An order of a shop, and the articles of which the export repeats the line exactly."""

    number: int
    customer: str
    day: int
    total: int
    state: str
    given_back: int
    currency: str
    articles: int
    repeated: Sequence[int]

    @property
    def is_late(self) -> bool:
        return self.day == LATE

    @property
    def paid(self) -> int:
        """What was paid, in euros."""
        return self.total // 2 if self.currency == "USD" else self.total

    @property
    def refund(self) -> int | None:
        """What is given back of it in the end, in euros."""
        back = self.given_back // 2 if self.currency == "USD" else self.given_back
        return back or (self.paid if self.state == "refunded" else None)


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        articles = draw(st.integers(1, 3))
        made.append(
            Order(
                number=number,
                customer=draw(st.sampled_from(["ana@x.org", "ben@x.org"])),
                day=draw(st.sampled_from([1, 2, 9, LATE])),
                total=draw(st.sampled_from([0, 1000, 2500])),
                state=draw(st.sampled_from(["paid", "paid", "cancelled", "refunded"])),
                given_back=draw(st.sampled_from([0, 0, 500])),
                currency=draw(st.sampled_from(["EUR", "USD"])),
                articles=articles,
                repeated=draw(st.lists(st.integers(0, articles - 1), max_size=2)),
            )
        )
    return made


def rows_of(order: Order, names: dict[str, str], chance: random.Random) -> list[dict[str, str]]:
    """Its lines: each cell of the order on all of them, or on one of them and empty elsewhere."""
    cells = {
        "customer": order.customer,
        "day": f"2026-02-{order.day:02} 10:00",
        "total": f"{order.total / 100:.2f}",
        "state": names[order.state],
        "refund": f"{order.given_back / 100:.2f}",
        "currency": order.currency,
        "name": NAMES[order.customer],
    }
    places = {cell: chance.choice([None, *range(order.articles)]) for cell in OF_THE_ORDER}
    lines = [
        {names["order"]: f"#{order.number}", names["article"]: f"Article {article}"}
        | {
            names[cell]: cells[cell] if places[cell] in {None, article} else ""
            for cell in OF_THE_ORDER
        }
        for article in range(order.articles)
    ]
    return lines + [lines[article] for article in order.repeated]


def expected_counts(shop: Sequence[Order]) -> tuple[Counter[str], Counter[str]]:
    """What is rejected and kept: a cancelled order's lines are no repeats, and late ones are late."""
    rejected, kept = Counter[str](), Counter[str]()
    for order in shop:
        lines = order.articles + len(order.repeated)
        if order.state == "cancelled":
            rejected["cancelled"] += lines
        elif order.is_late:
            rejected["after_until"] += lines
        else:
            rejected["repeated_line"] += len(order.repeated)
            kept["further_line"] += order.articles - 1
    return +rejected, +kept


def an_order_counts_once(
    engine: Engine,
    tmp_path: Path,
    lines_of: Lines,
    names: dict[str, str],
    shop: list[Order],
    files: int,
    chance: random.Random,
) -> None:
    # One order that counts, so that no file is refused.
    shop = [*shop, Order(99, "zoe@x.org", 3, 700, "paid", 0, "EUR", 1, [])]
    rows = [row for order in shop for row in rows_of(order, names, chance)]
    chance.shuffle(rows)
    folder = Path(mkdtemp(dir=tmp_path))
    rates = tmp_path / "rates.csv"
    rates.write_text(RATES)
    header = [names[cell] for cell in ("order", *OF_THE_ORDER, "article")]
    headers = [header, header[::-1], header]
    for number in range(min(files, len(rows))):
        with (folder / f"{number}.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, headers[number])
            writer.writeheader()
            writer.writerows(rows[number::files])
    found = read_purchases(engine, Source(paths=folder, currency_rates=rates), until=UNTIL)
    counting = [order for order in shop if order.state != "cancelled" and not order.is_late]
    paid = Counter((o.customer, f"#{o.number}", o.paid) for o in counting)
    back = Counter(
        (o.customer, f"#{o.number}", -o.refund) for o in counting if o.refund is not None
    )
    told: dict[bool, Counter[tuple[str, str, int]]] = {False: Counter(), True: Counter()}
    for row in lines_of(found):
        told[row["is_refund"]][row["customer_id"], row["order_id"], row["amount_minor"]] += 1
    assert told == {False: paid, True: back}
    assert all(row["customer_name"] == NAMES[row["customer_id"]] for row in lines_of(found))
    rejected, kept = expected_counts(shop)
    assert (found.rejected, found.kept) == (dict(rejected), dict(kept))
    assert found.rows_selected == len(rows)
    errors = folder / "errors.csv"
    assert found.rows.write_rejected(errors) == rejected.total()


def tried(examples: int) -> Callable[..., None]:
    """That promise as a test of so many shops."""
    given_a_shop = given(
        shop=orders(), files=st.integers(1, 3), chance=st.randoms(use_true_random=False)
    )
    how = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    names = pytest.mark.parametrize("names", [SHOPIFY, WOOCOMMERCE], ids=["Shopify", "WooCommerce"])
    test: Callable[..., None] = names(how(given_a_shop(an_order_counts_once)))
    return test


test_an_order_counts_once_whatever_its_lines_say_where = tried(examples=4)


def test_an_order_that_stands_twice_is_a_repeat_and_its_further_line_stays_one(read: Read) -> None:
    header = "Name,Email,Financial Status,Total,Created at,Lineitem name,Currency\n"
    lines = "#1,a@x.org,paid,20,2024-01-01,Cup,EUR\n#1,a@x.org,,,2024-01-01,Plate,\n"
    found = read(header + lines + lines)
    assert found.rejected == {"repeated_line": 2}
    assert found.kept == {"further_line": 1}


def test_every_line_of_a_cancelled_order_is_one_of_a_cancelled_order(read: Read) -> None:
    found = read(
        "Name,Email,Financial Status,Total,Created at,Lineitem name\n"
        "#1,a@x.org,voided,20,2024-01-01,Cup\n"
        "#1,a@x.org,,,2024-01-01,Plate\n"
        "#2,a@x.org,paid,20,2024-01-01,Cup\n"
    )
    assert (found.rejected, found.kept) == ({"cancelled": 2}, {})


def test_orders_of_two_shops_with_one_number_are_cancelled_each_by_itself(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "Name,Email,Financial Status,Total,Created at,Lineitem name\n"
        "#1,a@x.org,voided,20,2024-01-01,Cup\n"
        "#1,a@x.org,,,2024-01-01,Plate\n"
        "#1,b@x.org,paid,30,2024-01-02,Cup\n"
        "#1,b@x.org,,,2024-01-02,Plate\n"
    )
    assert [row["amount_minor"] for row in lines_of(found)] == [3000]
    assert (found.rejected, found.kept) == ({"cancelled": 2}, {"further_line": 1})


def test_a_cell_that_holds_something_else_is_not_filled_from_another_line(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "Name,Email,Financial Status,Total,Created at,Lineitem name\n"
        "#1,a@x.org,paid,20,2024-01-01,Cup\n"
        "#1,guest,paid,20,2024-01-01,Plate\n"
        "#1,a@x.org,paid,20,31/31/2024,Bowl\n"
        "#1,a@x.org,paid,twenty,2024-01-01,Fork\n"
    )
    assert [row["amount_minor"] for row in lines_of(found)] == [2000]
    assert found.rejected == {"no_customer": 1, "bad_date": 1, "bad_amount": 1}
    assert found.kept == {}


HEADER = "Name,Email,Financial Status,Total,Created at,Lineitem name,Currency\n"
ANOTHER = "#9,z@x.org,paid,10,2024-01-09,Mug,EUR\n"


@pytest.mark.parametrize(
    ("rows", "rejected"),
    [
        # A guest of one shop is nobody of another shop that numbers alike.
        ("#1,,paid,50,2024-01-01,Cup,EUR\n#1,b@x.org,paid,20,2024-02-01,Mug,EUR\n", "no_customer"),
        ("#1,,paid,20,2024-01-01,Cup,EUR\n#1,b@x.org,paid,20,2024-02-01,Mug,EUR\n", "no_customer"),
        ("#1,,paid,50,2024-02-01,Cup,EUR\n#1,b@x.org,paid,20,2024-02-01,Mug,EUR\n", "no_customer"),
        ("#1,b@x.org,paid,50,,Cup,EUR\n#1,b@x.org,paid,20,2024-02-01,Mug,EUR\n", "bad_date"),
    ],
)
def test_a_line_that_is_of_another_order_fills_nothing(
    read: Read, lines_of: Lines, rows: str, rejected: str
) -> None:
    found = read(HEADER + rows)
    assert [(row["customer_id"], row["amount_minor"]) for row in lines_of(found)] == [
        ("b@x.org", 2000)
    ]
    assert (found.rejected, found.kept) == ({rejected: 1}, {})


def test_where_two_customers_share_a_number_an_empty_line_is_nobodys(read: Read) -> None:
    found = read(
        f"{HEADER}#1,a@x.org,paid,20,2024-01-01,Cup,EUR\n#1,b@x.org,paid,20,2024-01-01,Cup,EUR\n"
        "#1,,,,2024-01-01,Plate,\n"
    )
    assert (found.rejected, found.kept) == ({"no_customer": 1}, {})


@pytest.mark.parametrize(("total", "currency"), [("20", "XQX"), ("1e30", "EUR")])
def test_lines_of_an_order_that_does_not_count_are_not_kept(
    read: Read, total: str, currency: str
) -> None:
    found = read(
        f"{HEADER}#1,a@x.org,paid,{total},2024-01-01,Cup,{currency}\n"
        f"#1,a@x.org,,,2024-01-01,Plate,\n{ANOTHER}"
    )
    assert sum(found.rejected.values()) == 2
    assert found.kept == {}


@pytest.mark.parametrize("lines", [("40%", ""), ("", "40%"), ("3", "4"), ("4", "3")])
def test_the_margin_of_an_order_does_not_depend_on_the_order_of_its_lines(
    read: Read, lines_of: Lines, lines: tuple[str, str]
) -> None:
    header = "Order Number,Order Date,Email (Billing),Order Total Amount,margin,Item Name\n"
    rows = [f"1,2024-01-01,a@x.org,20,{margin},{margin or 'none'}\n" for margin in lines]
    found = read(header + "".join(rows))
    (line,) = lines_of(found)
    unknown = "40%" in lines
    assert line["margin_minor"] == (None if unknown else 400)
    assert found.kept == {"further_line": 1} | ({"bad_margin": 1} if unknown else {})


def test_a_sum_given_back_and_a_line_of_it_are_not_both_taken_off(
    read: Read, lines_of: Lines
) -> None:
    header = (
        "Order Number,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Name\n"
    )
    found = read(f"{header}1,2024-01-01,a@x.org,20,8,Cup\n1,2024-01-03,a@x.org,-5,,Cup\n")
    # Of the 8.00 the order's own line says when 5.00 were given back.
    assert sorted(row["amount_minor"] for row in lines_of(found)) == [-500, -300, 2000]


def test_a_sum_counts_less_what_is_given_back_later_whenever_one_looks(
    read: Read, lines_of: Lines
) -> None:
    header = (
        "Order Number,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Name\n"
    )
    content = f"{header}1,2026-01-05,a@x.org,50,20,Cup\n1,2026-02-10,a@x.org,-20,,Cup\n"
    january, february = date(2026, 1, 31), date(2026, 2, 28)
    for keep_until, amounts in ((None, [5000]), (february, [-2000, 5000])):
        found = read(content, until=january, keep_until=keep_until)
        assert sorted(row["amount_minor"] for row in lines_of(found)) == amounts


def test_a_sum_given_back_that_cannot_be_read_is_counted(read: Read) -> None:
    found = read(
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer ID\n"
        "ch_1,2026-01-05 10:00:00,50,n.v.,eur,true,Paid,cus_1\n"
        "ch_2,2026-01-06 10:00:00,50,,eur,true,Paid,cus_1\n"
    )
    assert (found.rejected, found.kept) == ({}, {"bad_refund_sum": 1})


def test_a_margin_counts_on_whichever_line_of_its_order_it_stands(
    read: Read, lines_of: Lines
) -> None:
    header = "Name,Email,Financial Status,Total,Created at,Lineitem name,margin\n"
    rows = "#1,a@x.org,paid,20,2026-01-05,Tea,\n#1,a@x.org,,,2026-01-05,Cup,7\n"
    (line,) = lines_of(read(header + rows))
    assert line["margin_minor"] == 700


PRICED = (
    "Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem price,Currency,Refunded Amount\n"
    "#1,a@x.org,voided,20,2024-01-01,1,15,EUR,0\n"
    "#1,a@x.org,,,2024-01-01,1,5,,\n"
    "#2,a@x.org,refunded,20,2024-01-05,1,15,EUR,0\n"
    "#2,,,,,1,5,,\n"
    "#3,a@x.org,paid,20,2024-01-06,1,15,USD,0\n"
    "#3,,,,,1,5,,\n"
)


def test_articles_that_are_priced_share_what_their_order_says(
    read: Read, lines_of: Lines, tmp_path: Path
) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(RATES)
    mapped = {"unit_price": "Lineitem price", "quantity": "Lineitem quantity"}
    found = read(PRICED, columns=mapped, currency_rates=rates)
    assert found.rejected == {"cancelled": 2}
    assert sorted((row["order_id"], row["amount_minor"]) for row in lines_of(found)) == [
        ("#2", -1500), ("#2", -500), ("#2", 500), ("#2", 1500), ("#3", 250), ("#3", 750),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("export", "amount"),
    [
        (
            (
                "Order Number,Order Date,Email (Billing),Order Total Amount,Order Subtotal Amount,Item Name\n"
                "1,2024-01-01,a@x.org,20,18,Cup\n1,2024-01-01,a@x.org,20,18,Plate\n"
            ),
            "Order Subtotal Amount",
        ),
        (
            (
                "Name,Email,Financial Status,Total,Subtotal,Created at,Lineitem name\n"
                "#1,a@x.org,paid,20,18,2024-01-01,Cup\n#1,a@x.org,,,,2024-01-01,Plate\n"
            ),
            "Subtotal",
        ),
    ],
)
def test_another_sum_of_the_order_counts_once_as_well(
    read: Read, lines_of: Lines, export: str, amount: str
) -> None:
    found = read(export, columns={"amount": amount})
    assert [row["amount_minor"] for row in lines_of(found)] == [1800]
    assert (found.rejected, found.kept) == ({}, {"further_line": 1})


def test_a_cancelled_order_in_another_currency_keeps_nothing_from_being_added_up(
    read: Read,
) -> None:
    found = read(f"{HEADER}#1,a@x.org,voided,20,2024-01-01,Cup,USD\n{ANOTHER}")
    assert (found.currency, found.rejected) == ("EUR", {"cancelled": 1})


def test_a_column_of_numbers_without_any_says_nothing(engine: Engine, tmp_path: Path) -> None:
    nothing = float("nan")
    table = {
        "Name": ["#1", "#1"], "Email": ["a@x.org", "a@x.org"], "Financial Status": ["paid", None],
        "Total": [20.0, nothing], "Created at": ["2024-01-01", "2024-01-01"],
        "Cancelled at": [nothing, nothing], "Lineitem name": ["Cup", "Plate"],
    }  # fmt: skip
    pq.write_table(pa.table(table), tmp_path / "shop.parquet")
    found = read_purchases(engine, Source(paths=tmp_path / "shop.parquet"))
    assert (found.rejected, found.kept) == ({}, {"further_line": 1})
