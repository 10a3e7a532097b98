"""What was exported is taken in again whole and once: elsewhere the same people with the same past, here nothing."""

import csv
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from tests.cafe import found_cafe

from regulars.insight import Source
from regulars.intake.bringing import take_back, tell_sender
from regulars.intake.files import ground, import_customers, import_purchases, import_referrals
from regulars.intake.files.errors import OwnFileAmongOthers
from regulars.intake.services import Incoming, record
from regulars.jobs.looking import look_at
from regulars.jobs.tables import export
from regulars.kernel.actor import SYSTEM
from regulars.kernel.progress import unheard
from regulars.people.bulk import Told, add_many
from regulars.people.models import Customer, Erasure, Identity, Location, Preference
from regulars.people.queries import everyone, standing
from regulars.people.services import (
    add_customer,
    add_location,
    erase,
    merge,
    set_location,
)
from regulars.project.books import books
from regulars.scoring.models import Score
from regulars.scoring.services import run_scoring
from regulars.stream.models import REFERRAL, Event

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
PURCHASE, REFUND = "purchase.completed", "purchase.refunded"
ROOMS = ("people", "stream", "care", "scoring", "outreach")
KEPT = ("Business", "Employee")
NUMBERS = count()


def tell(kind, who, days, *, source="till", location=None, **data):
    one = Incoming(
        type=kind,
        source=source,
        key=f"key-{next(NUMBERS)}",
        occurred_at=NOW - timedelta(days=days, minutes=7),
        customer_id=who,
        data=data | ({"location_id": str(location)} if location else {}),
    )
    (told,) = record(incoming=[one], region=None, **BY)
    return told.event_id


def paid(minor):
    return {"total": {"amount_minor": minor, "currency": "EUR"}}


def add(name, *identities, **more):
    return add_customer(name=name, identities=identities, region="DE", **more, **BY)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"


@pytest.fixture
def old_house(home):
    """A house with all that is hard to tell apart."""
    with transaction.atomic():
        return furnish()


def furnish():
    found_cafe(now=NOW)
    mitte = add_location(name="Mitte", now=NOW)
    ana = add(
        "=Ana Sommer",
        ("email", "ana@example.org"),
        ("email", "a@example.org"),
        ("external", "K-7"),
        likes=["flat white", "=window"],
    )
    belas = [add("Bela Xub") for _ in range(3)]
    nobody = Told(identities=(("phone", "+491712345678"),))
    add_many(people=[nobody], **BY)
    stranger = nobody.id
    dan, eva, faye = add("Dan"), add("Eva"), add("Faye", ("email", "faye@example.org"))
    other = add("Fay", ("phone", "+491712345600"), likes=["rye"])
    merge(kept=faye, merged=other, **BY)
    set_location(customer_id=dan, location_id=mitte)
    for days, who in enumerate((ana, *belas, stranger, dan, eva, faye, other, ana, dan), 20):
        tell(PURCHASE, who, days * 3, **paid(400 + days), order_id=f"R-{days}", location=mitte)
        tell(PURCHASE, who, days * 5, **paid(300), lines=[{"name": "tea", "amount_minor": 300}])
    tell(REFUND, None, 12, **paid(100), refund_of="R-20")
    tell(REFUND, belas[0], 11, **paid(150), refund_of="R-21")
    tell(PURCHASE, None, 10, **paid(250), order_id="N-1")
    tell("visit.recorded", belas[1], 2, location=mitte)
    tell_sender(friend_id=belas[0], sender_id=ana, **BY)
    tell(REFERRAL, belas[1], 50, sender_id=str(belas[0]))
    tell(REFERRAL, belas[1], 40, sender_id=str(ana))
    tell(REFERRAL, faye, 30, sender_id=str(stranger))
    tell(REFERRAL, dan, 60, sender_id=str(eva))
    wrong = tell(REFERRAL, stranger, 30, sender_id=str(belas[2]))
    take_back(event_id=wrong, **BY)
    erase(customer_id=eva, **BY)
    return {"ana": ana, "belas": belas, "dan": dan, "eva": eva, "faye": faye, "other": other}


def take(how, path, **more):
    return how(source=Source(paths=path), ground=ground(), **{**BY, **more})


def exported(tmp_path, form="csv"):
    folder = tmp_path / f"out-{next(NUMBERS)}"
    for what in ("customers", "events"):
        export(what=what, path=folder / f"{what}.{form}")
    return folder / f"customers.{form}", folder / f"events.{form}"


