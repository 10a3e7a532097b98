"""Whoever was merged, or parted again, is never shown the figures of somebody else."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count as count_up
from uuid import UUID

import pytest
from django.db import transaction
from tests.scoring.conftest import NOW, UNTIL
from tests.scoring.test_erased_senders import bought, tell

from regulars.console.customer.worth import worth_lost, worth_of
from regulars.intake.services import Incoming, record
from regulars.jobs.models import Job
from regulars.jobs.services import ask_for_scores_again
from regulars.jobs.tables import scores
from regulars.kernel.actor import SYSTEM
from regulars.people.held import all_held
from regulars.people.queries import ids_of
from regulars.people.services import add_customer, erase, merge, unmerge
from regulars.scoring import services
from regulars.scoring.models import Run, Score
from regulars.scoring.queries import count, history, latest, latest_run
from regulars.scoring.services import run_scoring

pytestmark = pytest.mark.django_db(transaction=True)
BY = {"actor": SYSTEM, "now": NOW}
BOUGHT = {"field": "purchases", "is": "at_least", "value": 1}
NEVER_BOUGHT = {"not": BOUGHT}


@dataclass
class Two:
    regular: UUID
    typed: UUID


@pytest.fixture
def two() -> Two:
    """Somebody who bought five times, and somebody who was typed in at the counter and never did."""
    with transaction.atomic():
        regular, typed = (add_customer(name=name, region=None, **BY) for name in ("Old", "New"))
    tell(*(bought(regular, days) for days in (90, 70, 50, 30, 10)))
    return Two(regular, typed)


def tell_one(told) -> None:
    """One purchase more, under a key of its own."""
    kind, who, days, data = told
    with transaction.atomic():
        record(
            incoming=[
                Incoming(
                    type=kind,
                    source="till",
                    key="one more",
                    occurred_at=NOW - timedelta(days=days),
                    customer_id=who,
                    data=data,
                )
            ],
            region=None,
            **BY,
        )


LATER = count_up()


def score() -> UUID:
    """A run, each a minute after the one before."""
    return run_scoring(until=UNTIL, actor=SYSTEM, now=NOW + timedelta(minutes=next(LATER)))


def one(kept: UUID, merged: UUID) -> UUID:
    with transaction.atomic():
        return merge(kept=kept, merged=merged, **BY)


def parted(merge_id: UUID) -> None:
    with transaction.atomic():
        unmerge(merge_id=merge_id, **BY)


def purchases(customer: UUID) -> int | None:
    found = latest(customer)
    return None if found is None else found.purchases


def exported() -> dict[str, int]:
    return {row["customer_id"]: row["purchases"] for batch in scores() for row in batch}


def test_what_the_run_found_of_one_of_them_is_read_of_the_person(two):
    score()
    made = one(two.typed, two.regular)
    assert (purchases(two.typed), purchases(two.regular)) == (5, None)
    assert [found.purchases for found in history(two.typed)] == [5]
    assert (count(BOUGHT), count(NEVER_BOUGHT)) == (1, 0)
    assert exported() == {str(two.typed): 5}
    parted(made)
    assert (purchases(two.typed), purchases(two.regular)) == (None, 5)
    assert (count(BOUGHT), count(NEVER_BOUGHT)) == (1, 1)
    assert exported() == {str(two.regular): 5}


def test_once_they_are_two_neither_has_what_was_found_of_both(two):
    score()
    made = one(two.typed, two.regular)
    score()
    assert purchases(two.typed) == 5
    parted(made)
    assert (purchases(two.typed), purchases(two.regular)) == (None, None)
    assert (count(BOUGHT), count(NEVER_BOUGHT), exported()) == (0, 2, {})
    assert history(two.typed) == ()
    assert [found.purchases for found in history(two.regular)] == [5]
    score()
    assert (purchases(two.typed), purchases(two.regular)) == (None, 5)


def test_made_one_again_they_have_what_a_run_finds_of_them_then(two):
    score()
    made = one(two.typed, two.regular)
    score()
    parted(made)
    one(two.typed, two.regular)
    score()
    assert purchases(two.typed) == 5
    assert Score.objects.get(run=latest_run()).customer_id == two.typed


def test_of_two_whom_the_run_knew_the_shown_ones_own_stands_until_the_next(two):
    tell_one(bought(two.typed, 20))
    score()
    made = one(two.typed, two.regular)
    assert (purchases(two.typed), purchases(two.regular)) == (1, None)
    assert (count(BOUGHT), count(NEVER_BOUGHT)) == (1, 0)
    assert exported() == {str(two.typed): 1}
    parted(made)
    assert (purchases(two.typed), purchases(two.regular)) == (1, 5)
    one(two.typed, two.regular)
    score()
    assert purchases(two.typed) == 6


def test_what_was_set_aside_goes_out_and_goes_away_with_the_person(two):
    tell_one(bought(two.typed, 20))
    score()
    one(two.typed, two.regular)
    held = all_held()["scores"]
    assert held.rows([two.typed, two.regular]).count() == 2
    with transaction.atomic():
        erase(customer_id=two.typed, **BY)
    assert not Score.everything.exists()


def test_whoever_is_parted_while_a_run_is_under_way_has_nothing_of_it(two, monkeypatch):
    made = one(two.typed, two.regular)
    write = services._write

    def parted_first(rows):
        parted(made)
        write(rows)

    monkeypatch.setattr(services, "_write", parted_first)
    score()
    assert Run.objects.get().finished_at is not None
    assert (purchases(two.typed), purchases(two.regular)) == (None, None)


def test_a_page_says_that_figures_are_of_one_side_until_both_are_counted(two):
    with transaction.atomic():
        other = add_customer(name="Other", region=None, **BY)
    tell_one(bought(other, 20))
    score()

    def gap():
        ids = ids_of(two.regular)
        told = worth_of(latest(two.regular), ids, last_here=None, today=UNTIL)
        return told.gap if told else worth_lost(ids)

    assert gap() == ""
    with transaction.atomic():
        merge(kept=two.regular, merged=two.typed, **BY)
    assert gap() == ""  # of whom nothing is told
    began = NOW + timedelta(hours=1)
    with transaction.atomic():
        log = merge(kept=two.regular, merged=other, actor=SYSTEM, now=began)
    assert gap() == "This was counted before two became one, and is of one of the two only."
    ask_for_scores_again(actor=SYSTEM, now=began)
    assert gap().endswith("Everybody is valued anew within minutes.")
    Job.objects.all().delete()
    run_scoring(until=UNTIL, actor=SYSTEM, now=began + timedelta(hours=1))
    assert gap() == ""
    with transaction.atomic():
        unmerge(merge_id=log, actor=SYSTEM, now=began + timedelta(hours=2))
    assert gap() == "Two people were valued as one here, and are two again."
    run_scoring(until=UNTIL, actor=SYSTEM, now=began + timedelta(hours=3))
    assert gap() == ""


def test_ten_merges_ask_once_for_scores_of_the_day_that_was_scored_last(two):
    ask_for_scores_again(actor=SYSTEM, now=NOW)
    assert not Job.objects.exists()  # nobody was scored yet
    score()
    for second in range(10):
        ask_for_scores_again(actor=SYSTEM, now=NOW + timedelta(seconds=second))
    (job,) = Job.objects.all()
    assert (job.options, job.not_before) == (
        {"until": UNTIL.isoformat()},
        NOW + timedelta(minutes=2),
    )
