"""A file of millions comes in as its events would one by one: the same people, events and effects."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from tests.sent import referrals

from regulars.care.models import Task
from regulars.insight import Source
from regulars.insight.errors import MissingColumn
from regulars.intake.files.business import Ground
from regulars.intake.files.customers import import_customers
from regulars.intake.files.errors import NoCustomerColumn
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.purchases import import_purchases
from regulars.intake.files.referrals import import_referrals
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.people.models import Customer, Identity, Location, Preference
from regulars.people.queries import recognise_by_name
from regulars.people.services import add_customer, add_location
from regulars.stream.models import Event
from regulars.stream.services import checked

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BERLIN = Ground(currency="EUR", time_zone="Europe/Berlin", region="DE")
ACTOR = Actor("command", "import")
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


SHOPIFY = (
    "Name,Email,Financial Status,Total,Currency,Created at,Refunded Amount,Lineitem name\n"
    "#1001,ana@sommer.example,{status},40.00,EUR,2026-06-01 10:00:00 +0200,{refunded},Cup\n"
)


def given_back():
    told = Event.objects.filter(type="purchase.refunded").order_by("position")
    return [event.data["total"]["amount_minor"] for event in told]


class TestSumsOfRefundsThatGrow:
    def export(self, tmp_path, refunded, status="partially_refunded"):
        text = SHOPIFY.format(refunded=refunded, status=status)
        return take(the_file(tmp_path, text))

    def test_what_a_sum_has_grown_by_is_a_further_refund_and_nothing_counts_twice(self, tmp_path):
        for refunded, status in (
            *(("5.00", "partially_refunded"), ("12.00", "partially_refunded")),
            *(("12.00", "partially_refunded"), ("5.00", "partially_refunded")),
            *(("40.00", "refunded"), ("40.00", "refunded"), ("12.00", "partially_refunded")),
        ):
            told = self.export(tmp_path, refunded, status)
            assert told.rejected == {}
        assert given_back() == [500, 700, 2_800]
        assert told.duplicates == 2
        assert {
            one.data["refund_of"] for one in Event.objects.filter(type="purchase.refunded")
        } == {"#1001"}

    def test_a_further_refund_fits_its_schema_and_a_dry_run_writes_none(self, tmp_path):
        self.export(tmp_path, "5.00")
        text = SHOPIFY.format(refunded="12.00", status="partially_refunded")
        told = take(the_file(tmp_path, text), is_dry=True)
        assert (told.recorded, given_back()) == ({"purchase.refunded": 1}, [500])
        self.export(tmp_path, "12.00")
        for event in Event.objects.all():
            checked(event.type, event.data)

    def test_a_sum_that_shrank_is_set_aside(self, tmp_path):
        self.export(tmp_path, "12.00")
        assert self.export(tmp_path, "5.00").rejected == {"receipt_conflict": 1}
        assert given_back() == [1_200]


class TestFilesWithoutRows:
    """A till's nightly file after a day on which nothing was sold."""

    @pytest.mark.parametrize(
        ("how", "header"),
        [
            (import_purchases, "customer_id,occurred_at,amount,order_id\n"),
            (import_referrals, "sender_id,friend_id,occurred_at\n"),
            (import_customers, "Name,Telefon\n"),
        ],
    )
    def test_a_header_that_is_understood_is_no_error(self, tmp_path, how, header):
        refused = tmp_path / "errors.csv"
        refused.write_text("of yesterday")
        source = Source(paths=the_file(tmp_path, header))
        told = how(source=source, ground=BERLIN, errors=Errors(path=refused), actor=ACTOR, now=NOW)
        assert (told.rows, told.recorded, told.has_errors) == (0, {}, False)
        assert "of yesterday" not in refused.read_text()

    def test_it_is_said(self, tmp_path):
        told = take(the_file(tmp_path, "customer_id,occurred_at,amount\n"))
        assert told.notes == (
            "purchases.csv has a header and no rows: there is nothing to take in.",
        )

    def test_of_several_without_rows_each_header_is_looked_at(self, tmp_path):
        (tmp_path / "a.csv").write_text("customer_id,occurred_at,amount\n")
        (tmp_path / "b.csv").write_text("customer_id,amount\n")
        source = Source(paths=[tmp_path / "a.csv", tmp_path / "b.csv"])
        with pytest.raises(MissingColumn):
            import_purchases(source=source, ground=BERLIN, actor=ACTOR, now=NOW)

    @pytest.mark.parametrize(
        ("how", "error"), [(import_purchases, MissingColumn), (import_customers, NoCustomerColumn)]
    )
    def test_a_header_that_is_none_is_an_error_still(self, tmp_path, how, error):
        source = Source(paths=the_file(tmp_path, "7,4.20,x\n"))
        with pytest.raises(error):
            how(source=source, ground=BERLIN, actor=ACTOR, now=NOW)


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


