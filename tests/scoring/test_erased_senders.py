"""Who was sent by somebody who was erased stays sent, and nobody counts the ghost."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.scoring.conftest import NOW, UNTIL

from regulars.care.families import family_of, largest_families
from regulars.care.models import Task
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.queries import senders_and_friends, top_senders
from regulars.people.services import add_customer, erase
from regulars.scoring.models import Run, Score
from regulars.scoring.services import run_scoring
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
BY = {"actor": SYSTEM, "now": NOW}


def tell(*told):
    with transaction.atomic():
        record(
            incoming=[
                Incoming(
                    type=kind,
                    source="till",
                    key=str(number),
                    occurred_at=NOW - timedelta(days=days),
                    customer_id=who,
                    data=data,
                )
                for number, (kind, who, days, data) in enumerate(told)
            ],
            region=None,
            **BY,
        )


def bought(who, days):
    return (
        "purchase.completed",
        who,
        days,
        {"total": {"amount_minor": 1_000, "currency": "EUR"}},
    )


@pytest.mark.parametrize("is_told_first", [True, False])
def test_who_came_through_somebody_erased_came_through_somebody(is_told_first):
    with transaction.atomic():
        ana, ben = (add_customer(name=name, region=None, **BY) for name in ("Ana", "Ben"))
    story = [bought(ana, 90), bought(ana, 40), bought(ben, 30), bought(ben, 10)]
    sent = ("referral.recorded", ben, 31, {"sender_id": str(ana)})
    tell(*story, *([sent] if is_told_first else []))
    with transaction.atomic():
        erase(customer_id=ana, **BY)
    if not is_told_first:
        tell(*story, sent)
    run = Run.objects.get(id=run_scoring(until=UNTIL, **BY))
    (score,) = Score.objects.filter(run=run)
    assert (score.customer_id, score.referred, run.customers) == (ben, True, 1)
    assert Event.objects.get(type="referral.recorded").data == {"sender_id": str(ana)}
    assert senders_and_friends().senders == 0
    assert top_senders(5) == ()
    assert largest_families().people == ()
    assert [one.came_through for one in family_of(ben).people] == [None]
    assert not Task.objects.filter(withdrawn_at=None, customer_id=ana).exists()
