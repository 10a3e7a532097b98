"""What is left of a purchase counts at home as it does in the file."""

import csv

import pytest
from tests.scoring.conftest import NOW, UNTIL, customer

from regulars.insight import ScoreRequest, Source, score
from regulars.intake.files.business import Ground
from regulars.intake.files.purchases import import_purchases
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Identity
from regulars.scoring.feed import opened, prepare
from regulars.scoring.models import Score
from regulars.scoring.services import run_scoring
from regulars.stream.lake import export
from regulars.stream.models import Event
from regulars.stream.services import NewEvent

pytestmark = pytest.mark.django_db(transaction=True)
ANA = customer("ana")


@pytest.fixture
def with_margins(town, tmp_path):
    """The town's purchases with what was left of each: a third, a loss now and then, sometimes unknown."""
    with town.purchases.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for number, row in enumerate(rows):
        left = round(float(row["amount"]) * (-0.1 if number % 7 == 0 else 0.33), 2)
        row["margin"] = "" if number % 5 == 0 else str(left)
    path = tmp_path / "margins.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_file_with_margins_gives_the_same_scores_at_home_as_by_itself(with_margins):
    source = Source(paths=with_margins, timezone="UTC")
    ground = Ground(currency="EUR", time_zone="UTC", region="DE")
    import_purchases(source=source, ground=ground, actor=SYSTEM, now=NOW)
    run = run_scoring(until=UNTIL, actor=SYSTEM, now=NOW)
    of_file = score(ScoreRequest(purchases=source, until=UNTIL))
    assert of_file.summary["ladder"] == "models"
    owner = dict(Identity.objects.values_list("value", "customer_id"))
    stored = {one.customer_id: one for one in Score.objects.filter(run=run)}
    expected = {owner[row["customer_id"]]: row for row in of_file.scores.to_pylist()}
    assert stored.keys() == expected.keys()
    for who, row in expected.items():
        for name in ("clv", "value_to_date", "clv_high"):
            assert getattr(stored[who], name) == pytest.approx(row[name] * 100, abs=0.51), name


def purchase(key, minor, *, kind="purchase.completed", **data):
    total = {"amount_minor": minor, "currency": "EUR"}
    return NewEvent(
        type=kind,
        source="till",
        key=key,
        customer_id=ANA,
        occurred_at=NOW.replace(month=6, day=int(key)),
        data={"total": total, **data},
    )


def line(amount, margin=None):
    told = {"quantity": 1, "amount_minor": amount}
    return told if margin is None else told | {"margin_minor": margin}


def test_the_margin_of_an_event_or_of_each_of_its_lines_counts_and_refunds_take_theirs_back(
    write, home, tmp_path
):
    write(
        purchase("1", 1_000, margin_minor=400),
        purchase("2", 1_000, lines=[line(600, 300), line(400, -100)]),
        purchase("3", 1_000, margin_minor=700, lines=[line(600, 100), line(400)]),
        purchase("4", 1_000, lines=[line(600, 100), line(100, 100)]),  # do not come to the total
        purchase("5", 1_000, lines=[line(600, 100), line(400)]),
        purchase("6", 1_000),
        purchase("7", 500, kind="purchase.refunded", margin_minor=250),
    )
    with opened(export(home / "lake"), {}, tmp_path) as engine:
        feed = prepare(engine, tmp_path, until=UNTIL, timezone="UTC", currency="EUR")
        rows = engine.execute(
            "SELECT event, amount, margin FROM read_parquet(?) ORDER BY event, line",
            [str(feed.purchases)],
        ).fetchall()
    first = rows[0][0]
    assert [(event - first + 1, amount, margin) for event, amount, margin in rows] == [
        (1, 10, 4),
        (2, 6, 3),
        (2, 4, -1),
        (3, 10, 7),
        (4, 10, 2),
        (5, 6, 1),
        (5, 4, None),
        (6, 10, None),
        (7, -5, 2.5),
    ]
    assert {event.version for event in Event.objects.all()} == {2}


def test_of_an_order_no_more_is_given_back_than_was_bought(write, home, tmp_path):
    def back(key, minor, order, **more):
        return purchase(key, minor, kind="purchase.refunded", refund_of=order, **more)

    write(
        purchase("1", 1_000, order_id="A", margin_minor=400),
        back("2", 700, "A"),
        back("3", 500, "A", lines=[line(250), line(250)]),  # 3 are left
        back("4", 100, "A"),  # nothing is left
        back("5", 900, "B"),  # nobody knows of how much
        purchase("6", 500, order_id="C"),
        back("7", 1_000, "C", margin_minor=600),
    )
    with opened(export(home / "lake"), {}, tmp_path) as engine:
        feed = prepare(engine, tmp_path, until=UNTIL, timezone="UTC", currency="EUR")
        rows = engine.execute(
            "SELECT event, amount, margin FROM read_parquet(?) ORDER BY event, line",
            [str(feed.purchases)],
        ).fetchall()
    first = rows[0][0]
    assert [(event - first + 1, amount, margin) for event, amount, margin in rows] == [
        (1, 10, 4),
        (2, -7, None),
        (3, -3, None),
        (5, -9, None),
        (6, 5, None),
        (7, -5, 3),
    ]
