"""A form that is sent twice, by two clicks or a page that is loaded again, counts once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from regulars.console.models import SentForm


def once(*, key: UUID, now: datetime, write: Callable[[], UUID]) -> tuple[UUID, bool]:
    """Writes what a form tells, unless the same form was sent before; in a transaction of its own.

    Args:
        key: That the page gave to its form.
        now: When it is sent.
        write: Writes it, and says of whom it tells.

    Returns:
        The customer, and whether it was written now.
    """
    with transaction.atomic():
        # Whoever comes at the same moment waits here until the first has written.
        sent, is_new = SentForm.objects.get_or_create(
            key=key, defaults={"customer_id": key, "sent_at": now}
        )
        if is_new:
            sent.customer_id = write()
            sent.save(update_fields=("customer_id",))
    return sent.customer_id, is_new


def customer_of(key: UUID) -> UUID | None:
    """Of whom a form told that was sent before, or None where it was not."""
    sent = SentForm.objects.filter(key=key).first()
    return None if sent is None else sent.customer_id
