"""Files come in by the browser, tables go out, scores are asked for: seen before done, and by whom they may."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.console.conftest import NOW

from regulars.jobs import files
from regulars.jobs.models import Fetched, Job, Upload
from regulars.jobs.worker import Worker
from regulars.people.audit import looks
from regulars.people.models import Customer, Employee, Look
from regulars.scoring.models import Run
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
ORDERS = "Kunde,Datum,Betrag\nana@example.org,2026-06-01,4.20\nben@example.org,2026-06-02,viel\n"


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


def shown(answer) -> str:
    assert answer.status_code < 400, answer.content
    return answer.content.decode()


def hand_in(client, text=ORDERS, name="orders.csv"):
    return client.post("/imports/", {"file": SimpleUploadedFile(name, text.encode())})


def work() -> None:
    Worker().work_off()


def test_a_file_is_tried_as_soon_as_it_is_there_and_taken_in_when_told(owner):
    where = hand_in(owner).headers["Location"]
    assert "Trying it out" in shown(owner.get(where))
    work()
    page = shown(owner.get(where))
    assert "1 purchase recorded" in page
    assert "the amount cannot be read" in page
    assert "viel" in page
    assert not Event.objects.exists()
    owner.post(f"{where}take/")
    assert "Taking it in" in shown(owner.get(where))
    work()
    page = shown(owner.get(where))
    assert "It is in" in page
    assert "Score everybody now" in page
    assert Event.objects.get().recorded_by == f"employee:{Employee.objects.get().id}"
    assert not list((files.root() / "uploads").glob("*"))
    listed = shown(owner.get("/imports/"))
    assert "Purchases · orders.csv" in listed
    assert "The owner" in listed


def test_a_file_without_a_row_is_done_with_at_once(owner):
    for header in ("Kunde,Datum,Betrag\n", "wer,wann,wieviel\n"):
        page = shown(hand_in(owner, header, "night.csv"))
        assert "night.csv has a header and no rows: there is nothing to take in." in page
        assert "Not taken in yet" not in page
    assert not Job.objects.exists()
    assert not Upload.objects.exists()
    assert not list((files.root() / "uploads").glob("*"))


def test_columns_that_cannot_be_guessed_are_asked_for_and_chosen(owner):
    where = hand_in(owner, "wer,wann,wieviel\nAna,2026-06-01,4\n").headers["Location"]
    assert not Job.objects.exists()
    assert "Choose below." in shown(owner.get(f"{where}?what=purchases"))
    told = {"what": "purchases", "column-customer_id": "wer", "column-occurred_at": "wann"}
    refused = owner.post(f"{where}try/", told)
    assert refused.status_code == 400
    assert "Which column is “Amount”? Choose below." in refused.content.decode()
    assert "<option selected>wer</option>" in refused.content.decode()
    owner.post(f"{where}try/", told | {"column-amount": "wieviel"})
    work()
    assert "1 purchase recorded" in shown(owner.get(where))


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("name,email\nAna,ana@example.org\n", "people.csv", "customers"),
        ("sender,friend,date\na,b,2026-06-01\n", "who.csv", "referrals"),
    ],
)
def test_what_a_file_holds_is_guessed(owner, text, name, kind):
    hand_in(owner, text, name)
    assert Job.objects.get().options == {"what": kind, "is_dry": True}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file first."),
        ({"file": SimpleUploadedFile("a.xlsx", b"x")}, "neither CSV nor Parquet"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "The file is empty."),
        ({"file": SimpleUploadedFile("a.csv", b"a" * 1_200_000)}, "A file may have 1 MB here"),
    ],
)
def test_what_cannot_be_taken_is_said_and_leaves_nothing(owner, settings, home, data, said):
    settings.REGULARS_UPLOAD_MB = 1
    answer = owner.post("/imports/", data)
    assert said in answer.content.decode()
    assert answer.status_code in (400, 413)
    assert not Upload.objects.exists()
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_a_file_that_is_not_wanted_after_all_is_removed(owner):
    where = hand_in(owner).headers["Location"]
    work()
    owner.post(f"{where}drop/")
    assert not list((files.root() / "uploads").glob("*"))
    assert "not kept any more" in shown(owner.get(where))


def test_a_table_is_written_fetched_and_who_fetched_it_is_written_down(owner):
    moment = "2026-06-30T09:00:00Z"
    Customer.objects.create(name="Ana", created_at=moment, known_since=moment)
    owner.post("/exports/", {"table": "customers", "form": "csv"})
    assert "Waits for its turn" in shown(owner.get("/exports/"))
    work()
    page = shown(owner.get("/exports/"))
    assert "1 row" in page
    job = Job.objects.get()
    answer = owner.get(f"/jobs/{job.id}/file/")
    assert b"Ana" in b"".join(answer.streaming_content)
    assert answer.headers["Cache-Control"] == "no-store"
    assert Fetched.objects.get().fetched_by == f"employee:{Employee.objects.get().id}"
    assert "Fetched once" in shown(owner.get("/exports/"))
    (taken,) = looks(what=Look.TABLE, limit=9)
    assert (taken.looked_by, taken.table, taken.rows) == (
        f"employee:{Employee.objects.get().id}",
        "customers",
        1,
    )
    assert "took a table along: all customers, 1 row" in re.sub(
        "<[^>]*>", "", shown(owner.get("/settings/looks/"))
    )
    files.remove(files.job_folder(job.id))
    assert "Not kept any more" in shown(owner.get("/exports/"))
    assert owner.get(f"/jobs/{job.id}/file/").status_code == 410


def test_the_scores_page_says_what_of_the_purchases_does_not_count(owner):
    told = {"no_customer": 1, "other_currency": 12}
    Run.objects.create(
        until=NOW.date(), events=20, version=1, currency="EUR", summary={"left_out": told},
        started_at=NOW, finished_at=NOW,
    )  # fmt: skip
    page = shown(owner.get("/scores/"))
    assert (
        "12 purchases and refunds are not in EUR: their days count, their money does not." in page
    )
    assert "1 purchase or refund is of nobody in particular, and left out." in page


def test_scores_are_asked_for_once_and_say_from_how_much(owner):
    assert "Nobody has been scored yet" in shown(owner.get("/scores/"))
    hand_in(owner)
    for _ in range(2):
        owner.post("/scores/")
    assert Job.objects.filter(kind="score").count() == 1
    work()
    page = shown(owner.get("/scores/"))
    assert "0 events" in page or "from 0" in page
    assert Run.objects.count() == 1
    owner.post("/scores/")
    work()
    assert "nothing had happened since" in shown(owner.get("/scores/"))


def test_a_page_asks_again_only_while_something_is_to_come(owner):
    where = hand_in(owner).headers["Location"]
    assert 'hx-trigger="every 1s"' in shown(owner.get(where))
    work()
    assert "hx-trigger" not in shown(owner.get(where))


def test_a_download_of_nothing_is_refused(owner):
    assert owner.get("/jobs/01890a5d-ac96-774b-bcce-b302099a8057/file/").status_code == 404


def test_of_what_happened_only_the_latest_can_be_asked_for(owner) -> None:
    asked = {"table": "events", "form": "csv", "since": "2026-06-01"}
    owner.post("/exports/", asked)
    assert Job.objects.get().options["since"] == "2026-06-01T00:00:00+02:00"
    assert "since 1 June 2026" in shown(owner.get("/exports/"))
    # The other tables are whole, and a day that is none is not asked for.
    owner.post("/exports/", asked | {"table": "customers"})
    owner.post("/exports/", asked | {"since": "soon"})
    assert sum("since" in one.options for one in Job.objects.all()) == 1
