"""What is known of a customer: changed and forgotten, after asking, and never somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.console.customer.test_customer import bought, open_page, post
from tests.waiting import until_somebody_waits

from regulars.credentials.models import ApiKey
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.models import Identity, ImportantDate, Note, Preference
from regulars.people.queries import ids_of, profile, recognise
from regulars.people.services import (
    add_customer,
    add_date,
    add_identity,
    add_note,
    add_preference,
    define_attribute,
    merge,
)
from regulars.people.services.holding import hold
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db


def by():
    return {"actor": SYSTEM, "now": datetime.now(UTC)}


def known(client, customer, part="known", **asked) -> str:
    answer = client.get(f"/customers/{customer}/{part}/", asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def entry(client, customer, of, entry_id, **told):
    told = {"key": str(uuid4())} | told
    return client.post(f"/customers/{customer}/remembered/{of}/{entry_id}/", told)


def test_what_is_remembered_is_put_in_other_words_and_under_another_kind(owner, town):
    like = Preference.objects.get(text="flat white")
    address = f"/customers/{town['Ben Vogel']}/remembered/preference/{like.id}/"
    assert 'value="flat white"' in owner.get(address).content.decode()
    answer = entry(owner, town["Ben Vogel"], "preference", like.id, kind="avoids", text="milk")
    assert answer.headers["Location"] == f"/customers/{town['Ben Vogel']}/?said=changed"
    like.refresh_from_db()
    assert (like.kind, like.text) == ("avoids", "milk")
    assert like.said_by.startswith("employee:")


def test_a_note_is_written_anew_and_forgotten_only_by_who_says_so(owner, town):
    cem = town["Cem"]
    note = add_note(customer_id=UUID(cem), text="Moved", **by())
    entry(owner, cem, "note", note, note="Moved house")
    assert Note.objects.get().text == "Moved house"
    page = owner.get(f"/customers/{cem}/remembered/note/{note}/").content.decode()
    assert "nobody can bring it back" in page
    assert Note.objects.exists()  # looking forgets nothing
    answer = entry(owner, cem, "note", note, forget="1")
    assert answer.headers["Location"].endswith("?said=forgotten")
    assert not Note.objects.exists()


@pytest.mark.parametrize("kind", ["preference", "note", "date", "identity", "attribute", "debts"])
def test_what_is_somebody_elses_or_nothing_is_not_there(owner, town, kind):
    ben, cem = UUID(town["Ben Vogel"]), town["Cem"]
    theirs = {
        "preference": Preference.objects.get().pk,
        "identity": Identity.objects.get().pk,
        "note": add_note(customer_id=ben, text="x", **by()),
        "date": add_date(customer_id=ben, label="birthday", month=2, day=3, **by()),
    }
    for entry_id in (theirs.get(kind, 1), "x", 0):
        assert owner.get(f"/customers/{cem}/remembered/{kind}/{entry_id}/").status_code == 404
        assert entry(owner, cem, kind, entry_id, forget="1").status_code == 404
    assert Note.objects.count() == ImportantDate.objects.count() == Identity.objects.count() == 1


def test_a_day_comes_back_every_year_and_one_that_cannot_be_is_said_beside_it(owner, town):
    told = {"label": "birthday", "on": "29", "month": "2", "year": ""}
    answer = post(owner, town["Cem"], "date", **told)
    assert answer.headers["Location"].endswith("/known/?said=remembered")
    assert "29 February" in known(owner, town["Cem"])
    for wrong in ({"on": "30"}, {"on": "x"}, {"year": "2023"}, {"year": "3000"}, {"label": " "}):
        refused = post(owner, town["Dora"], "date", **told | wrong)
        assert refused.status_code == 400, wrong
        assert "problem" in refused.content.decode()
    (day,) = ImportantDate.objects.all()
    entry(owner, town["Cem"], "date", day.id, label="wedding", on="1", month="3", year="1999")
    day.refresh_from_db()
    assert (day.label, day.day, day.month, day.year) == ("wedding", 1, 3, 1999)


def test_a_number_is_added_once_corrected_and_free_again_when_it_is_forgotten(owner, town):
    key = str(uuid4())
    told = {"key": key, "kind": "phone", "value": "0171 7654321"}
    said = [post(owner, town["Cem"], "identity", **told).headers["Location"] for _ in range(2)]
    assert [one.split("=")[1] for one in said] == ["remembered", "again"]
    number = Identity.objects.get(value="+491717654321")
    entry(owner, town["Cem"], "identity", number.id, value="0171 7654322")
    assert recognise([("phone", "0171 7654321")], region="DE") is None
    number = Identity.objects.get(value="+491717654322")
    entry(owner, town["Cem"], "identity", number.id, forget="1")
    assert not Identity.objects.filter(customer_id=town["Cem"]).exists()


def test_an_address_that_a_till_told_beside_a_phone_is_taken_away_with_what_came_by_it(owner, town):
    cem, now = UUID(town["Cem"]), datetime.now(UTC)
    till = ApiKey.objects.create(
        name="Till", source="till", mark="m", digest="d", scopes=[], created_at=now, created_by=""
    )
    phone, address = ("phone", "030 901820"), ("email", "dora@web.de")
    by = {"region": "DE", "actor": Actor("key", str(till.id)), "now": now}
    add_identity(customer_id=cem, kind="phone", value="030 901820", **by)
    told = Incoming(
        type="visit.recorded", source="till", key="1", occurred_at=now, identities=(phone, address)
    )
    record(incoming=[told], **by)
    learnt = Identity.objects.get(kind="email")
    page = owner.get(f"/customers/{cem}/known/").content.decode()
    assert "“Till” told it together with something else of theirs." in page
    assert page.count("It is theirs") == 1, "nobody asks that of what somebody gave"
    assert "Also known as" not in page, "who had no name"
    act = f"/customers/{cem}/learnt/{learnt.id}/"
    assert owner.post(act).status_code == 404, "neither was said"
    another = {"is": "another"}
    assert "said=unmerged" in owner.post(act, another).headers["Location"]
    assert not Event.objects.filter(customer_id__in=ids_of(cem), key="1").exists()
    assert recognise([address], region="DE").customer_id != cem
    assert owner.post(act, another).status_code == 404
    merge(kept=cem, merged=recognise([address], region="DE").customer_id, actor=SYSTEM, now=now)
    assert "It is theirs" not in owner.get(f"/customers/{cem}/known/").content.decode()


def test_a_number_that_is_none_or_somebody_elses_is_said_beside_it(owner, town):
    for value, said in (
        ("12", "is not a phone number"),
        ("0171 2345678", "belongs to another customer"),
        ("", "Write the number"),
    ):
        answer = post(owner, town["Cem"], "identity", kind="phone", value=value)
        assert answer.status_code == 400
        assert said in answer.content.decode()


def test_they_are_called_something_else_and_found_by_it(owner, town):
    post(owner, town["Cem"], "name", name="Cemal Öz")
    assert profile(UUID(town["Cem"])).name == "Cemal Öz"
    assert "Cemal Öz" in owner.get("/customers/?q=cemal").content.decode()
    assert post(owner, town["Cem"], "name", name=" ").status_code == 400


@pytest.mark.parametrize(
    ("kind", "choices", "told", "kept", "wrong"),
    [
        ("text", (), "Bergamo", "Bergamo", "x" * 201),
        ("number", (), "2,5", 2.5, "many"),
        ("yes_no", (), "yes", True, "perhaps"),
        ("date", (), "2020-02-29", "2020-02-29", "2020-02-30"),
        ("choice", ("north", "south"), "south", "south", "east"),
    ],
)
def test_an_attribute_of_ones_own_is_typed_as_its_kind_asks(
    owner, town, kind, choices, told, kept, wrong
):
    define_attribute(key="own", name="Own thing", kind=kind, choices=choices, now=by()["now"])
    assert "Own thing" in known(owner, town["Cem"])
    assert post(owner, town["Cem"], "attribute/own", value=wrong).status_code == 400
    post(owner, town["Cem"], "attribute/own", value=told)
    (value,) = profile(UUID(town["Cem"])).attributes
    assert value.value == kept
    assert str(value.pk) in known(owner, town["Cem"])
    entry(owner, town["Cem"], "attribute", value.pk, forget="1")
    assert not profile(UUID(town["Cem"])).attributes
    assert post(owner, town["Cem"], "attribute/none", value="1").status_code == 404


@pytest.mark.parametrize(
    ("language", "typed", "status", "kept", "shown"),
    [
        ("de", "1.000", 302, [1000], ">1000<"),
        ("de", "1,000", 400, [], "1,0000"),
        ("de", "42,5", 302, [42.5], ">42,5<"),
        ("en", "1,000", 302, [1000], ">1000<"),
        ("en", "1.000", 400, [], "1.0000"),
        ("en", "9007199254740993", 400, [], "9,007,199,254,740,991"),
    ],
)
def test_a_number_of_ones_own_is_never_a_thousandth_of_what_was_typed(
    owner, town, language, typed, status, kept, shown
):
    define_attribute(key="own", name="Own thing", kind="number", now=by()["now"])
    owner.post("/language/", {"language": language})
    answer = post(owner, town["Cem"], "attribute/own", value=typed)
    assert answer.status_code == status
    assert [one.value for one in profile(UUID(town["Cem"])).attributes] == kept
    page = known(owner, town["Cem"]) if kept else answer.content.decode()
    assert shown in page.replace("> ", ">").replace(" <", "<")


def test_what_needs_consent_is_not_kept_without_and_that_is_said(owner, town):
    define_attribute(key="own", name="Own", kind="text", needs_consent=True, now=by()["now"])
    answer = post(owner, town["Cem"], "attribute/own", value="x")
    assert answer.status_code == 400
    assert "ask first" in answer.content.decode()


def test_a_visit_and_a_purchase_may_lie_in_the_past_and_not_in_the_future(owner, town):
    post(owner, town["Cem"], "visit", day="2026-03-01")
    post(owner, town["Cem"], "purchase", amount="3", day="2026-03-02")
    days = dict(Event.objects.filter(customer_id=town["Cem"]).values_list("type", "occurred_at"))
    assert days["visit.recorded"] == datetime(2026, 3, 1, 11, tzinfo=UTC)  # noon in Berlin
    assert days["purchase.completed"].date().isoformat() == "2026-03-02"
    for day in ("2999-01-01", "1800-01-01", "x"):
        assert post(owner, town["Cem"], "visit", day=day).status_code == 400
        assert post(owner, town["Cem"], "purchase", amount="3", day=day).status_code == 400
    assert "1 March 2026" in open_page(owner, town["Cem"])


class TestRefunds:
    def purchase(self, client, customer, amount="10"):
        post(client, customer, "purchase", amount=amount)
        return Event.objects.filter(type="purchase.completed").latest("position")

    def give_back(self, client, customer, event, **told):
        return post(client, customer, f"purchase/{event.id}", **told)

    def test_no_more_comes_back_than_was_paid_and_the_books_say_of_what(self, owner, town):
        event = self.purchase(owner, town["Cem"])
        page = owner.get(f"/customers/{town['Cem']}/purchase/{event.id}/").content.decode()
        assert "€10.00 of it is left" in page
        assert self.give_back(owner, town["Cem"], event, amount="10.01").status_code == 400
        assert self.give_back(owner, town["Cem"], event, amount="0").status_code == 400
        answer = self.give_back(owner, town["Cem"], event, amount="4")
        assert answer.headers["Location"].endswith("?said=refund")
        assert self.give_back(owner, town["Cem"], event, amount="7").status_code == 400
        refund = Event.objects.get(type="purchase.refunded")
        assert refund.data["refund_of"] == event.data["order_id"]
        assert "−€4.00" in open_page(owner, town["Cem"])
        assert "€6.00" in open_page(owner, town["Cem"])

    def test_a_double_click_gives_back_once(self, owner, town):
        event, key = self.purchase(owner, town["Cem"]), str(uuid4())
        said = [
            self.give_back(owner, town["Cem"], event, amount="4", key=key).headers["Location"]
            for _ in range(2)
        ]
        assert [one.split("=")[1] for one in said] == ["refund", "again"]

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
    def test_who_is_a_moment_later_than_somebody_else_is_told_so_and_what_is_left(self, owner):
        with transaction.atomic():
            cem = add_customer(name="Cem", region="DE", **by())
        event = self.purchase(owner, cem)
        back = {"amount_minor": 700, "currency": "EUR"}

        def giving_back():
            try:
                return self.give_back(owner, cem, event, amount="4")
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as beside:
            with transaction.atomic():
                hold(cem)
                answered = beside.submit(giving_back)
                until_somebody_waits()
                told = Incoming(
                    type="purchase.refunded",
                    source="till",
                    key="first",
                    occurred_at=datetime.now(UTC),
                    customer_id=cem,
                    data={"total": back, "refund_of": event.data["order_id"]},
                )
                record(incoming=[told], region="DE", actor=SYSTEM, now=datetime.now(UTC))
            answer = answered.result()
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody noted a refund of this purchase just now." in text
        assert "€3.00 of it is left" in text

    def test_a_purchase_that_a_till_gave_no_number_is_given_back_once_too(self, owner, town):
        bought(town["Cem"], 3, amount=1000)
        event = Event.objects.get(type="purchase.completed")
        self.give_back(owner, town["Cem"], event, amount="9")
        assert self.give_back(owner, town["Cem"], event, amount="2").status_code == 400
        early = f"{(datetime.now(UTC)).year - 1}-01-01"
        assert self.give_back(owner, town["Cem"], event, amount="1", day=early).status_code == 400

    def test_what_somebody_else_bought_is_not_there(self, owner, town):
        event = self.purchase(owner, town["Cem"])
        assert self.give_back(owner, town["Dora"], event, amount="1").status_code == 404


def test_a_purchase_whose_lines_have_no_names_is_shown(owner, town):
    bought(town["Cem"], 1)
    Event.objects.filter(type="purchase.completed").update(
        data={
            "total": {"amount_minor": 450, "currency": "EUR"},
            "lines": [{"name": None, "amount_minor": 450}, {"amount_minor": 0, "name": "tea"}],
        }
    )
    assert "tea" in open_page(owner, town["Cem"])


def test_the_page_reads_as_often_for_much_as_for_little(owner, town):
    cem = UUID(town["Cem"])

    def reads():
        with CaptureQueriesContext(connection) as context:
            open_page(owner, cem)
        return len(context)

    add_preference(customer_id=cem, kind="likes", text="tea", **by())
    add_note(customer_id=cem, text="a note", **by())
    bought(town["Cem"], 50)
    little = reads()
    for number in range(30):
        add_preference(customer_id=cem, kind="likes", text=f"thing {number}", **by())
        add_note(customer_id=cem, text=f"note {number}", **by())
    bought(town["Cem"], *range(40))
    assert reads() == little
