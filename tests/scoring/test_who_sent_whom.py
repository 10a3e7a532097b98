"""Scores read the claims of who sent whom that stand everywhere else."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.scoring.conftest import NOW, UNTIL
from tests.scoring.test_erased_senders import bought

from regulars.care.families import web_of
from regulars.intake.bringing import take_back
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.queries import standing
from regulars.people.services import add_customer
from regulars.scoring.models import Score
from regulars.scoring.queries import latest
from regulars.scoring.services import run_scoring

pytestmark = pytest.mark.django_db(transaction=True)


def live(*told, now=NOW):
    record(
        incoming=[
            Incoming(
                type=kind,
                source="till",
                key=f"{kind} {who} {days} {data}",
                occurred_at=now - timedelta(days=days),
                customer_id=who,
                data=data,
            )
            for kind, who, days, data in told
        ],
        region=None,
        actor=SYSTEM,
        now=now,
    )


def sent(sender, friend, days):
    return ("referral.recorded", friend, days, {"sender_id": str(sender)})


def add(*names):
    return [add_customer(name=name, region=None, actor=SYSTEM, now=NOW) for name in names]


def friends():
    run_scoring(until=UNTIL, actor=SYSTEM, now=NOW)
    return {one.customer_id: one.friends for one in Score.objects.all() if one.friends}


def test_a_circle_and_a_second_claim_count_as_in_the_tree():
    with transaction.atomic():
        ana, ben, cem = add("Ana", "Ben", "Cem")
        first_days = [bought(one, 9) for one in (ana, ben, cem)]
        live(sent(cem, ana, 10), sent(ana, ben, 11), sent(ben, cem, 12), sent(ana, cem, 11))
        live(*first_days)
    assert web_of([ana, ben, cem]).through == {ben: ana, cem: ben}
    assert friends() == {ana: 1, ben: 1}


def test_who_is_asked_later_who_sent_them_came_through_them_from_the_first_purchase_on():
    with transaction.atomic():
        ana, ben, cem = add("Ana", "Ben", "Cem")
        live(*(bought(one, 90) for one in (ana, ben, cem)))
        asked = NOW - timedelta(days=5)
        live(sent(ana, ben, 0), now=asked)  # told when it was asked, and of no moment of its own
        live(sent(ana, cem, 3))  # Cem is said to have been sent by then, and had been a customer
    assert friends() == {ana: 1}


def test_a_claim_that_was_taken_back_is_scored_no_more_though_the_lake_has_it():
    with transaction.atomic():
        ana, ben, cem = add("Ana", "Ben", "Cem")
        live(*[bought(one, 9) for one in (ana, ben, cem)])
        live(sent(ana, ben, 10), sent(cem, ben, 9))
    run_scoring(until=UNTIL, actor=SYSTEM, now=NOW)
    assert [latest(one).friends for one in (ana, cem)] == [1, 0]
    with transaction.atomic():
        take_back(event_id=standing((ben,))[ben].event_id, actor=SYSTEM, now=NOW)
    run_scoring(until=UNTIL, actor=SYSTEM, now=NOW + timedelta(hours=1))
    assert [latest(one).friends for one in (ana, cem)] == [0, 1]