def move_out():
    """Another house: the same business, of which nothing is known yet."""
    for model in apps.get_models():
        if model._meta.app_label in ROOMS and model.__name__ not in KEPT:
            model._base_manager.all().delete()


def people():
    """Everybody by the id that is shown, with all that is known of them."""
    shown = Customer.objects.filter(id__in=everyone(ids()).values())
    whose = everyone(ids())
    return {
        one.id: (
            one.name,
            one.known_since,
            one.location and one.location.name,
            {
                (kind, value)
                for kind, value, who in Identity.objects.values_list("kind", "value", "customer")
                if whose[who] == one.id
            },
            {
                text
                for text, who in Preference.objects.values_list("text", "customer")
                if whose[who] == one.id
            },
        )
        for one in shown
    }


def ids():
    return list(Customer.objects.values_list("id", flat=True))


def brought():
    return {
        friend: (one.sender_id, one.occurred_at) for friend, one in standing(set(ids())).items()
    }


def past():
    """What happened to everybody, place by name; who was taken back is nobody's, and stays behind."""
    whose, places = everyone(ids()), dict(Location.objects.values_list("id", "name"))

    def told(one):
        data = dict(one.data)
        if "location_id" in data:
            data["location_id"] = places[UUID(data["location_id"])]
        if "sender_id" in data:
            sender = UUID(data["sender_id"])
            data["sender_id"] = str(whose.get(sender, sender))
        who = whose.get(one.customer_id, one.customer_id)
        # Who brought somebody may be told by the table of customers first, which has no names of events.
        name = () if one.type == REFERRAL else (one.source, one.told_key)
        return str(who), one.type, name, one.occurred_at, sorted(data.items())

    return sorted((told(one) for one in Event.objects.all() if not one.is_taken_back), key=repr)


def scores():
    """What everybody is worth; of which ids a person was made stays behind."""
    run = run_scoring(until=NOW.date(), actor=SYSTEM, now=NOW + timedelta(minutes=next(NUMBERS)))
    rows = Score.objects.filter(run_id=run).values()
    return {
        row["customer_id"]: {**row, "id": None, "run_id": None, "made_of": None} for row in rows
    }


def everything():
    return people(), brought(), past(), scores(), Erasure.objects.count()


def rows_of_all():
    """How many rows each table has that an import writes to."""
    models = (model for model in apps.get_models() if model._meta.app_label in ROOMS[:3])
    return {model.__name__: model._base_manager.count() for model in models}


IN_ANY_ORDER = (
    ("customers", "purchases", "referrals"),
    ("referrals", "purchases", "customers"),
    ("purchases", "customers", "referrals"),
)
HOW = {
    "customers": import_customers,
    "purchases": import_purchases,
    "referrals": import_referrals,
}


@pytest.mark.parametrize("order", IN_ANY_ORDER)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_in_another_house_everybody_is_who_they_were_with_the_same_past(
    old_house, tmp_path, form, order
):
    before = everything()
    assert len(before[3]) >= 7
    customers, events = exported(tmp_path, form)
    move_out()
    for what in order:
        tried = take(HOW[what], customers if what == "customers" else events, is_dry=True)
        told = take(HOW[what], customers if what == "customers" else events)
        assert (tried.recorded, tried.customers) == (told.recorded, told.customers)
        assert (tried.duplicates, tried.rejected) == (told.duplicates, told.rejected)
    for one, after in zip(before, everything(), strict=True):
        assert after == one
    assert list(books(unheard)) == []
    # Twice adds nothing, and what is exported there is what was exported here.
    rows = rows_of_all()
    for what in order:
        told = take(HOW[what], customers if what == "customers" else events)
        assert (told.recorded, told.customers) == ({}, 0)
    assert rows_of_all() == rows


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_in_the_house_where_it_comes_from_nothing_is_recorded(old_house, tmp_path, form):
    before, rows = everything(), rows_of_all()
    customers, events = exported(tmp_path, form)
    for what, how in HOW.items():
        told = take(how, customers if what == "customers" else events)
        assert (told.recorded, told.customers, told.rejected) == ({}, 0, {})
    assert rows_of_all() == rows
    assert everything() == before


def test_refunds_alone_can_be_asked_for(old_house, tmp_path):
    _, events = exported(tmp_path)
    move_out()
    told = take(import_purchases, events, all_refunds=True)
    assert told.recorded == {REFUND: 2}


