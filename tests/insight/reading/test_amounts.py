"""Amounts in all their forms are the same minor units."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regulars.insight import errors
from regulars.insight.engines import Engine, upload
from regulars.insight.reading import PurchaseLines, Source, read_purchases
from regulars.insight.reading.amounts import minor_units

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
HEADER = "customer_id;occurred_at;amount\n"


def amounts(read: Read, lines_of: Lines, *texts: str, **options: Any) -> list[int]:
    rows = "".join(f"c{n};2024-01-01;{text}\n" for n, text in enumerate(texts))
    return [
        row["amount_minor"] for row in lines_of(read(HEADER + "z;2024-01-01;0\n" + rows, **options))
    ][1:]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1 234,56", 123456),
        ("1\u202f234,56 €", 123456),
        ("1'234.56", 123456),
        ("€ 12,50", 1250),
        ("12,50 €", 1250),
        ("CHF 12.50", 1250),
        ("R$ 12,50", 1250),
        ("(12.50)", -1250),
        ("-12", -1200),
        ("12.50-", -1250),
        ("−12,50", -1250),
        ("$-12.50", -1250),
        (".5", 50),
        ("1.0050", 101),  # half away from zero
        ("-1.0050", -101),
        ("1.5e3", 150000),
        ("0", 0),
        ("12,34,567.00", 123456700),
    ],
)
def test_many_forms_are_one_amount(read: Read, lines_of: Lines, text: str, minor: int) -> None:
    assert amounts(read, lines_of, text) == [minor]


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "five", "1,2,3.4.5", "12 34", "5 apples each", "1e400", "99999999999999999"],
)
def test_what_is_no_amount_is_rejected(read: Read, text: str) -> None:
    assert read(f"{HEADER}ana;2024-01-01;5\nben;2024-01-01;{text}\n").rejected == {"bad_amount": 1}


def test_one_amount_decides_the_decimal_mark_of_the_column(read: Read, lines_of: Lines) -> None:
    assert amounts(read, lines_of, "1.234", "0,99") == [123400, 99]
    assert amounts(read, lines_of, "1,234", "0.99") == [123400, 99]


def test_where_nothing_decides_a_word_is_said_and_the_person_can_decide(
    read: Read, lines_of: Lines
) -> None:
    found = read('customer_id,occurred_at,amount\nana,2024-01-01,"1,234"\n')
    assert [row["amount_minor"] for row in lines_of(found)] == [123400]
    assert any("No amount tells" in note for note in found.notes)
    assert amounts(read, lines_of, "1,234", decimal=",") == [123]
    assert amounts(read, lines_of, "1.234", decimal=",") == [123400]


def test_a_yen_has_no_cents_and_a_dinar_has_a_thousand_fils(read: Read, lines_of: Lines) -> None:
    for currency, minor in (("JPY", 1250), ("EUR", 125000), ("KWD", 1250000)):
        found = read(f"customer_id,occurred_at,amount,currency\nana,2024-01-01,1250,{currency}\n")
        assert [row["amount_minor"] for row in lines_of(found)] == [minor]
        assert found.currency == currency


def test_quantity_times_price_is_the_amount_and_a_negative_either_is_a_refund(
    read: Read, lines_of: Lines
) -> None:
    content = "customer_id,occurred_at,quantity,unit_price\n"
    rows = "a,2024-01-01,3,0.35\nb,2024-01-01,-2,1.10\nc,2024-01-01,1,-4\nd,2024-01-01,-1,0\ne,2024-01-01,0,5\n"
    lines = lines_of(read(content + rows))
    assert [(row["amount_minor"], row["is_refund"]) for row in lines] == [
        (105, False),
        (-220, True),
        (-400, True),
        (0, True),
        (0, False),  # nothing was paid, and it is still a purchase
    ]


def test_currencies_are_converted_by_rates_and_never_added_up(
    read: Read, lines_of: Lines, tmp_path: Path
) -> None:
    content = (
        "customer_id,occurred_at,amount,currency\n"
        "a,2024-01-01,100,EUR\nb,2024-01-01,100,usd\nc,2024-02-01,100,USD\nd,2024-01-01,5,XYZ\n"
    )
    with pytest.raises(errors.MixedCurrencies, match="EUR, USD"):
        read(content)
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1\nUSD,0.92\n")
    found = read(content, currency_rates=rates)
    assert [row["amount_minor"] for row in lines_of(found)] == [10000, 9200, 9200]
    assert (found.currency, found.rejected) == ("EUR", {"bad_currency": 1})
    # By the day: the latest rate on or before it.
    rates.write_text(
        "currency,rate,date\nEUR,1,2023-01-01\nUSD,0.90,2023-12-01\nUSD,0.95,2024-01-15\n"
    )
    assert [row["amount_minor"] for row in lines_of(read(content, currency_rates=rates))] == [
        10000,
        9000,
        9500,
    ]


def test_rates_that_name_no_target_are_refused(read: Read, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1.1\nUSD,0.92\n")
    content = (
        "customer_id,occurred_at,amount,currency\na,2024-01-01,100,EUR\nb,2024-01-01,100,USD\n"
    )
    with pytest.raises(errors.BadRates, match="the target"):
        read(content, currency_rates=rates)
    assert read(content, currency_rates=rates, target_currency="CHF").currency == "CHF"


@given(
    amounts=st.lists(
        st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False),
        min_size=1,
        max_size=200,
    )
)
@example(amounts=[Decimal("1.005"), Decimal("-8.345"), Decimal("0.285")])
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_halves_go_away_from_zero_as_on_paper(engine: Engine, amounts: list[Decimal]) -> None:
    table = upload(engine, pa.table({"amount": [float(amount) for amount in amounts]}), "amounts")
    found = engine.fetch(table.select(minor=minor_units(table.amount, 100.0)))["minor"].to_pylist()
    assert found == [int((amount * 100).to_integral_value(ROUND_HALF_UP)) for amount in amounts]


def test_the_largest_whole_number_is_kept_and_the_next_is_rejected(
    read: Read, lines_of: Lines
) -> None:
    assert amounts(read, lines_of, "90071992547409.91") == [2**53 - 1]
    assert read(f"{HEADER}a;2024-01-01;1\nb;2024-01-01;90071992547409.93\n").rejected == {
        "bad_amount": 1
    }


def test_points_that_could_be_thousands_are_asked_of_the_file_and_said(
    read: Read, lines_of: Lines
) -> None:
    german = read(f"{HEADER}ana;2024-01-01;1.250\nben;2024-01-01;3.500\ncem;2024-01-01;80\n")
    assert [row["amount_minor"] for row in lines_of(german)] == [125000, 350000, 8000]
    assert any("“,” is taken" in note for note in german.notes)
    english = read("customer_id,occurred_at,amount\nana,2024-01-01,1.250\n")
    assert [row["amount_minor"] for row in lines_of(english)] == [125]
    assert any("“.” is taken" in note for note in english.notes)
    # No thousands begin with 0, so here nothing is guessed.
    assert amounts(read, lines_of, "0.125", "1.250") == [13, 125]


@pytest.mark.parametrize(
    ("sign", "currency"),
    [("$", "USD"), ("US$", "USD"), ("A$", "AUD"), ("R$", "BRL"), ("CA$", "CAD"), ("NZ$", "NZD"), ("MX$", "MXN")],
)  # fmt: skip
def test_letters_before_a_dollar_say_which(read: Read, sign: str, currency: str) -> None:
    assert read(f"{HEADER}ana;2024-01-01;{sign}5\n").currency == currency


def test_dollars_of_two_countries_are_never_added_up(read: Read) -> None:
    with pytest.raises(errors.MixedCurrencies, match="BRL, USD"):
        read(f"{HEADER}ana;2024-01-01;R$5\nben;2024-01-01;$5\n")


def test_a_sign_or_a_name_in_the_currency_column_is_its_currency(read: Read) -> None:
    header = "customer_id,occurred_at,amount,currency\n"
    for cell in ("€", "eur", "Euro"):
        assert read(f"{header}ana,2024-01-01,5,{cell}\nben,2024-01-01,5,EUR\n").currency == "EUR"
    assert read(f"{header}ana,2024-01-01,5,บาท\n").currency == "THB"


def test_decimals_of_a_currency_without_any_are_said(read: Read) -> None:
    found = read(f"{HEADER}ana;2024-01-01;¥1,200\nben;2024-01-01;¥12.50\n")
    assert (
        "Amounts in JPY have no decimals, yet some here do (rows: 1); check what they mean."
        in found.notes
    )
    assert not any("decimals" in note for note in read(f"{HEADER}a;2024-01-01;€1.5\n").notes)


@pytest.mark.parametrize(
    ("cell", "rounded"),
    [
        ("12.505", 1),
        ("12.50", 0),
        ("12.500", 0),
        ("0.001", 1),
        ("22.200000000000003", 0),
        ("12.299999999999997", 0),
        ("90071992547409.91", 0),
    ],
)
def test_an_amount_finer_than_its_currency_is_rounded_and_counted(
    read: Read, cell, rounded
) -> None:
    found = read(f"customer_id,occurred_at,amount,currency\na,2024-01-01,{cell},EUR\n")
    assert found.kept.get("currency_precision", 0) == rounded


def test_each_currency_has_decimals_of_its_own(engine: Engine, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nJPY,0.006\nKWD,3.01\n")
    path = tmp_path / "purchases.csv"
    path.write_text(
        "customer_id,occurred_at,amount,currency\n"
        "a,2024-01-01,12.505,EUR\nb,2024-01-01,100.5,JPY\nc,2024-01-01,12.505,KWD\n"
        "d,2024-01-01,1.2345,KWD\ne,2024-01-01,100,JPY\n"
    )
    source = Source(paths=path, currency_rates=rates, target_currency="EUR")
    assert read_purchases(engine, source).kept == {"currency_precision": 3}
    found = read_purchases(engine, source, exactly=True)
    assert (found.kept, found.rejected) == ({}, {"currency_precision": 3})


def test_what_a_weight_comes_to_is_rounded_and_nothing_is_said(read: Read) -> None:
    text = "customer_id,occurred_at,unit_price,quantity\nana,2024-01-01,3.99,0.333\n"
    assert read(text).kept == {}


CONVERTED = "customer_id,occurred_at,amount,currency\na,2024-01-01,90,USD\nb,2024-01-03,100,EUR\n"


def test_amounts_are_converted_to_the_currency_that_is_asked_for(
    read: Read, lines_of: Lines, tmp_path: Path
) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1\nUSD,0.9\n")
    found = read(CONVERTED, currency_rates=rates, target_currency="usd")
    # A dollar is 0.9 euros, so 100 euros are 100 / 0.9 = 111.11 dollars.
    assert (found.currency, [row["amount_minor"] for row in lines_of(found)]) == (
        "USD",
        [9000, 11111],
    )
    with pytest.raises(errors.BadRates, match="no rate of “GBP”"):
        read(CONVERTED, currency_rates=rates, target_currency="GBP")
    with pytest.raises(errors.UnknownCurrency, match="XXQ"):
        read(CONVERTED, currency_rates=rates, target_currency="XXQ")
    # By the day, each at the latest rate of both.
    rates.write_text(
        "currency,rate,date\nEUR,1,2023-12-01\nUSD,0.9,2023-12-01\nUSD,0.8,2024-01-02\n"
    )
    found = read(CONVERTED, currency_rates=rates, target_currency="USD")
    assert [row["amount_minor"] for row in lines_of(found)] == [9000, 12500]


def test_another_currency_without_rates_is_refused(read: Read) -> None:
    content = "customer_id,occurred_at,amount,currency\na,2024-01-01,90,USD\n"
    with pytest.raises(errors.NoRates, match="to have them in EUR"):
        read(content, target_currency="EUR")
    assert read(content, target_currency="usd").currency == "USD"
    assert read(f"{HEADER}a;2024-01-01;5\n", target_currency="EUR").currency == "EUR"


def test_rates_are_read_as_purchases_are(read: Read, lines_of: Lines, tmp_path: Path) -> None:
    rates = tmp_path / "rates [1].csv"
    rates.write_bytes("Date;Currency;Rate\n01.12.2023;EUR;1\n01.12.2023;USD;0,9\n".encode("utf-16"))
    found = read(CONVERTED, currency_rates=rates)
    assert [row["amount_minor"] for row in lines_of(found)] == [8100, 10000]


def test_a_day_before_the_first_rate_has_its_own_reason(read: Read, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate,date\nEUR,1,2023-12-01\nUSD,0.9,2024-01-02\n")
    assert read(CONVERTED, currency_rates=rates).rejected == {"no_rate": 1}


def test_what_names_the_order_it_refunds_is_a_refund_whatever_its_sign(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "customer_id,occurred_at,amount,order_id,refund_of\n"
        "a,2024-01-01,10,1,\na,2024-01-02,10,2,0\na,2024-01-03,4,3,1\na,2024-01-04,-4,4,2\n"
    )
    assert [(row["amount_minor"], row["is_refund"]) for row in lines_of(found)] == [
        (1000, False),
        (1000, False),  # 0 is no order
        (-400, True),
        (-400, True),
    ]


def test_a_margin_that_cannot_be_read_is_unknown_and_counted(read: Read, lines_of: Lines) -> None:
    content = "customer_id,occurred_at,amount,margin\n"
    rows = "a,2024-01-01,10,40%\nb,2024-01-01,10,x\nc,2024-01-01,10,4\nd,2024-01-01,10,\n"
    found = read(content + rows)
    assert [row["margin_minor"] for row in lines_of(found)] == [None, None, 400, None]
    assert (found.rejected, found.kept) == ({}, {"bad_margin": 2})


def test_a_margin_above_its_amount_is_unknown_and_counted(read: Read, lines_of: Lines) -> None:
    rows = "a,2024-01-01,10,10.01\nb,2024-01-01,10,10\nc,2024-01-01,10,-11\n"
    refunds = "a,2024-01-02,-5,5.01\nb,2024-01-02,-5,-5\n"
    found = read(f"customer_id,occurred_at,amount,margin\n{rows}{refunds}")
    assert [row["margin_minor"] for row in lines_of(found)] == [None, 1000, -1100, None, -500]
    assert (found.rejected, found.kept) == ({}, {"bad_margin": 2})


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("Rs. 500", 50000),
        ("Rs. 1200", 120000),
        ("Rs.500.00", 50000),
        ("Fr. 20", 2000),
        ("5.50 Fr.", 550),
        ("20.-", 2000),
        ("CHF 20.-", 2000),
        ("20.–", 2000),
        ("5-", -500),
        ("5.00-", -500),
        ("$(5.00)", -500),
        ("S/ 5.00", 500),
    ],
)
def test_what_stands_around_the_digits_is_no_part_of_them(
    read: Read, lines_of: Lines, text: str, minor: int
) -> None:
    found = read(f"{HEADER}ana;2024-01-01;{text}\nben;2024-01-01;100\n")
    assert [row["amount_minor"] for row in lines_of(found)] == [minor, 10000]


def test_amounts_without_a_currency_among_others_are_said(read: Read) -> None:
    found = read("customer_id,occurred_at,amount,currency\na,2024-01-01,5,EUR\nb,2024-01-02,6,\n")
    assert found.currency == "EUR"
    assert "1 amount names no currency and is taken as EUR." in found.notes


def test_a_rate_that_is_missing_among_those_given_is_named(read: Read, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1\nUSD,0.9\n")
    content = "customer_id,occurred_at,amount,currency\na,2024-01-01,5,EUR\nb,2024-01-02,6,KWD\n"
    with pytest.raises(errors.BadRates, match="there is no rate of “KWD”"):
        read(content, currency_rates=rates)


@pytest.mark.parametrize(
    ("text", "code"), [("10 Baht", "THB"), ("5 lei", "RON"), ("SFr. 3", "CHF")]
)
def test_a_currency_may_be_named_by_its_common_name(read: Read, text: str, code: str) -> None:
    assert read(f"{HEADER}ana;2024-01-01;{text}\n").currency == code


def test_the_currency_that_is_asked_for_is_that_of_amounts_that_name_none(
    read: Read, lines_of: Lines, tmp_path: Path
) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1\nUSD,0.5\n")
    content = "customer_id,occurred_at,amount,currency\na,2024-01-01,1,EUR\nb,2024-01-02,1,\n"
    found = read(content, currency_rates=rates, target_currency="USD")
    assert [row["amount_minor"] for row in lines_of(found)] == [200, 100]


def test_an_amount_that_could_be_in_any_of_several_currencies_is_said_to_be(
    read: Read, tmp_path: Path
) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate\nEUR,1\nUSD,0.5\n")
    content = "customer_id,occurred_at,amount,currency\nb,2026-01-02,10,USD\nc,2026-01-03,10,\n"
    found = read(content, currency_rates=rates)
    assert found.rejected == {"bad_currency": 1}
    assert any("say which with --currency" in note for note in found.notes)
    assert read(content, currency_rates=rates, target_currency="EUR").rejected == {}
