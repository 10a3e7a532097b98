"""A process with a database of its own, in which writers write beside a reader.

``python -m tests.stream.beside slow``, ``many <events a writer>``, ``lake <events a writer>``, or
``more <events>``, which writes them and brings the lake up to date; prints a JSON object.
"""

import json
import random
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from regulars.project.home import home_folder
from regulars.project.server import prepare

if __name__ == "__main__":
    prepare(home_folder())

from django.db import OperationalError, connection, transaction

from regulars.kernel.actor import SYSTEM
from regulars.stream.lake import export, read_lake
from regulars.stream.models import Event
from regulars.stream.reading_on import BEGINNING, events_after
from regulars.stream.services import NewEvent, append

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
WRITERS = 8


def visits(writer: str, numbers: range) -> list[NewEvent]:
    return [
        NewEvent(
            type="visit.recorded",
            source=writer,
            key=str(number),
            customer_id=None,
            occurred_at=NOW,
            data={},
        )
        for number in numbers
    ]


def slow() -> dict[str, list[str]]:
    """A slow writer takes its position first and commits last."""
    has_position, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            append(events=visits("slow", range(1)), actor=SYSTEM, now=NOW)
            has_position.set()
            may_commit.wait()
        connection.close()

    def write_quickly() -> None:
        with transaction.atomic():
            append(events=visits("quick", range(1)), actor=SYSTEM, now=NOW)
        connection.close()

    first, second = threading.Thread(target=write_slowly), threading.Thread(target=write_quickly)
    first.start()
    has_position.wait()
    second.start()
    second.join(2)  # over at once on PostgreSQL; on SQLite it waits for the slow one
    before = events_after(BEGINNING, limit=10)
    may_commit.set()
    first.join()
    second.join()
    after = events_after(before.end, limit=10)
    return {
        "before": [event.source for event in before.events],
        "after": [event.source for event in after.events],
    }


def by_page() -> Callable[[], tuple[int, list[str]]]:
    """A reader of small pages; tells how much was new, and everything it has read."""
    place, seen = BEGINNING, list[str]()

    def read() -> tuple[int, list[str]]:
        nonlocal place
        page = events_after(place, limit=7)
        seen.extend(str(event.id) for event in page.events)
        place = page.end
        return len(page.events), seen

    return read


def by_lake() -> Callable[[], tuple[int, list[str]]]:
    """A reader by way of the lake."""
    folder = home_folder() / "lake"

    def read() -> tuple[int, list[str]]:
        before = read_lake(folder).events
        lake = export(folder)
        files = [str(path) for path in lake.paths()]
        rows = duckdb.read_parquet(files).project("id").fetchall() if files else []
        assert len(rows) == lake.events
        return lake.events - before, [str(identity) for (identity,) in rows]

    return read


def many(each: int, read: Callable[[], tuple[int, list[str]]]) -> dict[str, int]:
    """Eight writers in transactions of all sizes, some rolled back, beside a reader that never rests."""
    writing = threading.Event()
    writing.set()
    seen: list[str] = []

    def write(writer: int) -> None:
        draw = random.Random(writer)
        done = 0
        while done < each:
            size = min(draw.choice((1, 2, 5, 20)), each - done)
            events = visits(str(writer), range(done, done + size))
            is_dropped = draw.random() < 0.1
            try:
                with transaction.atomic():
                    append(events=events, actor=SYSTEM, now=NOW)
                    transaction.set_rollback(is_dropped)
            except OperationalError:
                continue  # seven others kept it waiting longer than SQLite has patience
            done += 0 if is_dropped else size
        connection.close()

    def read_on() -> None:
        new = 1
        while new:
            last_look = not writing.is_set()
            new, seen[:] = read()
            new = new or not last_look
        connection.close()

    reader = threading.Thread(target=read_on)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    reader.join()
    written = {str(one) for one in Event.objects.values_list("id", flat=True)}
    return {
        "written": len(written),
        "read": len(seen),
        "missed": len(written - set(seen)),
    }


def more(events: int) -> dict[str, int]:
    """Writes events, says so, and brings the lake up to date."""
    run = f"{random.SystemRandom().getrandbits(64):x}"
    with transaction.atomic():
        append(events=visits(run, range(events)), actor=SYSTEM, now=NOW)
    sys.stdout.write("written\n")
    sys.stdout.flush()
    return {"exported": export(home_folder() / "lake").events, "written": Event.objects.count()}


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    if what == "slow":
        told: dict[str, object] = {**slow()}
    elif what == "more":
        told = {**more(int(numbers[0]))}
    else:
        told = {**many(int(numbers[0]), by_lake() if what == "lake" else by_page())}
    sys.stdout.write(json.dumps(told) + "\n")
