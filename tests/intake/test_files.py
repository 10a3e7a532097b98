"""A file of millions comes in as its events would one by one: the same people, events and effects."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from tests.intake.taking import ACTOR, BERLIN, NOW
from tests.sent import referrals

from regulars.care.models import Task
from regulars.insight import Source
from regulars.intake.files.business import Ground
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.purchases import import_purchases
from regulars.intake.files.referrals import import_referrals
from regulars.intake.services import Incoming, record
from regulars.people.models import Customer, Identity, Location
from regulars.people.queries import recognise_by_name
from regulars.people.services import add_customer, add_location
from regulars.stream.models import Event
from regulars.stream.services import checked

pytestmark = pytest.mark.django_db
CSV = """customer_id,occurred_at,amount,order_id,refund_of,customer_name,item
Ana@Example.org,2026-06-29T08:15:00,4.20,A1,,Ana Sommer,Flat white
Ana@Example.org,2026-06-29T08:16:00,2.80,A1,,Ana Sommer,Croissant
+49 171 2345678,2026-06-28,12.50,A2,,,Cake
K-7,2026-01-05 23:30:00,7,A3,,Ben,Tea
Ana@Example.org,2026-06-30,-2.80,A4,A1,,Croissant
anonymous,2026-06-30,1,A5,,,
"""


def the_file(tmp_path, text=CSV, name="purchases.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def take(path, *, ground=BERLIN, columns=None, **more):
    source = Source(paths=path, columns=columns or {})
    return import_purchases(source=source, ground=ground, actor=ACTOR, now=NOW, **more)


def events():
    return {event.data.get("order_id"): event for event in Event.objects.all()}


class TestPurchases:
    def test_lines_of_an_order_become_one_purchase_with_its_lines(self, tmp_path):
        told = take(the_file(tmp_path))
        assert told.recorded == {"purchase.completed": 3, "purchase.refunded": 1}
        assert (told.rows, told.rejected, told.customers) == (6, {"no_customer": 1}, 3)
        assert events()["A1"].data == {
            "total": {"amount_minor": 420 + 280, "currency": "EUR"},
            "order_id": "A1",
            "lines": [
                {"name": "Flat white", "quantity": 1, "amount_minor": 420},
                {"name": "Croissant", "quantity": 1, "amount_minor": 280},
            ],
        }

    def test_an_amount_finer_than_its_currency_is_refused_with_its_line(self, tmp_path):
        text = "customer_id,occurred_at,amount\nK-1,2026-06-29,12.505\nK-2,2026-06-29,12.50\n"
        refused = tmp_path / "errors.csv"
        told = take(the_file(tmp_path, text), errors=Errors(path=refused))
        assert (told.rejected, told.recorded) == (
            {"currency_precision": 1},
            {"purchase.completed": 1},
        )
        assert '"2","currency_precision","K-1"' in refused.read_text()
        yen = Ground(currency="JPY", time_zone="Asia/Tokyo", region="JP")
        told = take(the_file(tmp_path, text.replace("12.505", "100")), ground=yen)
        assert told.rejected == {"currency_precision": 1}

    def test_a_margin_above_its_amount_is_left_out_and_said(self, tmp_path):
        text = (
            "customer_id,occurred_at,amount,margin\nK-1,2026-06-29,12.50,125\nK-2,2026-06-29,5,2\n"
        )
        told = take(the_file(tmp_path, text))
        assert (told.recorded, told.kept) == ({"purchase.completed": 2}, {"bad_margin": 1})
        assert "The margin of 1 row cannot be read, or is above its amount" in told.notes[-1]
        margins = [event.data["lines"] for event in Event.objects.order_by("position")]
        assert [[line.get("margin_minor") for line in lines] for lines in margins] == [[], [200]]

    def test_a_column_of_places_tells_where_and_teaches_new_ones_where_somebody_says_so(
        self, tmp_path
    ):
        text = (
            "customer_id,occurred_at,amount,order_id,Filiale\n"
            "K-1,2026-06-29,4,A1,marktplatz\n"
            "K-1,2026-06-28,5,,Bahnhof\n"
            "K-1,2026-06-27,6,A3,\n"
        )
        market = add_location(name="Marktplatz", now=NOW)
        assert take(the_file(tmp_path, text), is_dry=True).recorded == {"purchase.completed": 3}
        take(the_file(tmp_path, text))
        assert [name for name, _ in Location.objects.values_list("name", "id")] == ["Marktplatz"]
        told = [event.data.get("location_id") for event in Event.objects.order_by("occurred_at")]
        assert told == [None, None, str(market)]
        again = text.replace("A1", "B1").replace("A3", "B3").replace(",5,", ",7,")
        path = the_file(tmp_path, again, "again.csv")
        take(path, columns={"location": "Filiale"}, is_dry=True)
        assert Location.objects.count() == 1, "a dry run teaches nothing"
        take(path, columns={"location": "Filiale"})
        station = Location.objects.get(name="Bahnhof").id
        assert str(station) in {event.data.get("location_id") for event in Event.objects.all()}

    def test_a_refund_points_at_its_purchase(self, tmp_path):
        take(the_file(tmp_path))
        refund = events()["A4"]
        assert refund.type == "purchase.refunded"
        assert refund.data["refund_of"] == "A1"
        assert refund.data["total"] == {"amount_minor": 280, "currency": "EUR"}

    def test_every_event_fits_the_schema_of_its_type(self, tmp_path):
        take(the_file(tmp_path))
        for event in Event.objects.all():
            assert (
                checked(event.type, event.data).model_dump(mode="json", exclude_none=True)
                == event.data
            )

    def test_people_are_known_by_what_the_file_calls_them_and_found_by_name(self, tmp_path):
        take(the_file(tmp_path))
        assert set(Identity.objects.values_list("kind", "value")) == {
            ("email", "ana@example.org"),
            ("phone", "+491712345678"),
            ("external", "K-7"),
        }
        assert [one.name for one in recognise_by_name("anna somer")] == ["Ana Sommer"]

    def test_whoever_is_known_already_is_recognised_and_keeps_their_name(self, tmp_path):
        ana = add_customer(
            name="Ana S.",
            identities=[("email", "ana@example.org")],
            region="DE",
            actor=ACTOR,
            now=NOW,
        )
        told = take(the_file(tmp_path))
        assert told.customers == 2
        assert events()["A1"].customer_id == ana
        assert Customer.objects.get(id=ana).name == "Ana S."

    def test_the_time_of_day_is_kept_where_there_is_one_and_noon_stands_for_none(self, tmp_path):
        take(the_file(tmp_path))
        # Berlin is two hours ahead in June, one in January.
        assert events()["A1"].occurred_at == datetime(2026, 6, 29, 6, 15, tzinfo=UTC)
        assert events()["A2"].occurred_at == datetime(2026, 6, 28, 10, tzinfo=UTC)
        assert events()["A3"].occurred_at == datetime(2026, 1, 5, 22, 30, tzinfo=UTC)


class TestTheSameAgain:
    def test_the_same_file_again_adds_nothing(self, tmp_path):
        path = the_file(tmp_path)
        take(path)
        again = take(path)
        assert (again.recorded, again.duplicates, again.customers) == ({}, 4, 0)
        assert (Event.objects.count(), Customer.objects.count()) == (4, 3)

    def test_rows_without_an_order_are_told_apart_by_their_content_and_running_number(
        self, tmp_path
    ):
        head, row = "customer_id,occurred_at,amount\n", "K-7,2026-06-01,3\n"
        take(the_file(tmp_path, head + row * 2))
        # The later export has the two coffees of the first, and a third.
        told = take(the_file(tmp_path, head + row * 3, name="later.csv"))
        assert (told.recorded, told.duplicates) == ({"purchase.completed": 1}, 2)

    def test_a_file_that_was_filled_up_adds_what_is_new_and_who_is(self, tmp_path, monkeypatch):
        monkeypatch.setattr("regulars.intake.files.drafts.CHUNK_EVENTS", 4)
        head = "customer_id,occurred_at,amount,customer_name\n"
        rows = [f"K-{day},2026-05-{day:02},{day},Ana {day}\n" for day in range(1, 25)]
        # Nothing of the first chunks is known, all of some in the middle is, and of others a part.
        before = [*rows[8:12], rows[13], rows[22]]
        take(the_file(tmp_path, head + "".join(before)))
        Customer.objects.filter(name="Ana 14").delete()
        told = take(the_file(tmp_path, head + "".join(rows), name="whole.csv"))
        assert (told.duplicates, told.recorded) == (6, {"purchase.completed": 18})
        assert (told.customers, Event.objects.count(), Customer.objects.count()) == (18, 24, 23)
        assert take(the_file(tmp_path, head + "".join(rows))).duplicates == 24

    def test_who_was_erased_is_not_added_again_by_events_that_are_known(self, tmp_path):
        path = the_file(tmp_path)
        take(path)
        Customer.objects.all().delete()
        take(path)
        assert not Customer.objects.exists()

    def test_an_interrupted_file_is_whole_after_the_second_time(self, tmp_path, monkeypatch):
        monkeypatch.setattr("regulars.intake.files.drafts.CHUNK_EVENTS", 3)
        rows = [f"K-{number % 4},2026-05-{number + 1:02},{number}\n" for number in range(20)]
        path = the_file(tmp_path, "customer_id,occurred_at,amount\n" + "".join(rows))
        stages = []

        def stop(stage, fraction=None):
            stages.append(fraction)
            if fraction and fraction > 0.5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            take(path, progress=stop)
        there = Event.objects.count()
        assert 0 < there < 20
        told = take(path)
        assert (told.duplicates, sum(told.recorded.values())) == (there, 20 - there)
        assert (Event.objects.count(), Customer.objects.count()) == (20, 4)

    def test_a_dry_run_counts_and_writes_nothing(self, tmp_path):
        path = the_file(tmp_path)
        dry = take(path, is_dry=True)
        assert not Event.objects.exists()
        assert not Customer.objects.exists()
        told = take(path)
        assert (dry.recorded, dry.duplicates, dry.customers) == (
            told.recorded,
            told.duplicates,
            told.customers,
        )


def one_by_one(path):
    """The events of a file, told one by one in the order in which they happened."""
    with transaction.atomic():
        take(path)
        told = [
            Incoming(
                type=event.type,
                source=event.source,
                key=event.key,
                occurred_at=event.occurred_at,
                customer_id=event.customer_id,
                data=event.data,
            )
            for event in Event.objects.order_by("position")
        ]
        in_bulk = state()
        transaction.set_rollback(True)
    return in_bulk, told


def state():
    """What is in the log and on the list, but for ids that are made anew."""
    log = set(
        Event.objects.values_list("type", "source", "key", "occurred_at", "version", "recorded_by")
    )
    data = sorted(json.dumps(event.data, sort_keys=True) for event in Event.objects.all())
    tasks = sorted(Task.objects.values_list("kind", "customer_id", "about_id", "due_on"))
    return log, data, tasks


def test_what_follows_from_a_file_is_what_follows_event_by_event(tmp_path):
    people = {
        f"K-{number}": add_customer(
            name=f"K{number}",
            identities=[("external", f"K-{number}")],
            region=None,
            actor=ACTOR,
            now=NOW,
        )
        for number in range(30)
    }
    rows = []
    for number, name in enumerate(people):
        last = 55 + number
        for back in (last + 14, last + 7, last, 7 - number % 8, number % 3):
            day = (NOW - timedelta(days=back)).date()
            rows.append(f"{name},{day},{number}\n")
    path = the_file(tmp_path, "customer_id,occurred_at,amount\n" + "".join(rows))
    in_bulk, told = one_by_one(path)
    for one in told:
        with transaction.atomic():
            record(incoming=[one], region=None, actor=ACTOR, now=NOW)
    assert state() == in_bulk
    assert in_bulk[2]  # somebody has come back


def test_a_file_of_what_was_long_ago_mends_the_list_that_a_till_made_before(tmp_path):
    ana, ben = (
        add_customer(name=name, identities=[("external", name)], region=None, actor=ACTOR, now=NOW)
        for name in ("K-1", "K-2")
    )
    for customer, *days in ((ana, 2), (ben, 300, 2)):
        told = [
            Incoming(
                type="visit.recorded",
                source="till",
                key=f"{customer} {back}",
                occurred_at=NOW - timedelta(days=back),
                customer_id=customer,
            )
            for back in days
        ]
        record(incoming=told, region=None, actor=ACTOR, now=NOW - timedelta(hours=1))

    def welcomed():
        return set(Task.objects.filter(withdrawn_at=None).values_list("customer_id", flat=True))

    assert welcomed() == {ben}
    # Ana had been here before, and Ben three weeks ago.
    text = "customer_id,occurred_at,amount\nK-1,2025-06-01,3\nK-2,2026-06-08,3\n"
    take(the_file(tmp_path, text))
    assert welcomed() == {ana}


class TestRefunds:
    def test_a_file_of_refunds_needs_no_minus_and_names_the_orders(self, tmp_path):
        text = "customer_id,occurred_at,amount,order_id\nK-7,2026-06-02,3,A3\n"
        told = take(the_file(tmp_path, text), all_refunds=True)
        assert told.recorded == {"purchase.refunded": 1}
        (refund,) = Event.objects.all()
        assert refund.data == {
            "total": {"amount_minor": 300, "currency": "EUR"},
            "refund_of": "A3",
            "lines": [],
        }


def test_rows_that_cannot_be_used_are_in_the_error_file_with_line_and_reason(tmp_path):
    errors = tmp_path / "errors.csv"
    take(the_file(tmp_path), errors=Errors(path=errors))
    assert errors.read_text("utf-8").splitlines()[1].split(",")[1:3] == ['"7"', '"no_customer"']


REFERRALS = """sender_id,friend_id,occurred_at
ana@example.org,K-7,2026-06-29
K-7,+49 171 2345678,2026-06-29
K-7,K-7,2026-06-29
,K-7,2026-06-29
"""


class TestReferrals:
    def take(self, tmp_path, text=REFERRALS, **more):
        source = Source(paths=the_file(tmp_path, text, "referrals.csv"))
        return import_referrals(source=source, ground=BERLIN, actor=ACTOR, now=NOW, **more)

    def test_who_brought_whom_is_known_and_whoever_brought_somebody_first_is_thanked(
        self, tmp_path
    ):
        take(the_file(tmp_path))
        told = self.take(tmp_path)
        assert told.recorded == {"referral.recorded": 2}
        assert told.rejected == {"no_sender": 1, "self_referral": 1}
        assert told.customers == 0
        ben = Customer.objects.get(name="Ben")
        ana = Customer.objects.get(name="Ana Sommer")
        assert (ana.id, ben.id) in referrals()
        assert {task.customer_id for task in Task.objects.filter(kind=Task.THANK)} == {
            ana.id,
            ben.id,
        }

    def test_the_same_file_again_adds_nothing_and_strangers_become_customers(self, tmp_path):
        first, again = self.take(tmp_path), self.take(tmp_path)
        assert (first.customers, again.customers) == (3, 0)
        assert (sum(again.recorded.values()), again.duplicates) == (0, 2)
