"""Work that was asked for is done once, by one worker, and survives whatever ends that worker."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.jobs.conftest import ANA, NOW

from regulars.jobs import presence
from regulars.jobs.core import GONE_AFTER, MOST_LOST, Standing, may_be_taken
from regulars.jobs.errors import JobLost
from regulars.jobs.files import told_by
from regulars.jobs.models import Job
from regulars.jobs.queries import jobs_page, latest_of
from regulars.jobs.services import (
    TakenAway,
    ask_for_export,
    ask_for_scores,
    fail,
    finish,
    give_back,
    take,
    tell,
)
from regulars.jobs.worker import Stopped, Telling, Worker
from regulars.kernel.cursors import InvalidCursor
from regulars.kernel.language import speaking
from regulars.scoring.models import Run
from regulars.scoring.services import _one_at_a_time
from regulars.stream.services import NewEvent, append

LATER = NOW + GONE_AFTER


@given(
    st.sampled_from(("waiting", "running", "done", "failed")),
    st.integers(-120, 120),
    st.none() | st.integers(-120, 0),
    st.booleans(),
)
def test_a_job_is_free_only_while_nobody_works_at_it(state, begins, seen, is_gone):
    standing = Standing(
        state,
        NOW + timedelta(seconds=begins),
        None if seen is None else NOW + timedelta(seconds=seen),
        is_gone,
    )
    free = may_be_taken(standing, now=NOW)
    assert not (free and state in ("done", "failed"))
    if state == "waiting":
        assert free == (begins <= 0)
    if state == "running":
        assert free == (is_gone or seen is None or seen <= -60)


def test_scores_are_computed_and_the_row_says_from_how_much(worker):
    append(
        events=[
            NewEvent(
                type="purchase.completed",
                source="till",
                key="1",
                customer_id=None,
                occurred_at=NOW,
                data={"total": {"amount_minor": 500, "currency": "EUR"}},
            )
        ],
        actor=ANA,
        now=NOW,
    )
    with speaking("de"):
        job_id = ask_for_scores(actor=ANA, now=NOW)
    assert worker.work_off() == 1
    job, run = Job.objects.get(), Run.objects.get()
    assert (job.id, job.state, job.language, job.worker) == (job_id, "done", "de", "")
    assert job.result == {
        "run_id": str(run.id),
        "until": "2026-06-30",
        "customers": run.customers,
        "events": 1,
    }
    assert run.started_by == str(ANA)


def test_one_that_waits_already_does_for_all_who_ask(worker):
    first = ask_for_scores(actor=ANA, now=NOW)
    assert ask_for_scores(actor=ANA, now=NOW) == first
    worker.work_off()
    assert ask_for_scores(actor=ANA, now=NOW) != first


def test_under_a_name_work_is_asked_for_once_and_again_only_if_it_failed(worker):
    first = ask_for_scores(only="night 2026-06-29", actor=ANA, now=NOW)
    assert ask_for_scores(only="night 2026-06-29", actor=ANA, now=NOW) == first
    worker.work_off()
    assert ask_for_scores(only="night 2026-06-29", actor=ANA, now=NOW) == first
    assert worker.work_off() == 0
    Job.objects.update(state="failed")
    assert ask_for_scores(only="night 2026-06-29", actor=ANA, now=NOW) == first
    assert worker.work_off() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one process works on a shop's file")
def test_two_workers_never_take_the_same_job(business):
    jobs = {ask_for_export(table="events", form="csv", actor=ANA, now=NOW) for _ in range(20)}
    taken, ready = [], threading.Barrier(4)

    def work(name: str) -> None:
        ready.wait()
        for _ in range(len(jobs)):
            job = take(worker=name, now=NOW)
            if job is not None:
                taken.append(job.id)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    # Whoever lost a race looked no further that time, and nothing is left once somebody looks again.
    while (job := take(worker="e", now=NOW)) is not None:
        taken.append(job.id)
    assert sorted(taken) == sorted(jobs)


def test_what_is_seen_by_two_is_taken_by_one(business):
    ask_for_scores(actor=ANA, now=NOW)
    mine = take(worker="a", now=NOW)
    assert mine is not None
    assert take(worker="b", now=NOW) is None


def test_who_is_not_heard_of_loses_the_job_and_finds_out(business):
    ask_for_scores(actor=ANA, now=NOW)
    mine = take(worker="a", now=NOW)
    tell(mine, stage="Reading", fraction=0.5, now=NOW + timedelta(seconds=30))
    assert take(worker="b", now=LATER) is None
    theirs = take(worker="b", now=LATER + timedelta(seconds=30))
    assert (theirs.id, theirs.worker, theirs.lost) == (mine.id, "b", 1)
    for ending in (
        lambda: tell(mine, stage="Reading", fraction=0.6, now=LATER),
        lambda: finish(mine, result={}, now=LATER),
        lambda: fail(mine, error=JobLost(times=1), now=LATER),
    ):
        with pytest.raises(TakenAway):
            ending()
    give_back(mine, now=LATER)
    assert Job.objects.get().worker == "b"


def test_a_worker_whose_process_ended_is_not_waited_for(business, home):
    ask_for_scores(actor=ANA, now=NOW)
    with presence.present(home, "a"):
        assert take(worker="a", now=NOW) is not None
        assert take(worker="b", now=NOW) is None
    # Its lock is let go by whatever ends a process; the file stays when nobody clears up.
    (home / "workers/a.lock").touch()
    assert take(worker="b", now=NOW) is not None


def test_work_that_ends_its_worker_again_and_again_is_given_up(business):
    job_id = ask_for_scores(actor=ANA, now=NOW)
    for time in range(MOST_LOST + 1):
        assert take(worker="a", now=NOW + time * GONE_AFTER) is not None
    assert take(worker="a", now=NOW + (MOST_LOST + 1) * GONE_AFTER) is None
    assert (Job.objects.get().state, Job.objects.get().error) == ("failed", "job_lost")
    assert told_by(job_id).error.startswith("The work was cut off 6 times")


def test_a_worker_that_is_told_to_stop_hands_the_work_on(worker):
    visit = NewEvent(
        type="visit.recorded", source="till", key="1", customer_id=None, occurred_at=NOW, data={}
    )
    append(events=[visit], actor=ANA, now=NOW)
    ask_for_scores(actor=ANA, now=NOW)
    worker.stop.set()
    worker.work_off()
    job = Job.objects.get()
    # The first thing that scoring tells is heard by a worker that is to stop.
    assert (job.state, job.worker, job.lost) == ("waiting", "", 0)
    assert Worker(clock=lambda: NOW).work_off() == 1
    assert Job.objects.get().state == "done"


def test_what_needs_something_in_use_comes_again_soon(worker, home):
    ask_for_scores(actor=ANA, now=NOW)
    home.mkdir()
    with _one_at_a_time(home):
        worker.work_off()
    job = Job.objects.get()
    assert (job.state, job.not_before) == ("waiting", NOW + timedelta(seconds=15))
    assert worker.work_off() == 0
    assert Worker(clock=lambda: job.not_before).work_off() == 1


def test_progress_is_not_written_inside_a_transaction_and_stops_who_is_to_stop(worker):
    ask_for_scores(actor=ANA, now=NOW)
    telling = Telling(take(worker="a", now=NOW), worker.stop, lambda: NOW)
    with transaction.atomic():
        telling("Recording", 0.5)
    assert Job.objects.get().stage == ""
    telling("Recording", 0.5)
    assert (Job.objects.get().stage, Job.objects.get().fraction) == ("Recording", 0.5)
    worker.stop.set()
    with pytest.raises(Stopped):
        telling("Recording", 0.6)


def test_a_fault_of_ours_says_so_and_nothing_of_what_it_was_about(worker, monkeypatch, caplog):
    def broken(job, *, progress, now):
        message = "Ana Sommer"
        raise ValueError(message)

    monkeypatch.setattr("regulars.jobs.worker.WORK", {"score": broken})
    job_id = ask_for_scores(actor=ANA, now=NOW)
    worker.work_off()
    assert Job.objects.get().error == "job_failed"
    assert "Something broke on our side" in told_by(job_id).error
    assert "ValueError" in caplog.text
    assert "Ana Sommer" not in caplog.text


def test_jobs_are_listed_from_the_latest_on_page_by_page(business):
    asked = [
        ask_for_export(table="events", form="csv", actor=ANA, now=NOW + timedelta(seconds=number))
        for number in range(5)
    ]
    seen, cursor = [], None
    while True:
        page = jobs_page(cursor=cursor, limit=2)
        seen += [job.id for job in page.jobs]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == asked[::-1]
    assert latest_of("export").id == asked[-1]
    for wrong in ("x", "0" * 32, str(asked[0])):
        with pytest.raises(InvalidCursor):
            jobs_page(cursor=wrong)
