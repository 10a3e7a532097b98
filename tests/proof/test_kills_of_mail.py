"""Whoever delivers mail is killed again and again: every message arrives, none is lost, few come twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.outreach.servers import smtp_server

import regulars

pytestmark = pytest.mark.proof
MESSAGES, KILLS = 60, 8
WRITTEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from regulars.project.server import prepare
prepare(Path(sys.argv[1]))
from django.db import transaction
from regulars.kernel.actor import SYSTEM
from regulars.outreach.services import write_letter
from regulars.outreach.setting_up import Access, keep_account
from regulars.people.models import Business
from regulars.people.services import add_customer, found_business, record_consent
now = datetime(2026, 6, 30, 10, tzinfo=UTC)
by = {"actor": SYSTEM, "now": now}
with transaction.atomic():
    found_business(name="Café", language="de", time_zone="Europe/Berlin", country="DE", currency="EUR",
        stamp="", promise="", owner="Ana", password="ein langes Passwort", now=now)
    Business.objects.update(public_address="https://cafe.example", quiet_from="00:00", quiet_until="00:00")
    keep_account(provider="own", sending=Access(host="127.0.0.1", port=int(sys.argv[2]), security="none",
        username=""), mailbox=None, sender_name="Café", sender_address="hallo@cafe.example", imprint="")
    for number in range(int(sys.argv[3])):
        one = add_customer(name=f"Ana {number}", identities=[("email", f"ana{number}@posteo.de")],
            region="DE", **by)
        record_consent(customer_id=one, purpose="care", channel="email", given=True, text_version="1",
            proof="form", said_at=now, **by)
        write_letter(customer_id=one, purpose="care", language="de", subject="Danke", text="Danke.", **by)
"""
DELIVERED = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from regulars.project.server import set_up
set_up(Path(sys.argv[1]))
from regulars.kernel.outbox.services import deliver_due
from regulars.project.mailing import DELIVERERS
later = datetime(2026, 6, 30, 10, tzinfo=UTC) + timedelta(minutes=11 * int(sys.argv[2]))
print("ready", flush=True)
deliver_due(deliverers=DELIVERERS, clock=lambda: later)
"""
STOOD = """
import sys
from pathlib import Path
from regulars.project.server import set_up
set_up(Path(sys.argv[1]))
from regulars.kernel.outbox.models import OutboxRow
from regulars.outreach.models import Message
from regulars.people.models import Contact
print(OutboxRow.objects.filter(ended_as="delivered").count(), Message.objects.filter(state="sent").count(),
    Contact.objects.count())
"""


def run(script: str, *told: object, **how):
    environment = {**os.environ, "PYTHONPATH": str(Path(regulars.__file__).parents[1])}
    command = [sys.executable, "-c", script, *map(str, told)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **how)


def test_every_message_arrives_whoever_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    inbox, controller = smtp_server()
    chance = random.Random(7)
    try:
        assert run(WRITTEN, home, inbox.port, MESSAGES).wait() == 0
        for turn in range(KILLS):
            worker = run(DELIVERED, home, turn)
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            before, end = len(inbox.taken), time.monotonic() + 60
            while len(inbox.taken) < before + chance.randint(1, 5):
                assert time.monotonic() < end
                time.sleep(0.001)
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
        assert run(DELIVERED, home, KILLS).wait() == 0
        told, _ = run(STOOD, home).communicate()
    finally:
        controller.stop()
    arrived = Counter(str(mail["Message-ID"]).strip() for mail in inbox.mails)
    assert len(arrived) == MESSAGES
    assert sum(arrived.values()) - MESSAGES <= KILLS
    assert told.split() == [str(MESSAGES)] * 3
