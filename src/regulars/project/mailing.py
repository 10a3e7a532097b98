"""Mail, beside everything else: what is due goes out, what came back is taken in."""

from datetime import UTC, datetime

from django.db import close_old_connections

from regulars.kernel.outbox.core import Deliverer
from regulars.kernel.outbox.services import deliver_due, forget_delivered
from regulars.outreach.delivery import KIND, MAIL
from regulars.outreach.setting_up import read_mailbox

# Who delivers which kind of row.
DELIVERERS: dict[str, Deliverer] = {KIND: MAIL}
ASKED_EVERY_SECONDS = 5


def deliver() -> None:
    """Delivers what is due."""
    close_old_connections()
    try:
        deliver_due(deliverers=DELIVERERS, clock=lambda: datetime.now(UTC))
    finally:
        close_old_connections()


def take_in_what_came_back(now: datetime) -> None:
    """Reads the mailbox, if there is one, and forgets what was delivered long ago."""
    read_mailbox(now=now)
    forget_delivered(now=now)
