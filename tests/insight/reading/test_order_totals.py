"""Where an export writes a line for each article and the order's total, the order counts once.

Whatever stands on which of its lines, in whatever order, in however many files.
"""

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

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
    "refund": "Refunded Amount", "currency": "Currency", "article": "Lineitem name",
    "paid": "paid", "cancelled": "voided", "refunded": "refunded",
}  # fmt: skip
WOOCOMMERCE = {
    "order": "Order Number", "customer": "Email (Billing)", "day": "Order Date", "total": "Order Total Amount",
    "state": "Order Status", "refund": "Order Refund Amount", "currency": "Order Currency", "article": "Item Name",
    "paid": "Completed", "cancelled": "Cancelled", "refunded": "Refunded",
}  # fmt: skip
OF_THE_ORDER = ("customer", "day", "total", "state", "refund", "currency")


@dataclass(frozen=True)
class Order:
    """An order of a shop, and the articles of which the export repeats the line exactly."""

    number: int
    customer: str
    day: int
    total: int
    state: str
    given_back: int
    articles: int
    repeated: Sequence[int]

    @property
    def is_late(self) -> bool:
        return self.day == LATE

    @property
    def refund(self) -> int | None:
        """What is given back of it in the end."""
        return self.given_back or (self.total if self.state == "refunded" else None)


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
        "currency": "EUR",
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


FOLDERS = count()


@pytest.mark.parametrize("names", [SHOPIFY, WOOCOMMERCE], ids=["Shopify", "WooCommerce"])
@given(shop=orders(), files=st.integers(1, 3), chance=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_order_counts_once_whatever_its_lines_say_where(
    engine: Engine,
    tmp_path: Path,
    lines_of: Lines,
    names: dict[str, str],
    shop: list[Order],
    files: int,
    chance: random.Random,
) -> None:
    # One order that counts, so that no file is refused.
    shop = [*shop, Order(99, "zoe@x.org", 3, 700, "paid", 0, 1, [])]
    rows = [row for order in shop for row in rows_of(order, names, chance)]
    chance.shuffle(rows)
    folder = tmp_path / f"shop-{next(FOLDERS)}"
    folder.mkdir()
    header = [names[cell] for cell in ("order", *OF_THE_ORDER, "article")]
    for number in range(min(files, len(rows))):
        with (folder / f"{number}.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, header)
            writer.writeheader()
            writer.writerows(rows[number::files])
    found = read_purchases(engine, Source(paths=folder), until=UNTIL)
    counting = [order for order in shop if order.state != "cancelled" and not order.is_late]
    paid = Counter((o.customer, f"#{o.number}", o.total) for o in counting)
    back = Counter(
        (o.customer, f"#{o.number}", -o.refund) for o in counting if o.refund is not None
    )
    told: dict[bool, Counter[tuple[str, str, int]]] = {False: Counter(), True: Counter()}
    for row in lines_of(found):
        told[row["is_refund"]][row["customer_id"], row["order_id"], row["amount_minor"]] += 1
    assert told == {False: paid, True: back}
    rejected, kept = expected_counts(shop)
    assert (found.rejected, found.kept) == (dict(rejected), dict(kept))
    assert found.rows_selected == len(rows)
    errors = folder / "errors.csv"
    assert found.rows.write_rejected(errors) == rejected.total()


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


def test_a_cell_that_holds_something_else_is_not_filled_from_another_line(read: Read) -> None:
    found = read(
        "Name,Email,Financial Status,Total,Created at,Lineitem name\n"
        "#1,a@x.org,paid,20,2024-01-01,Cup\n"
        "#1,guest,paid,20,2024-01-01,Plate\n"
        "#1,a@x.org,paid,20,31/31/2024,Bowl\n"
        "#1,a@x.org,paid,twenty,2024-01-01,Fork\n"
    )
    assert found.rejected == {"no_customer": 1, "bad_date": 1, "bad_amount": 1}
