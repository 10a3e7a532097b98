"""Scoring everybody: from the log to a row for each customer."""

import hashlib
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from regulars import insight
from regulars.insight.errors import AllAfterUntil, NoPurchase, NoUsableRow
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, speaking
from regulars.kernel.progress import Progress, unheard
from regulars.people.queries import aliases, business, erasures
from regulars.scoring import cohorts
from regulars.scoring.conditions import as_json
from regulars.scoring.core import days_worth_keeping
from regulars.scoring.errors import (
    NoSuchSegment,
    ScoringBusy,
    SegmentNameMissing,
    SegmentNameTaken,
)
from regulars.scoring.feed import Feed, opened, prepare
from regulars.scoring.following import follow
from regulars.scoring.models import Run, Score, Segment, SegmentSize
from regulars.scoring.own_fields import asked_of
from regulars.scoring.queries import latest_run, runs_to_read, sizes_of
from regulars.scoring.rows import COLUMNS, ROWS_AT_A_TIME, rows_of
from regulars.scoring.segments import members
from regulars.scoring.sql import MOVED, copy, insert
from regulars.stream.lake import Lake, export
from regulars.stream.taken import refused_as

VERSION = 5  # of how scores are computed; a change that alters them raises it
LAKE = "lake"
LOCK = "scoring.lock"


@dataclass(frozen=True, kw_only=True)
class House:
    """What of the business the scores depend on.

    Attributes:
        timezone: Of its days.
        currency: ISO 4217; None for the commonest of the log.
        language: Of what a run says in words.
    """

    timezone: str = "UTC"
    currency: str | None = None
    language: str = "en"


def run_scoring(
    *,
    until: date,
    actor: Actor,
    now: datetime,
    progress: Progress = unheard,
) -> UUID:
    """Scores everybody by what happened up to a day, and keeps what was found.

    A run of the same day, events and merges as an earlier one is that one. A run that is
    interrupted is never read, and the next one clears it away. Too little for a model is no error:
    the run's ``rung`` says what the data were enough for.

    Args:
        until: The last day that counts, in the business's own time zone.
        actor: Who asks.
        now: When it begins; the run ends as much later as it takes.
        progress: Told about each stage.

    Returns:
        The run's id.

    Raises:
        ScoringBusy: Another run is under way.
        LakeBusy: Another export is.
    """
    home, house, begun = Path(settings.HOME), _house(), time.monotonic()
    home.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(home):
        lake, kept = export(home / LAKE, progress=progress), aliases()
        inputs = _digest(until, lake, house, kept)
        done = runs_to_read().filter(inputs=inputs).first()
        if done is not None:
            _make_latest(done, now=now)
            return done.id
        _clear_unfinished()
        run = Run.objects.create(
            until=until,
            inputs=inputs,
            events=lake.events,
            version=VERSION,
            started_at=now,
            started_by=str(actor),
        )
        _score_the_lake(run, lake, house, progress, kept)
        run.sizes = sizes_of(run)
        run.finished_at = now + timedelta(seconds=time.monotonic() - begun)
        with transaction.atomic():
            run.save()
            follow(_changed(kept, aliases()))
            _keep_sizes_of_segments(run)
    return run.id


def thin_history(*, now: datetime) -> int:
    """Lets go of old scores that others stand for; sizes and summaries of all runs stay.

    Of the last five weeks every day stays, and of each month before its last; of several runs of
    one day, the last.

    Args:
        now: When.

    Returns:
        How many runs were thinned.
    """
    ordered = runs_to_read().order_by("until", "finished_at", "id").values_list("until", "id")
    last_of_day = dict(ordered)
    kept = days_worth_keeping(last_of_day)
    standing = {last_of_day[day] for day in kept}
    thinned = [run for day, run in ordered if run not in standing]
    for run in thinned:
        with transaction.atomic():
            Run.objects.filter(id=run).update(thinned_at=now)
            Score.everything.filter(run=run).delete()
    return len(thinned)


def _make_latest(run: Run, *, now: datetime) -> None:
    """Has an earlier run of the same day be read again: what was found since then is of other inputs."""
    latest = latest_run()
    if latest is not None and latest.until == run.until and latest.id != run.id:
        after = (latest.finished_at or now) + timedelta(microseconds=1)
        Run.objects.filter(id=run.id).update(finished_at=max(now, after))


def _changed(before: Mapping[UUID, UUID], after: Mapping[UUID, UUID]) -> set[UUID]:
    """Who became one person, or two again, in between."""
    merged = {one for one in (*before, *after) if before.get(one) != after.get(one)}
    return {one for some in (before, after) for one in map(some.get, merged) if one} | merged


def _score_the_lake(
    run: Run, lake: Lake, house: House, progress: Progress, kept: Mapping[UUID, UUID]
) -> None:
    """Fills in a run and its scores from what the lake holds, in the language of the business."""
    with (
        speaking(house.language),
        tempfile.TemporaryDirectory(prefix="regulars-") as folder,
        opened(lake, kept, Path(folder)) as engine,
    ):
        feed = prepare(
            engine,
            Path(folder),
            until=run.until,
            timezone=house.timezone,
            currency=house.currency,
        )
        _score(run, feed, house, progress, kept)


