"""Files that are handed in are taken in as the command does it, and are gone when they are not needed."""

import csv
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from tests.jobs.conftest import ANA, NOW, PURCHASES

from regulars.jobs import files
from regulars.jobs.core import ERASING_TAKES, RESULTS_KEPT, UPLOADS_KEPT
from regulars.jobs.errors import (
    FileGone,
    JobUnderWay,
    NoSuchUpload,
    UploadCutShort,
    UploadEmpty,
    UploadTooLarge,
    UploadUnnamed,
)
from regulars.jobs.files import Reading, plain_file_name, told_by
from regulars.jobs.models import Job, Upload
from regulars.jobs.queries import job_of, written_by
from regulars.jobs.services import ask_for_export, ask_for_import, take
from regulars.jobs.sweeping import sweep
from regulars.jobs.uploads import receive
from regulars.jobs.worker import Worker, now_in_utc
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Erasure
from regulars.people.services import add_customer, erase
from regulars.stream.models import Event

HOUR = timedelta(hours=1)


def ask(upload_id, *, what="purchases", is_dry=False, **more):
    reading = Reading(what=what, **more)
    return ask_for_import(upload_id=upload_id, reading=reading, is_dry=is_dry, actor=ANA, now=NOW)


class TestTakingIn:
    def test_a_dry_run_says_what_would_be_and_writes_nothing(self, hand_in, worker):
        upload = hand_in()
        job_id = ask(upload, is_dry=True)
        worker.work_off()
        job = job_of(job_id)
        assert (job.state, job.error) == ("done", "")
        assert job.result["recorded"] == {"purchase.completed": 3}
        assert (job.result["rows"], job.result["customers"]) == (4, 2)
        assert not Event.objects.exists()
        assert files.uploaded(upload) is not None

    def test_the_rows_that_cannot_be_used_can_be_fetched_with_their_reason(self, hand_in, worker):
        job_id = ask(hand_in(), is_dry=True)
        worker.work_off()
        with written_by(job_of(job_id), now=NOW).open(encoding="utf-8", newline="") as stream:
            (row,) = csv.DictReader(stream)
        assert (row["file"], row["line"], row["reason"]) == ("orders.csv", "4", "bad_amount")
        assert row["amount"] == "no idea"

    def test_what_is_taken_in_is_recorded_once_and_the_file_goes(self, hand_in, worker):
        for _ in range(2):
            upload = hand_in()
            job_id = ask(upload)
            worker.work_off()
            assert files.uploaded(upload) is None
            assert Upload.objects.get(id=upload).removed_at == NOW
        assert Event.objects.count() == 3
        assert Event.objects.filter(recorded_by=str(ANA)).count() == 3
        assert (job_of(job_id).result["duplicates"], Customer.objects.count()) == (3, 2)
        with pytest.raises(FileGone):
            ask(upload)

    def test_work_that_was_cut_off_goes_on_and_doubles_nothing(self, hand_in, worker, monkeypatch):
        monkeypatch.setattr("regulars.intake.files.drafts.CHUNK_EVENTS", 1)
        ask(hand_in())
        told = []

        def stopping_after_two(self, stage, fraction=None):
            told.append(stage)
            if Event.objects.count() == 2 and not self.stop.is_set():
                self.stop.set()
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("regulars.jobs.worker.Telling.__call__", stopping_after_two)
            with pytest.raises(KeyboardInterrupt):
                worker.work_off()
        assert Event.objects.count() == 2
        assert Job.objects.get().state == "running"
        assert Worker(clock=lambda: NOW + HOUR).work_off() == 1
        assert (Job.objects.get().state, Event.objects.count()) == ("done", 3)

    def test_a_file_is_worked_at_once_at_a_time(self, hand_in):
        upload = hand_in()
        ask(upload, is_dry=True)
        with pytest.raises(JobUnderWay):
            ask(upload)

    def test_what_keeps_a_file_out_is_said_without_where_it_lies(self, hand_in, worker, home):
        job_id = ask(hand_in("who,what\nAna,cake\n"))
        worker.work_off()
        assert job_of(job_id).error == "missing_column"
        said = told_by(job_id).error
        assert said.startswith("orders.csv")
        assert str(home) not in said

    def test_columns_are_as_the_person_says(self, hand_in, worker):
        upload = hand_in("who,when,paid\nAna,2026-06-01,4\nBen,2026-06-02,5\n")
        columns = {"customer_id": "who", "occurred_at": "when", "amount": "paid"}
        job_id = ask(upload, columns=columns)
        worker.work_off()
        assert job_of(job_id).result["customers"] == 2

    def test_nothing_of_a_person_stands_in_a_row(self, hand_in, worker):
        upload = hand_in("Ana Sommer,x\nBen,4\n", name="Ana Sommer.csv")
        ask(upload, columns={"customer_id": "Ana Sommer"})
        ask(hand_in())
        worker.work_off()
        for row in (*Job.objects.values(), *Upload.objects.values()):
            assert "Sommer" not in str(row)
            assert "example.org" not in str(row)

    @pytest.mark.parametrize(
        ("what", "text", "recorded"),
        [
            ("refunds", PURCHASES, {"purchase.refunded": 3}),
            ("referrals", "sender_id,friend_id,occurred_at\na,b,2026-06-01\n", {"referral.recorded": 1}),
            ("customers", "name,email\nAna,ana@example.org\n", {}),
        ],
    )  # fmt: skip
    def test_every_kind_of_file_comes_in(self, hand_in, worker, what, text, recorded):
        job_id = ask(hand_in(text), what=what)
        worker.work_off()
        assert (job_of(job_id).state, job_of(job_id).result["recorded"]) == ("done", recorded)