def test_nobody_is_made_anew_who_was_erased_since(old_house, tmp_path):
    customers, events = exported(tmp_path)
    with transaction.atomic():
        erase(customer_id=old_house["belas"][1], **BY)
    Event.told.filter(customer_id=old_house["belas"][1]).delete()
    told = take(import_customers, customers)
    assert (told.customers, told.rejected) == (0, {"customer_erased": 1})
    told = take(import_purchases, events)
    assert (told.recorded, told.customers, told.rejected) == ({}, 0, {"customer_erased": 3})
    assert not Customer.objects.filter(id=old_house["belas"][1]).exists()


def test_who_had_been_erased_there_is_nobody_here_and_cannot_become_anybody(old_house, tmp_path):
    _, events = exported(tmp_path)
    move_out()
    take(import_purchases, events)
    take(import_referrals, events)
    assert not Customer.objects.filter(id=old_house["eva"]).exists()
    assert Erasure.objects.filter(customer_id=old_house["eva"]).exists()


def test_who_was_merged_since_is_whom_they_lead_to(old_house, tmp_path):
    customers, events = exported(tmp_path)
    one, two, _ = old_house["belas"]
    with transaction.atomic():
        merge(kept=one, merged=two, **BY)
    before = everything()
    for what, how in HOW.items():
        told = take(how, customers if what == "customers" else events)
        assert (told.recorded, told.customers) == ({}, 0)
    assert everything() == before


def test_somebody_who_is_known_here_by_an_address_is_the_same_person(old_house, tmp_path):
    customers, events = exported(tmp_path)
    move_out()
    with transaction.atomic():
        here = add("Ana Sommer", ("email", "ana@example.org"))
    told = take(import_customers, customers)
    assert told.recognised == {"email": 1}
    take(import_purchases, events)
    assert everyone([old_house["ana"]])[old_house["ana"]] == here
    assert people()[here][3] >= {("external", "K-7"), ("email", "a@example.org")}
    assert here in {sender for sender, _ in brought().values()}


def test_a_sheet_in_which_addresses_were_added_says_just_these(old_house, tmp_path):
    customers, _ = exported(tmp_path)
    with customers.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    one, two, _ = (str(bela) for bela in old_house["belas"])
    for row in rows:
        if row["customer_id"] in (one, two):
            row["email"] = f"bela-{row['customer_id'][-6:]}@example.org"
    with customers.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    before = past()
    told = take(import_customers, customers)
    assert (told.recorded, told.customers) == ({}, 0)
    assert past() == before
    for who in (one, two):
        assert people()[UUID(who)][3] == {("email", f"bela-{who[-6:]}@example.org")}


def test_a_claim_that_was_taken_back_since_is_not_brought_back_by_either_file(old_house, tmp_path):
    customers, events = exported(tmp_path)
    move_out()
    take(import_customers, customers)
    claim = standing({old_house["faye"]})[old_house["faye"]]
    with transaction.atomic():
        take_back(event_id=claim.event_id, **BY)
    take(import_customers, customers)
    take(import_referrals, events)
    assert old_house["faye"] not in brought()


def test_a_strangers_column_of_that_name_is_a_number_of_theirs(old_house, tmp_path):
    path = tmp_path / "theirs.csv"
    path.write_text(f"customer_id,name\n{old_house['dan']},Somebody Else\n")
    told = take(import_customers, path)
    assert told.customers == 1
    assert Identity.objects.filter(kind="external", value=str(old_house["dan"])).exists()
    path.write_text(f"customer_id,occurred_at,amount\n{old_house['ana']},2026-05-01,4.50\n")
    assert take(import_purchases, path).customers == 1


def test_what_somebody_wrote_into_an_event_makes_it_none(old_house, tmp_path):
    _, events = exported(tmp_path)
    move_out()
    text = events.read_text(encoding="utf-8")
    changed = text.replace('""amount_minor"": 250', '""amount_minor"": ""much""')
    assert changed != text
    events.write_text(changed, encoding="utf-8")
    told = take(import_purchases, events)
    assert told.rejected == {"bad_event": 1}


def test_it_is_taken_in_by_itself(old_house, tmp_path):
    _, events = exported(tmp_path)
    (events.parent / "more.csv").write_text("customer_id,occurred_at,amount\na,2026-01-01,1\n")
    events.with_name("customers.csv").unlink()
    with pytest.raises(OwnFileAmongOthers):
        take(import_purchases, events.parent)


@pytest.mark.parametrize("what", [None, "purchases", "refunds", "referrals"])
def test_a_first_look_shows_it_as_what_it_is_asked_for(old_house, tmp_path, what):
    _, events = exported(tmp_path)
    look = look_at(events, what=what)
    assert (look.what, look.problem) == (what or "purchases", None)
    assert "customer_id" in look.columns.values()