def _score(
    run: Run, feed: Feed, house: House, progress: Progress, kept: Mapping[UUID, UUID]
) -> None:
    """Fills in a run and its scores."""
    run.currency = feed.currency
    run.summary = {"left_out": dict(feed.left_out), "cohorts": cohorts.as_json(feed.cohorts)}
    if not feed.bought:
        return
    request = insight.ScoreRequest(
        purchases=insight.Source(paths=feed.purchases, timezone=house.timezone),
        referrals=insight.Source(paths=feed.referrals, timezone=house.timezone),
        until=run.until,
        # Clockwork customers are scored too, and the run's notes say that they are odd.
        allow_regular=True,
    )
    try:
        result = insight.score(request, progress=progress)
    except (AllAfterUntil, NoPurchase, NoUsableRow):
        return  # nobody has bought by then
    progress(gettext("Keeping the scores"))
    erased = {one for one, _ in erasures()}
    found = rows_of(result, feed.rhythms, run_id=run.id, erased=erased, kept=kept)
    for rows in _chunks(found.rows):
        _write(rows)
    run.rung = result.summary["ladder"]
    run.model = (result.summary["purchase_model"] or {}).get("name", "")
    _hold_against_before(run)
    run.customers = found.customers
    run.usual_gap_days = found.usual_gap_days
    # How the files were read is nobody's business here: they are ours.
    run.summary |= result.summary | {"notes": list(result.model_notes)}


def _hold_against_before(run: Run) -> None:
    """Notes of everybody who stands elsewhere than at the end of an earlier day where they stood then."""
    was = runs_to_read().filter(until__lt=run.until).order_by("-until", "-finished_at").first()
    if was is None:
        return
    run.before = was.until
    key = Run._meta.pk  # noqa: SLF001  (Django's own way to ids as a database keeps them)
    ids = [key.get_db_prep_value(one, connection) for one in (run.id, was.id)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MOVED, ids)


def _keep_sizes_of_segments(run: Run) -> None:
    for segment in Segment.objects.all():
        counted = members(asked_of(segment.condition), run).count()
        SegmentSize.objects.create(segment=segment, run=run, customers=counted)


def _house() -> House:
    found = business()
    if found is None:
        return House()
    return House(timezone=found.time_zone, currency=found.currency, language=found.language)


def _digest(until: date, lake: Lake, house: House, kept: Mapping[UUID, UUID]) -> str:
    """What tells runs apart: everything that the scores follow from."""
    merges = sorted((str(merged), str(one)) for merged, one in kept.items())
    told: list[Any] = [VERSION, until.isoformat(), str(lake.place), lake.last_id]
    told += [house.timezone, house.currency, merges]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Keeps every other run out until the block ends, or its process does.

    Raises:
        ScoringBusy: One is in already.
    """
    with closing(sqlite3.connect(home / LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ScoringBusy from error
        yield


def _clear_unfinished() -> None:
    unfinished = Run.objects.filter(finished_at=None)
    Score.everything.filter(run__in=unfinished).delete()
    unfinished.delete()


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, ROWS_AT_A_TIME)):
        yield chunk


def _write(rows: list[tuple[Any, ...]]) -> None:
    """Writes some rows, in a transaction of their own so that nobody waits for long."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(copy(COLUMNS)) as copied:
                for row in rows:
                    copied.write_row(row)
        else:
            cursor.executemany(insert(COLUMNS), [_for_sqlite(row) for row in rows])


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Ids as Django writes them there."""
    return tuple(value.hex if isinstance(value, UUID) else value for value in row)


def add_segment(*, name: str, condition: object, actor: Actor, now: datetime) -> UUID:
    """Adds a segment.

    Args:
        name: As people call it.
        condition: As JSON; see `regulars.scoring.conditions`.
        actor: Who asks.
        now: When.

    Returns:
        The segment's id.

    Raises:
        SegmentNameMissing, SegmentNameTaken: The name cannot be.
        InvalidCondition: The condition cannot be.
    """
    kept = _kept(name, condition, but=None)
    with refused_as(SegmentNameTaken(name=kept["name"])):
        return Segment.objects.create(**kept, changed_at=now, changed_by=str(actor)).id


def change_segment(
    *, segment_id: UUID, name: str, condition: object, actor: Actor, now: datetime
) -> None:
    """Gives a segment another name or condition; its sizes so far stay as they were counted.

    Raises:
        NoSuchSegment: There is none of that id.
        SegmentNameMissing, SegmentNameTaken, InvalidCondition: As for `add_segment`.
    """
    kept = _kept(name, condition, but=segment_id)
    with refused_as(SegmentNameTaken(name=kept["name"])):
        changed = Segment.objects.filter(id=segment_id).update(
            **kept, changed_at=now, changed_by=str(actor)
        )
    if not changed:
        raise NoSuchSegment


def remove_segment(*, segment_id: UUID) -> None:
    """Forgets a segment and its sizes.

    Raises:
        NoSuchSegment: There is none of that id.
    """
    removed, _ = Segment.objects.filter(id=segment_id).delete()
    if not removed:
        raise NoSuchSegment


def _kept(name: str, condition: object, *, but: UUID | None) -> dict[str, Any]:
    shown = " ".join(name.split())
    if not shown:
        raise SegmentNameMissing
    same = Segment.objects.filter(name=shown).first()
    if same is not None and same.id != but:
        raise SegmentNameTaken(name=shown)
    return {"name": shown, "condition": as_json(asked_of(condition))}
