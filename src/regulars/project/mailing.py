"""Mail, beside everything else: what is due goes out, what came back is taken in."""

import logging
import threading
import time
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections

from regulars.kernel.errors import told_of
from regulars.kernel.outbox.core import Deliverer
from regulars.kernel.outbox.services import deliver_due, forget_delivered
from regulars.outreach.delivery import KIND, MAIL
from regulars.outreach.setting_up import read_mailbox
from regulars.outreach.to_employees import KIND as TO_EMPLOYEES_KIND
from regulars.outreach.to_employees import TO_EMPLOYEES
from regulars.stream.away import hindered_by

# Who delivers which kind of row.
DELIVERERS: dict[str, Deliverer] = {KIND: MAIL, TO_EMPLOYEES_KIND: TO_EMPLOYEES}
ASKED_EVERY_SECONDS = 5

log = logging.getLogger(__name__)


def deliver() -> None:
    """Delivers what is due."""
    close_old_connections()
    try:
        deliver_due(deliverers=DELIVERERS, clock=lambda: datetime.now(UTC))
    finally:
        close_old_connections()


def beside() -> None:
    """Delivers every few seconds beside whatever else this process does, until it ends.

    Whoever is interrupted in between is followed by the next: see `regulars.kernel.outbox`.
    """
    threading.Thread(target=_until_the_end, name="mail", daemon=True).start()


def _until_the_end() -> None:
    while True:
        try:
            deliver()
        except DatabaseError as error:  # asked again soon
            log.warning("Mail waits: %s", hindered_by(error))
        except Exception as error:  # noqa: BLE001  (whatever it is, mail goes on)
            log.error("Mail waits: %s", told_of(error))  # noqa: TRY400
        time.sleep(ASKED_EVERY_SECONDS)


def take_in_what_came_back(now: datetime) -> None:
    """Reads the mailbox, if there is one, and forgets what was delivered long ago."""
    read_mailbox(now=now)
    forget_delivered(now=now)
