"""What customers say by a link, and what the gate makes of it, as the tests ask."""

from datetime import timedelta

from django.db import transaction

from regulars.outreach.models import Question
from regulars.outreach.queries import question_stands
from regulars.outreach.returned import Report
from regulars.outreach.services import agree, ask_for_consent, leave, take_report
from regulars.people.contact import may_contact
from regulars.people.services import (
    change_identity,
    remove_identity,
)
from tests.outreach.conftest import BY, NOON

DAY = timedelta(days=1)


def asks(customer, *, purpose="news", **more):
    with transaction.atomic():
        return ask_for_consent(
            customer_id=customer, purpose=purpose, **({"language": "de"} | BY | more)
        )


def agrees(message, *, again=False, now=NOON):
    with transaction.atomic():
        return agree(message_id=message, again=again, now=now)


def stands(message, *, now=NOON):
    return question_stands(Question.objects.get(message_id=message), now=now)


def leaves(message, *, everything=False, now=NOON):
    with transaction.atomic():
        leave(message_id=message, everything=everything, now=now)


def may(customer, purpose="news", now=NOON):
    return may_contact(customer_id=customer, purpose=purpose, channel="email", now=now).reason


def complains(message):
    with transaction.atomic():
        take_report(report=Report(message, "complaint"), now=NOON)


def corrected(customer, value="ben@example.org"):
    """The address was another all the time."""
    with transaction.atomic():
        change_identity(
            customer_id=customer,
            kind="email",
            value=value,
            to="new@example.org",
            region=None,
            **BY,
        )


def taken_away(customer):
    with transaction.atomic():
        remove_identity(customer_id=customer, kind="email", value="ben@example.org", region=None)