CUSTOMERS = """Name,E-Mail,Telefon,Kundennr,Mag gern,Empfohlen von,Kunde seit
Ana Sommer,ana@example.org,0171 2345678,,Flat white; Fensterplatz,,2024-03-01
Ben,,,K-7,,Ana Sommer,2024-04-01
'=Cem,cem@example.org,,,,Dora,2024-05-01
,not an address,,,,,
,,,,,,
"""


class TestCustomers:
    def take(self, tmp_path, text=CUSTOMERS, **more):
        source = Source(paths=the_file(tmp_path, text, "customers.csv"))
        return import_customers(source=source, ground=BERLIN, actor=ACTOR, now=NOW, **more)

    def test_people_come_with_what_identifies_them_what_they_like_and_who_brought_them(
        self, tmp_path
    ):
        told = self.take(tmp_path)
        assert told.customers == 4  # Dora has no line and is known all the same
        assert told.rejected == {"bad_email": 1, "nobody": 1}
        ana = Customer.objects.get(name="Ana Sommer")
        assert set(ana.identities.values_list("kind", "value")) == {
            ("email", "ana@example.org"),
            ("phone", "+491712345678"),
        }
        assert set(ana.preferences.values_list("text", flat=True)) == {"Flat white", "Fensterplatz"}
        assert (ana.id, Customer.objects.get(name="Ben").id) in referrals()
        assert Event.objects.get(data__sender_id=str(ana.id)).occurred_at.day == 1
        # What a spreadsheet must not run is restored.
        assert Customer.objects.filter(name="=Cem").exists()

    def test_the_same_file_again_adds_nobody_and_nothing(self, tmp_path):
        self.take(tmp_path)
        again = self.take(tmp_path)
        assert (again.customers, again.recorded, again.duplicates) == (0, {}, 2)
        assert Customer.objects.count() == 4
        assert Preference.objects.count() == 2

    def test_whoever_is_known_by_any_identity_gets_what_was_not_known(self, tmp_path):
        ana = add_customer(
            name="Ana", identities=[("phone", "+491712345678")], region="DE", actor=ACTOR, now=NOW
        )
        told = self.take(tmp_path)
        assert (told.customers, told.known) == (3, 1)
        assert Identity.objects.get(kind="email", value="ana@example.org").customer_id == ana

    def test_a_name_alone_is_not_added_twice(self, tmp_path):
        text = "name,likes\nAna Sommer,tea\nana  sommer,cake\n"
        assert self.take(tmp_path, text).customers == 1
        assert self.take(tmp_path, text).customers == 0

    def test_names_that_are_alike_are_people_of_their_own(self, tmp_path):
        liked = {
            "Daniela": "tea",
            "Paula": "soup",
            "Paul": "beer",
            "Daniel": "cake",
            "สมชาย": "ชา",
            "สมชัย": "กาแฟ",
            "Anna M.": "wine",
            "Anna": "juice",
        }
        text = "name,likes,came_through\n" + "".join(
            f"{name},{like},{'Daniel' if name == 'Paul' else ''}\n" for name, like in liked.items()
        )
        assert self.take(tmp_path, text, is_dry=True).customers == 8
        assert self.take(tmp_path, text).customers == 8
        assert self.take(tmp_path, text).customers == 0
        assert dict(Preference.objects.values_list("customer__name", "text")) == liked
        assert Preference.objects.count() == 8
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert list(referrals()) == [(by_name["Daniel"], by_name["Paul"])]

    def test_a_sender_is_who_is_called_just_so_wherever_in_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr("regulars.intake.files.customers.CHUNK_ROWS", 1)
        add_customer(name="Anna M.", region="DE", actor=ACTOR, now=NOW)
        head = "name,phone,came_through\n"
        told = self.take(tmp_path, f"{head}Ben,,Anna\nAnna,0171 2345678,\n")
        assert told.customers == 2
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert list(referrals()) == [(by_name["Anna"], by_name["Ben"])]

    def test_part_of_a_senders_name_will_do_where_it_can_mean_one_person_only(self, tmp_path):
        for name in ("Anna M.", "Annabel", "Eva K.", "Eva L."):
            add_customer(name=name, region="DE", actor=ACTOR, now=NOW)
        told = self.take(tmp_path, "name,came_through\nBen,Anna\nCem,Eva\n")
        assert told.customers == 3  # an Eva besides, who may be either
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert set(referrals()) == {
            (by_name["Anna M."], by_name["Ben"]),
            (by_name["Eva"], by_name["Cem"]),
        }

    def test_a_dry_run_writes_nothing(self, tmp_path):
        assert self.take(tmp_path, is_dry=True).customers == 4
        assert not Customer.objects.exists()

    def test_a_file_that_says_of_nobody_who_they_are_is_refused(self, tmp_path):
        with pytest.raises(NoCustomerColumn):
            self.take(tmp_path, "colour,size\nred,5\n")
