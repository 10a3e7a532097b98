"""No reader ever skips an event, whoever writes beside it."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.stream.beside import WRITERS

from regulars.kernel.actor import SYSTEM
from regulars.kernel.cursors import InvalidCursor
from regulars.stream.models import Event
from regulars.stream.reading_on import BEGINNING, Place, events_after
from regulars.stream.services import NewEvent, append, settle_moved_log

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def told_by(environment, *arguments):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stream.beside", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_a_slow_writer_commits_last_is_not_skipped(apart):
    told = told_by(apart, "slow")
    # Nothing may be read past the slow one while nobody knows whether it will be there.
    assert told == {"before": [], "after": ["slow", "quick"]}


def test_a_reader_beside_eight_writers_misses_nothing_and_reads_nothing_twice(apart):
    told = told_by(apart, "many", "40")
    assert told == {"written": WRITERS * 40, "read": WRITERS * 40, "missed": 0}


@pytest.mark.django_db
def test_pages_follow_one_another_and_the_end_is_a_place_to_go_on_from():
    events = [
        NewEvent(
            type="visit.recorded",
            source="till",
            key=str(number),
            customer_id=None,
            occurred_at=NOW,
            data={},
        )
        for number in range(5)
    ]
    append(events=events, actor=SYSTEM, now=NOW)
    if connection.vendor == "postgresql":
        # What this very transaction wrote may yet be rolled back, so nobody reads it.
        assert events_after(BEGINNING, limit=10).events == ()
        Event.objects.update(written_in=1)
    first = events_after(BEGINNING, limit=3)
    second = events_after(Place.parsed(str(first.end)), limit=3)
    third = events_after(second.end, limit=3)
    assert [one.key for one in (*first.events, *second.events)] == ["0", "1", "2", "3", "4"]
    assert (third.events, third.end) == ((), second.end)


@pytest.mark.django_db
def test_a_log_from_another_server_can_be_read_once_it_is_settled():
    append(
        events=[
            NewEvent(
                type="visit.recorded",
                source="till",
                key="1",
                customer_id=None,
                occurred_at=NOW,
                data={},
            )
        ],
        actor=SYSTEM,
        now=NOW,
    )
    Event.objects.update(written_in=2**40)  # a transaction that this server has not come to
    settle_moved_log()
    assert [one.key for one in events_after(BEGINNING, limit=3).events] == ["1"]


@pytest.mark.parametrize("text", ["", "1", "1~", "~1", "1~2~3", "-1~2", "a~b"])
def test_a_place_that_nobody_gave_is_refused(text):
    with pytest.raises(InvalidCursor):
        Place.parsed(text)
