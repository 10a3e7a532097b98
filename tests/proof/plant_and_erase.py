"""A home of its own: somebody is told of everywhere, by the API, and erased by it; run as a program."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

HOME, WHAT, *WHOM = sys.argv[1:]
MILK = {"key": "milk", "name": "Milk", "kind": "text", "needs_consent": True}
ANA = {
    "name": "Ana Quillabamba",
    "email": "zebrafinch@weber.example",
    "likes": ["xylophone"],
    "phone": "0171 5550001",
    "external": "C-47110815",
    "card": "card-99887766",
    "handle": "@axolotl",
}
CONSENT = {
    "purpose": "profile",
    "channel": "",
    "given": True,
    "text_version": "versionseven",
    "proof": "paperform",
    "said_at": "2026-06-30T10:00:00+02:00",
}


def bought(number: int, *, at: str) -> dict[str, Any]:
    """A purchase by whoever is planted."""
    return {
        "type": "purchase.completed",
        "key": str(number),
        "occurred_at": at,
        "customer": {"phone": "+49 171 5550001", "email": "zebrafinch@weber.example"},
        "data": {"total": {"amount_minor": 1250, "currency": "EUR"}},
    }


Call = Callable[..., Any]


def calling(token: str, now: datetime) -> Call:
    """The API, as a program with a key calls it: a method, a path and what is sent."""
    from django.test import Client  # noqa: PLC0415  (once Django is set up)

    client, keys = Client(SERVER_NAME="localhost"), count()

    def call(method: str, path: str, body: Any = None) -> Any:
        response = client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": f"{now.isoformat()}-{next(keys)}",
            },
        )
        assert response.status_code < 300, response.content
        return response.json()

    return call


def export_everything(now: datetime) -> None:
    """A table of everybody is made, as a job."""
    from regulars.jobs.services import ask_for_export  # noqa: PLC0415
    from regulars.jobs.worker import Worker  # noqa: PLC0415
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415

    ask_for_export(table="customers", form="csv", actor=SYSTEM, now=now)
    Worker().work_off()


def score(now: datetime) -> None:
    """Scores are worked out, and with them the lake."""
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.scoring.services import run_scoring  # noqa: PLC0415

    run_scoring(until=now.date(), actor=SYSTEM, now=now)


def plant(call: Call, now: datetime) -> dict[str, Any]:
    """Tells of somebody wherever one can, and answers who that is."""
    customer = call("POST", "/customers", ANA)["id"]
    other = call("POST", "/customers", {"name": "Ben"})["id"]
    at = f"/customers/{customer}"
    call("POST", "/attributes", MILK)
    call("POST", f"{at}/consents", CONSENT)
    call("PUT", f"{at}/attributes/milk", {"value": "chinchilla"})
    call("POST", f"{at}/preferences", {"kind": "needs", "text": "wheelchairramp"})
    (note,) = call("POST", f"{at}/notes", {"text": "ombudsmannote, first words"})["notes"]
    call("PATCH", f"{at}/notes/{note['id']}", {"text": "ombudsmannote"})
    call("POST", f"{at}/dates", {"label": "jubileeday", "month": 5, "day": 1})
    call("POST", f"{at}/suppressions", {"channel": "sms", "reason": "never"})
    events = [bought(number, at=now.isoformat()) for number in range(3)]
    sent = {
        "type": "referral.recorded",
        "key": "friend",
        "occurred_at": now.isoformat(),
        "customer": {"id": other},
        "data": {"sender_id": customer},
    }
    call("POST", "/events", {"events": [*events, sent]})
    call("POST", "/recognise", {"name": "Quillabamba"})
    call("GET", f"{at}/export")
    export_everything(now)
    score(now)
    return {"customer": customer}


def erase(call: Call, now: datetime, customer: str) -> dict[str, Any]:
    """Erases somebody, and answers where they are found at once, and who is there in the end."""
    from tests.proof.test_nothing_left import found_in  # noqa: PLC0415

    export_everything(now)
    call("DELETE", f"/customers/{customer}")
    at_once = found_in(Path(HOME))  # while the database is open, its log beside it
    score(now)
    return {"at_once": at_once, "customers": call("GET", "/customers")}


def main() -> None:
    """Plants or erases, and prints what came of it."""
    from regulars.project.server import prepare  # noqa: PLC0415  (sets Django up)

    prepare(Path(HOME))
    from django.utils import timezone  # noqa: PLC0415
    from tests.cafe import found_cafe  # noqa: PLC0415

    from regulars.credentials.core import SCOPES  # noqa: PLC0415
    from regulars.credentials.keys import add_key  # noqa: PLC0415
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.models import Business  # noqa: PLC0415

    now = timezone.now()
    if not Business.objects.exists():
        found_cafe(now=now)
    call = calling(add_key(name="till", scopes=SCOPES, actor=SYSTEM, now=now).token, now)
    told = erase(call, now, *WHOM) if WHAT == "erase" else plant(call, now)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
