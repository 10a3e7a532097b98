"""What customers agreed to, by their latest word."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.people.models import Consent


def latest_consents(customer_ids: Sequence[UUID]) -> Mapping[tuple[str, str], Consent]:
    """A person's latest word on each purpose and channel.

    Of two words of the same moment, a no counts more than a yes.

    Args:
        customer_ids: Every id of the one person.
    """
    rows = Consent.objects.filter(customer_id__in=customer_ids).order_by("said_at", "-given", "id")
    return {(row.purpose, row.channel): row for row in rows}


def consent_stands(customer_ids: Sequence[UUID], purpose: str, channel: str) -> bool:
    """Whether a person's latest word on a purpose and channel was yes."""
    latest = (
        Consent.objects.filter(customer_id__in=customer_ids, purpose=purpose, channel=channel)
        .order_by("-said_at", "given", "-id")
        .first()
    )
    return latest is not None and latest.given
