"""Who sent whom, as the log says."""

from uuid import UUID

from regulars.stream.models import Event


def referrals() -> tuple[tuple[UUID, UUID], ...]:
    """Sender and friend of every referral, in the order in which they happened."""
    told = Event.objects.filter(type="referral.recorded", customer_id__isnull=False)
    return tuple(
        (UUID(one.data["sender_id"]), one.customer_id)
        for one in told.order_by("occurred_at", "position")
        if one.customer_id is not None
    )