class TestHandingIn:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("orders.csv", "orders.csv"),
            ("C:\\shop\\Bestellungen Mai.CSV", "Bestellungen Mai.CSV"),
            ("../../etc/passwd.csv", "passwd.csv"),
            (".hidden.csv", "hidden.csv"),
            ("ยอดขาย.csv", "ยอดขาย.csv"),
            ("ไฟล์ 😀.csv", "ไฟล์ _.csv"),
            ("น้ำใจ ที่.csv", "น้ำใจ ที่.csv"),
            ("ก" * 200 + ".csv", "ก" * 33 + ".csv"),
            ("a\x00b<script>.csv", "a_b_script_.csv"),
        ],
    )
    def test_a_name_leads_nowhere_else(self, given, kept):
        assert plain_file_name(given) == kept

    @pytest.mark.parametrize(
        ("parts", "name", "said", "error"),
        [
            ([b"a"], "orders.xlsx", None, UploadUnnamed),
            ([b"a"], "", None, UploadUnnamed),
            ([], "orders.csv", None, UploadEmpty),
            ([b"a" * 600_000] * 2, "orders.csv", None, UploadTooLarge),
            ([b"a"], "orders.csv", 2_000_000, UploadTooLarge),
            ([b"a"], "orders.csv", 2, UploadCutShort),
        ],
    )
    @pytest.mark.usefixtures("business")
    def test_what_cannot_be_a_file_leaves_nothing_behind(
        self, home, settings, parts, name, said, error
    ):
        settings.REGULARS_UPLOAD_MB = 1
        with pytest.raises(error):
            receive(parts=parts, name=name, said_bytes=said, actor=ANA, now=NOW)
        assert not Upload.objects.exists()
        assert not list((home / "jobs").rglob("*.*"))

    @pytest.mark.usefixtures("business")
    def test_a_file_nobody_handed_in_is_not_taken(self):
        with pytest.raises(NoSuchUpload):
            ask(ANA.id)


