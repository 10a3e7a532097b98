"""Who looked at whom: every look at a customer leaves a line, by ids alone."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.models import Look
from regulars.people.queries.one_person import ids_of
from regulars.people.remembering import one_of

LOOKS = (Look.PROFILE, Look.TIMELINE, Look.EXPORT, Look.ERASURE)


def looked_at(*, customer_id: UUID, what: str = Look.PROFILE, actor: Actor, now: datetime) -> None:
    """Writes down that somebody looked at a customer.

    Args:
        customer_id: At whom.
        what: At what of theirs, of `LOOKS`.
        actor: Who.
        now: When.

    Raises:
        UnknownKind: ``what`` is nothing to look at.
    """
    Look.objects.create(
        customer_id=customer_id,
        looked_by=str(actor),
        what=one_of(what, LOOKS, field="look"),
        looked_at=now,
    )


def looks_at(customer_id: UUID) -> Iterator[Look]:
    """Who looked at a customer, the latest first; those at everybody merged into them too."""
    rows = Look.objects.filter(customer_id__in=ids_of(customer_id))
    return rows.order_by("-looked_at", "-id").iterator()


def looks_by(actor: Actor) -> Iterator[Look]:
    """At whom somebody looked, the latest first."""
    return Look.objects.filter(looked_by=str(actor)).order_by("-looked_at", "-id").iterator()
