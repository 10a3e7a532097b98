"""A form that is sent twice, by two clicks or a page that is loaded again, counts once.

Pages that come back by the browser's Back carry the key that they had: with other content it is another
form, and what it tells is written.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest

from regulars.console.models import SentForm

BESIDES = ("csrfmiddlewaretoken", "key")  # no part of what is told


def once(
    request: HttpRequest,
    *,
    key: UUID,
    now: datetime,
    write: Callable[[], UUID],
    within: timedelta | None = None,
) -> tuple[UUID, bool]:
    """Writes what a form tells, unless it told the same last; in a transaction of its own.

    Args:
        request: That brought the form.
        key: That the page gave to its form.
        now: When it is sent.
        write: Writes it, and says of whom it tells.
        within: How long the same is the same form, where later it is to be written anew; None for ever.

    Returns:
        The customer, and whether it was written now.
    """
    content = content_of(request)
    with transaction.atomic():
        # Whoever comes at the same moment waits here until the first has written.
        SentForm.objects.get_or_create(key=key, defaults={"customer_id": key, "sent_at": now})
        sent = SentForm.objects.select_for_update().get(key=key)
        is_new = sent.content != content or (within is not None and now - sent.sent_at > within)
        if is_new:
            sent.customer_id, sent.content, sent.sent_at = write(), content, now
            sent.save(update_fields=("customer_id", "content", "sent_at"))
    return sent.customer_id, is_new


def customer_of(request: HttpRequest, key: UUID) -> UUID | None:
    """Of whom a form told that was sent before with the same content, or None where it was not."""
    sent = SentForm.objects.filter(key=key, content=content_of(request)).first()
    return None if sent is None else sent.customer_id


def event_key(request: HttpRequest, key: UUID) -> UUID:
    """By which the log knows what a form tells: the same for the same content alone."""
    return uuid5(key, content_of(request))


def content_of(request: HttpRequest) -> str:
    """A fingerprint of what a form tells, and where."""
    told = sorted((name, values) for name, values in request.POST.lists() if name not in BESIDES)
    return hashlib.sha256(json.dumps([request.path, told]).encode()).hexdigest()