class TestExports:
    @pytest.mark.parametrize("table", ["customers", "events", "scores"])
    def test_a_table_is_written_and_can_be_fetched(self, worker, table):
        job_id = ask_for_export(table=table, form="csv", actor=ANA, now=NOW)
        worker.work_off()
        job = job_of(job_id)
        assert (job.state, job.result["file"], job.result["rows"]) == ("done", f"{table}.csv", 0)
        assert written_by(job, now=NOW).read_text().startswith('"')

    @pytest.mark.usefixtures("business")
    def test_a_worker_that_comes_after_another_begins_anew(self):
        job_id = ask_for_export(table="events", form="json", actor=ANA, now=NOW)
        take(worker="gone", now=NOW)
        folder = files.job_folder(job_id)
        folder.mkdir(parents=True)
        (folder / "events.json").write_text("half", encoding="ascii")
        Worker(clock=lambda: NOW + HOUR).work_off()
        assert written_by(job_of(job_id), now=NOW + HOUR).read_text() == "[]\n"


class TestFilesGo:
    def test_what_nobody_takes_in_goes_after_a_day_and_what_was_written_after_a_week(
        self, hand_in, worker
    ):
        upload = hand_in()
        job_id = ask(upload, is_dry=True)
        worker.work_off()
        assert sweep(now=NOW + UPLOADS_KEPT - HOUR) == 0
        assert sweep(now=NOW + UPLOADS_KEPT) == 1
        assert files.uploaded(upload) is None
        assert sweep(now=NOW + RESULTS_KEPT) == 1
        assert not files.job_folder(job_id).exists()
        with pytest.raises(FileGone):
            written_by(job_of(job_id), now=NOW)

    def test_when_somebody_is_erased_every_file_that_may_name_them_goes(self, hand_in, worker):
        ask(hand_in())
        exported = ask_for_export(table="customers", form="csv", actor=ANA, now=NOW)
        worker.work_off()
        waiting = hand_in()
        with transaction.atomic():
            erase(customer_id=Customer.objects.first().id, actor=SYSTEM, now=NOW + HOUR)
        # Not to be fetched from this moment on, and removed once it is written down.
        with pytest.raises(FileGone):
            written_by(job_of(exported), now=NOW + HOUR)
        sweep(now=NOW + HOUR)
        assert files.uploaded(waiting) is None
        assert not [path for path in files.root().rglob("*") if path.is_file()]

    def test_right_after_somebody_was_erased_files_are_taken_in_and_fetched_again(self, hand_in):
        begun_at = now_in_utc()
        before = hand_in(now=begun_at)
        ben = add_customer(name="Ben", identities=[], region="DE", actor=SYSTEM, now=begun_at)
        with transaction.atomic():
            erase(customer_id=ben, actor=SYSTEM, now=begun_at)
            meanwhile = hand_in(now=now_in_utc())
        after = hand_in(now=now_in_utc())
        exported = ask_for_export(table="customers", form="csv", actor=ANA, now=now_in_utc())
        ask(after, is_dry=True)
        Worker(clock=now_in_utc).work_off()  # sweeps
        assert [files.uploaded(one) is not None for one in (before, meanwhile, after)] == [
            False,
            False,
            True,
        ]
        assert written_by(job_of(exported), now=now_in_utc()).exists()
        taken = ask(after)
        Worker(clock=now_in_utc).work_off()
        assert job_of(taken).error == ""

    def test_where_the_end_of_an_erasure_was_not_noted_files_of_the_next_minute_go(self, hand_in):
        Erasure.objects.create(customer_id=UUID(int=1), erased_at=NOW)
        early, late = (hand_in(now=NOW + after) for after in (ERASING_TAKES, 2 * ERASING_TAKES))
        sweep(now=NOW + HOUR)
        assert files.uploaded(early) is None
        assert files.uploaded(late) is not None

    def test_what_is_not_ours_in_the_folders_is_left_alone(self, hand_in):
        strange = files.root() / files.UPLOADS / "lost+found"
        strange.mkdir(parents=True)
        (files.root() / files.RESULTS / "notes").mkdir(parents=True)
        assert sweep(now=NOW + 400 * UPLOADS_KEPT) == 0
        assert strange.is_dir()

    def test_a_file_that_waits_to_be_taken_in_stays(self, hand_in):
        upload = hand_in()
        ask(upload)
        sweep(now=NOW + 2 * UPLOADS_KEPT)
        assert files.uploaded(upload) is not None
