"""The settings of the house: employees, places, rules, keys, and who looked."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from tests.console.conftest import NOW, PASSWORD

from regulars.credentials.keys import add_key, key_of
from regulars.credentials.models import ApiKey
from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.audit import looked_at, looks
from regulars.people.models import BlockedIdentity, Business, Employee, Location, Look
from regulars.people.services import add_employee, add_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(ready):
    added = add_employee(name="Ben", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    return Employee.objects.get(id=added)


class TestEmployees:
    def test_another_role_and_other_places_count_at_once(self, owner, ben):
        harbour = add_location(name="Harbour", now=NOW)
        told = {"role": "manager", "locations": [str(harbour)]}
        answer = owner.post(f"/settings/employees/{ben.id}/position/", told)
        assert answer.headers["Location"] == "/settings/employees/?said=kept"
        changed = Employee.objects.get(id=ben.id)
        assert (changed.role, changed.locations.get().name) == ("manager", "Harbour")
        assert "Manager, Harbour" in owner.get("/settings/employees/").content.decode()

    def test_what_is_no_role_or_place_changes_nothing(self, owner, ben):
        for told in ({"role": "king"}, {"role": "manager", "locations": ["nowhere"]}):
            answer = owner.post(f"/settings/employees/{ben.id}/position/", told)
            assert answer.status_code == 400
        assert Employee.objects.get(id=ben.id).role == "associate"

    def test_the_last_owner_cannot_become_less(self, owner):
        me = Employee.objects.get(role=Employee.OWNER)
        answer = owner.post(f"/settings/employees/{me.id}/position/", {"role": "associate"})
        assert answer.status_code == 409
        assert "Somebody has to own this" in answer.content.decode()

    def test_somebody_new_works_where_they_were_said_to(self, owner):
        harbour = add_location(name="Harbour", now=NOW)
        owner.post(
            "/settings/employees/add/",
            {"name": "Cem", "role": "associate", "locations": [str(harbour)]},
        )
        assert Employee.objects.get(name="Cem").locations.get().id == harbour


class TestPlaces:
    def test_they_are_added_renamed_closed_and_opened_again(self, owner):
        owner.post("/settings/places/", {"name": "Harbour"})
        place = Location.objects.get()
        owner.post(f"/settings/places/{place.id}/", {"name": "Old harbour"})
        assert Location.objects.get().name == "Old harbour"
        owner.post(f"/settings/places/{place.id}/", {"close": "1"})
        assert Location.objects.get().closed_at
        owner.post(f"/settings/places/{place.id}/", {"reopen": "1"})
        assert Location.objects.get().closed_at is None

    def test_two_are_not_called_the_same(self, owner):
        owner.post("/settings/places/", {"name": "Harbour"})
        owner.post("/settings/places/", {"name": "Market"})
        again = owner.post("/settings/places/", {"name": "Harbour"})
        market = Location.objects.get(name="Market")
        renamed = owner.post(f"/settings/places/{market.id}/", {"name": "Harbour"})
        assert (again.status_code, renamed.status_code) == (400, 409)
        assert owner.post("/settings/places/", {"name": ""}).status_code == 400


class TestRules:
    GOOD = {  # noqa: RUF012
        "quiet_from": "22:30", "quiet_until": "07:00", "contacts_most": "2", "contacts_days": "14",
    }  # fmt: skip

    def test_quiet_hours_and_the_contact_budget_are_kept(self, owner):
        assert 'value="21:00"' in owner.get("/settings/writing/").content.decode()
        answer = owner.post("/settings/writing/", self.GOOD)
        assert answer.headers["Location"] == "/settings/writing/?said=kept"
        kept = Business.objects.get()
        assert (kept.quiet_from, kept.quiet_until) == (time(22, 30), time(7))
        assert (kept.contacts_most, kept.contacts_days) == (2, 14)

    @pytest.mark.parametrize(
        ("field", "value", "told"),
        [
            ("quiet_from", "late", "Write a time, as 21:00."),
            ("contacts_most", "-1", "A number from 0 to 1000."),
            ("contacts_days", "0", "A number from 1 to 366."),
        ],
    )
    def test_what_cannot_be_is_said_beside_it(self, owner, field, value, told):
        answer = owner.post("/settings/writing/", self.GOOD | {field: value})
        assert answer.status_code == 400
        assert told in answer.content.decode()

    def test_the_shops_own_phone_stands_for_nobody_until_it_is_taken_back(self, owner):
        owner.post("/settings/nobody/", {"kind": "phone", "value": "030 1234567"})
        blocked = BlockedIdentity.objects.get()
        assert blocked.value == "+49301234567"
        assert "+49 30 1234567" in owner.get("/settings/nobody/").content.decode()
        wrong = owner.post("/settings/nobody/", {"kind": "phone", "value": "12"})
        assert wrong.status_code == 400
        owner.post(f"/settings/nobody/{blocked.pk}/")
        assert not BlockedIdentity.objects.exists()


class TestKeys:
    def made(self, owner: Client, **more: str) -> str:
        told = {"name": "The till", "scopes": ["events:write"], "days": "30"} | more
        page = owner.post("/settings/keys/", told).content.decode()
        return page.split('id="made">')[1].split("<")[0]

    def test_a_key_is_shown_once_and_opens_what_was_ticked(self, owner):
        answer = owner.post(
            "/settings/keys/", {"name": "Shop", "scopes": ["scores:read"], "days": "30"}
        )
        assert answer.headers["Cache-Control"] == "no-store"
        token = answer.content.decode().split('id="made">')[1].split("<")[0]
        key = ApiKey.objects.get(id=key_of(token, now=datetime.now(UTC)).id)
        assert (key.name, key.scopes, key.source) == ("Shop", ["scores:read"], "api")
        assert timedelta(days=29) < key.expires_at - datetime.now(UTC) < timedelta(days=31)
        me = Employee.objects.get(role=Employee.OWNER)
        assert key.created_by == f"employee:{me.id}"
        page = owner.get("/settings/keys/").content.decode()
        assert token not in page
        assert key.mark in page

    def test_another_takes_its_place_and_both_are_good_for_a_week(self, owner):
        old = self.made(owner)
        mark = ApiKey.objects.get().mark
        page = owner.post(f"/settings/keys/{mark}/rotate/").content.decode()
        new = page.split('id="made">')[1].split("<")[0]
        now = datetime.now(UTC)
        assert key_of(old, now=now).id != key_of(new, now=now).id
        assert ApiKey.objects.get(mark=mark).expires_at < now + timedelta(days=8)

    def test_a_key_that_is_taken_back_opens_nothing(self, owner):
        self.made(owner)
        mark = ApiKey.objects.get().mark
        answer = owner.post(f"/settings/keys/{mark}/revoke/")
        assert answer.headers["Location"] == "/settings/keys/?said=revoked"
        assert ApiKey.objects.get().revoked_at
        assert owner.post(f"/settings/keys/{mark}/revoke/").status_code == 404

    @pytest.mark.parametrize(
        ("field", "value", "told"),
        [
            ("name", "", "Write what the key is for."),
            ("scopes", [], "Choose at least one thing that it may do."),
            ("days", "0", "A number from 1 to 3650."),
            ("source", "the till", "One word of letters, digits and hyphens"),
            ("source", "Console", "none that Regulars calls itself by: console, counter, file"),
        ],
    )
    def test_what_is_wrong_is_said_and_no_key_is_made(self, owner, field, value, told):
        sent = {"name": "Till", "scopes": ["events:write"], "days": "30"} | {field: value}
        answer = owner.post("/settings/keys/", sent)
        assert answer.status_code == 400
        assert told in answer.content.decode()
        assert not ApiKey.objects.exists()


class TestWhoLooked:
    def test_every_look_is_shown_with_whom_and_the_filters_narrow_it(self, owner, ben, town):
        jo = Actor("employee", str(ben.id))
        for number, name in enumerate(("Cem", "Dora")):
            looked_at(
                customer_id=town[name],
                what=Look.EXPORT if number else Look.PROFILE,
                actor=jo,
                now=NOW + timedelta(days=number),
            )
        looked_at(customer_id=town["Cem"], actor=Actor("key", "1"), now=NOW + timedelta(days=5))
        everything = owner.get("/settings/looks/").content.decode().split("<ol")[1]
        assert everything.index("a key of the API") < everything.index("took everything along")
        assert everything.count("<time") == 3

        def shown(query: str) -> int:
            return owner.get(f"/settings/looks/?{query}").content.decode().count("<time")

        assert shown(f"by={ben.id}") == 2
        assert shown(f"by={ben.id}&what=export") == 1
        assert shown("since=2026-07-01&until=2026-07-01") == 1
        assert shown("by=nonsense&what=shoes&since=never&before=x") == 3
        assert shown("since=2030-01-01") == 0
        for never in ("0001-01-01", "1899-12-31", "9999-12-31"):
            assert shown(f"until={never}") == shown(f"since={never}") == 3
        assert shown("before=99999999999999999999") == 3

    def test_which_key_looked_is_told_by_its_name_and_its_mark(self, owner, town):
        made = add_key(name="Till <1>", scopes=["customers:read"], actor=SYSTEM, now=NOW)
        key = ApiKey.objects.get()
        assert key.mark in made.token
        by = Actor("key", str(key.id))
        looked_at(customer_id=town["Cem"], actor=by, now=NOW)
        for path in ("/settings/looks/", f"/customers/{town['Cem']}/looks/"):
            page = owner.get(path).content.decode()
            assert f"Till &lt;1&gt; ({key.mark}), a key of the API" in page, path

    def test_pages_follow_each_other_without_a_gap(self, ready, town):
        jo = Actor("employee", "jo")
        for number in range(7):
            looked_at(customer_id=town["Cem"], actor=jo, now=NOW + timedelta(minutes=number // 2))
        seen, before = [], None
        while page := looks(before=before, limit=3):
            seen += [one.pk for one in page]
            before = page[-1].pk
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == 7
