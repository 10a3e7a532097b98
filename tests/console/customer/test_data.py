"""Their data: one person or two, taken along, erased, and who looked."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from tests.console.customer.test_customer import open_page, post
from tests.console.customer.test_known import known

from regulars.jobs.models import Job
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Employee, Look, Merge
from regulars.people.queries import kept_id
from regulars.people.services import add_customer, add_note
from regulars.scoring.models import Run

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def twin(name="Ben Vogel"):
    return add_customer(
        name=name,
        identities=[("phone", "+43 171 2345678")],
        region="DE",
        actor=SYSTEM,
        now=datetime.now(UTC),
    )


def make_one(client, one, other, keep):
    told = {"with": str(other), "keep": str(keep)}
    return client.post(f"/customers/{one}/merge/", told)


class TestOneOrTwo:
    def test_both_are_shown_side_by_side_made_one_and_two_again(self, owner, town):
        ben, other = UUID(town["Ben Vogel"]), twin()
        post(owner, other, "visit")
        page = known(owner, ben, "merge", **{"with": str(other)})
        for words in ("+49 171 2345678", "+43 1 712345678", "flat white", "Are these one person?"):
            assert words in page
        answer = make_one(owner, ben, other, ben)
        assert answer.headers["Location"] == f"/customers/{ben}/data/?said=merged"
        assert kept_id(other) == ben
        assert "Ben Vogel is part of Ben Vogel since" in known(owner, ben, "data")
        undo = f"/customers/merges/{Merge.objects.get().id}/undo/"
        assert owner.post(undo).headers["Location"] == f"/customers/{ben}/data/?said=unmerged"
        assert kept_id(other) == other
        assert owner.post(undo).status_code == 409
        assert owner.post(f"/customers/merges/{uuid4()}/undo/").status_code == 404

    def test_whose_name_stays_is_chosen(self, owner, town):
        ben, other = UUID(town["Ben Vogel"]), twin("Benjamin Vogel")
        make_one(owner, ben, other, other)
        assert kept_id(ben) == other
        assert "Benjamin Vogel" in open_page(owner, other)
        assert "Also known as Ben Vogel." in known(owner, other)

    def test_the_other_is_found_by_name_and_nobody_is_their_own_twin(self, owner, town):
        ben, other = town["Ben Vogel"], twin()
        page = known(owner, ben, "merge", q="vogel")
        assert f"?with={other}" in page
        assert f"?with={ben}" not in page
        assert owner.get(f"/customers/{ben}/merge/", {"with": ben}).status_code == 400
        assert make_one(owner, ben, ben, ben).status_code == 400
        assert make_one(owner, ben, "x", ben).headers["Location"].endswith("/merge/")
        assert owner.get(f"/customers/{ben}/merge/", {"with": uuid4()}).status_code == 404
        assert not Merge.objects.exists()

    def test_who_may_be_one_is_suggested_until_somebody_decides(self, owner, town):
        ben, other = town["Ben Vogel"], twin()
        page = owner.get("/customers/twice/").content.decode()
        assert "They have the same name. Their phone numbers end in the same digits." in page
        # Somebody is known from what happened first, not from when it was written down.
        Customer.objects.filter(id=other).update(known_since=datetime(2024, 5, 6, 12, tzinfo=UTC))
        assert "6 May 2024" in owner.get("/customers/twice/").content.decode()
        answer = owner.post("/customers/twice/not/", {"one": ben, "other": other})
        page = owner.get(answer.headers["Location"]).content.decode()
        assert "Noted that they are two." in page
        assert "Nobody seems to be here twice." in page
        owner.post("/customers/twice/not/", {"one": ben, "other": other, "again": "1"})
        assert "They have the same name." in owner.get("/customers/twice/").content.decode()
        assert owner.post("/customers/twice/not/", {"one": "x"}).status_code == 302
        unknown = {"one": ben, "other": uuid4()}
        assert owner.post("/customers/twice/not/", unknown).status_code == 404

    def test_suggestions_are_read_at_once(self, owner):
        def asked(pairs):
            for number in pairs:
                for _ in range(2):
                    add_customer(
                        name=f"Ana Sommer{number}", region="DE", actor=SYSTEM, now=datetime.now(UTC)
                    )
            with CaptureQueriesContext(connection) as queries:
                page = owner.get("/customers/twice/").content.decode()
            assert page.count('class="sides"') == pairs.stop
            return len(queries)

        assert asked(range(1)) == asked(range(1, 8))


class TestTakingAlong:
    def test_everything_goes_out_as_json_and_as_tables_and_leaves_a_line(self, owner, town):
        ben = UUID(town["Ben Vogel"])
        add_note(customer_id=ben, text="=1+1", actor=SYSTEM, now=datetime.now(UTC))
        told = owner.get(f"/customers/{ben}/export/json/")
        assert json.loads(told.content)["notes"][0]["text"] == "=1+1"
        assert "no-store" in told.headers["Cache-Control"]
        answer = owner.get(f"/customers/{ben}/export/zip/")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert "flat white" in archive.read("preferences.csv").decode()
            assert "'=1+1" in archive.read("notes.csv").decode()
            assert json.loads(archive.read("everything.json"))["customers"]
        assert owner.get(f"/customers/{ben}/export/exe/").status_code == 404
        assert known(owner, ben, "looks").count("took everything along") == 2

    def test_owners_see_who_looked_and_others_do_not(self, owner, signed_in, town):
        cem, manager = town["Cem"], signed_in(Employee.MANAGER)
        open_page(manager, cem)
        page = known(owner, cem, "looks")
        assert "The manager" in page
        assert "looked at the page" in page
        assert "Who looked" not in known(manager, cem, "data")
        assert manager.get(f"/customers/{cem}/looks/").status_code == 403

    def test_the_same_look_again_within_a_minute_is_one_line_and_every_look_is_written_down(
        self, owner, signed_in, town
    ):
        cem, manager = town["Cem"], signed_in(Employee.MANAGER)
        for _ in range(3):
            open_page(manager, cem)
        page = known(owner, cem, "looks")
        assert page.count("The manager") == 1
        assert "looked at the page, 3 times" in page
        assert Look.objects.filter(customer_id=cem).count() == 4
        Look.objects.update(looked_at=F("looked_at") - timedelta(minutes=2))
        open_page(manager, cem)
        assert known(owner, cem, "looks").count("The manager") == 2


class TestErasing:
    def test_it_asks_plainly_and_erases_only_who_says_yes(self, owner, signed_in, town):
        ben = town["Ben Vogel"]
        assert "for good" in known(owner, ben, "erase")
        assert owner.post(f"/customers/{ben}/erase/").status_code == 400
        assert Customer.objects.filter(id=ben).exists()
        for role in (Employee.MANAGER, Employee.ASSOCIATE):
            client = signed_in(role)
            assert client.post(f"/customers/{ben}/erase/", {"sure": "1"}).status_code == 403
        answer = owner.post(f"/customers/{ben}/erase/", {"sure": "1"})
        assert answer.headers["Location"] == "/customers/?said=erased"
        assert not Customer.objects.filter(id=ben).exists()
        assert owner.get(f"/customers/{ben}/").status_code == 410


def test_making_one_and_two_again_asks_once_for_everybody_to_be_scored(owner, town):
    Run.objects.create(
        until=date(2026, 6, 30), events=0, version=1, started_at=NOON, finished_at=NOON
    )
    ben, other = UUID(town["Ben Vogel"]), twin()
    make_one(owner, ben, other, ben)
    owner.post(f"/customers/merges/{Merge.objects.get().id}/undo/")
    (job,) = Job.objects.all()
    assert (job.kind, job.state, job.options) == ("score", "waiting", {"until": "2026-06-30"})
