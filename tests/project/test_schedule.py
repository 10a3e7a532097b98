"""The nightly work: once a day, in the quiet hours, and made up for where a night was slept through."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cafe import found_cafe

from regulars.jobs.backups.names import daily_backups
from regulars.jobs.services import ask_for_scores
from regulars.jobs.worker import Worker
from regulars.kernel.actor import SYSTEM
from regulars.project.home import DATABASE, prepare_home
from regulars.project.schedule import (
    QUIET_HOUR,
    ask,
    ask_for_scores_due,
    back_up_what_is_due,
    day_due,
)
from regulars.scoring.models import Run
from regulars.stream.services import NewEvent, append

ANA = UUID("01900000-0000-7000-8000-000000000001")
BERLIN = "Europe/Berlin"  # two hours before UTC in summer


def due(moment, scored=None, timezone=BERLIN):
    return day_due(datetime.fromisoformat(moment), timezone=timezone, scored=scored)


def test_a_day_is_due_from_three_in_the_night_after_it_by_the_businesss_own_clock():
    assert due("2026-06-30T00:59:00+00:00", date(2026, 6, 28)) is None  # 2:59 in Berlin
    assert due("2026-06-30T01:00:00+00:00", date(2026, 6, 28)) == date(2026, 6, 29)
    assert due("2026-06-30T01:00:00+00:00", date(2026, 6, 29)) is None
    # In Bangkok it is morning already.
    assert due("2026-06-30T00:59:00+00:00", date(2026, 6, 28), "Asia/Bangkok") == date(2026, 6, 29)


def test_a_night_that_was_slept_through_is_made_up_for_at_any_hour():
    assert due("2026-06-30T16:00:00+00:00", date(2026, 6, 12)) == date(2026, 6, 29)
    assert due("2026-06-30T16:00:00+00:00") == date(2026, 6, 29)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from((BERLIN, "UTC", "Asia/Bangkok", "America/Los_Angeles")),
)
def test_every_day_comes_due_and_never_before_the_quiet_hour_after_it(now, timezone):
    day = day_due(now, timezone=timezone, scored=None)
    assert day is not None
    over = datetime.combine(day + timedelta(days=1), time(QUIET_HOUR), ZoneInfo(timezone))
    assert over <= now < over + timedelta(hours=25)  # one night in autumn is longer
    assert day_due(now, timezone=timezone, scored=day) is None
    assert day_due(now, timezone=timezone, scored=day - timedelta(days=1)) == day


@pytest.fixture
def business(settings, tmp_path, transactional_db):
    settings.HOME = tmp_path / "home"
    found_cafe(name="Café Sommer", time_zone=BERLIN, now=datetime(2026, 6, 1, tzinfo=UTC))


def test_a_shops_own_file_is_backed_up_once_a_day_from_the_quiet_hour_on(
    business, settings, monkeypatch
):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    prepare_home(settings.HOME)
    with closing(sqlite3.connect(settings.HOME / DATABASE)) as shop:
        shop.execute("CREATE TABLE told (what TEXT)")
    back_up_what_is_due(datetime.fromisoformat("2026-06-30T00:59:00+00:00"))  # 2:59 in Berlin
    assert not daily_backups(settings.HOME)
    for moment in ("2026-06-30T01:00:00+00:00", "2026-06-30T16:00:00+00:00"):
        back_up_what_is_due(datetime.fromisoformat(moment))
    assert set(daily_backups(settings.HOME)) == {date(2026, 6, 30)}


def test_the_last_whole_day_is_scored_once_and_ends_at_the_businesss_own_midnight(business):
    # 0:30 on the 30th in Berlin, though it is the 29th in Greenwich.
    after_midnight = datetime(2026, 6, 29, 22, 30, tzinfo=UTC)
    append(
        events=[
            NewEvent(
                type="purchase.completed",
                source="till",
                key=str(number),
                customer_id=ANA,
                occurred_at=moment,
                data={"total": {"amount_minor": 500, "currency": "EUR"}},
            )
            for number, moment in enumerate((after_midnight - timedelta(hours=3), after_midnight))
        ],
        actor=SYSTEM,
        now=after_midnight,
    )
    night = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)

    def asked(moment):
        ask_for_scores_due(moment)
        Worker(clock=lambda: moment).work_off()

    # However many processes ask, it is one job.
    assert len({ask_for_scores_due(night) for _ in range(3)}) == 1
    asked(night)
    asked(night + timedelta(hours=5))
    run = Run.objects.get()
    assert run.until == date(2026, 6, 29)
    assert run.scores.get(customer_id=ANA).purchases == 1
    asked(night + timedelta(days=1))
    assert Run.objects.count() == 2


def test_a_day_that_was_scored_before_it_was_over_is_scored_again(business):
    noon = datetime(2026, 6, 30, 10, tzinfo=UTC)
    ask_for_scores(actor=SYSTEM, now=noon)
    Worker(clock=lambda: noon).work_off()
    assert Run.objects.get().until == date(2026, 6, 30)
    assert ask_for_scores_due(noon) is None  # the day before is in it
    assert ask_for_scores_due(noon + timedelta(days=1)) is not None


@pytest.mark.django_db(transaction=True)
def test_where_there_is_no_business_yet_nothing_is_due(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    ask()
    assert not Run.objects.exists()
