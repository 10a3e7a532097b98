"""A server that is killed at any moment has kept whatever it answered, and what is told again counts once."""

import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.proof.running import DATABASES, Caller, Shop, shop

pytestmark = pytest.mark.proof
KILLS, EVENTS, TILLS, CUSTOMERS = 20, 10_000, 4, 60
LATER_SECONDS = 0.03  # a kill comes up to so long after the answer that it waits for
Request = list[dict[str, Any]]


def day_of(till: int, now: datetime) -> Iterator[Request]:
    """What one till tells, in its order: single events and batches, of its own customers."""
    draw = random.Random(till)
    gone = [0] * CUSTOMERS
    told = 0
    while told < EVENTS // TILLS:
        size = draw.choice((1, 1, 1, 1, 1, 2, 5, 20, 50))
        size = min(size, EVENTS // TILLS - told)
        yield [event(draw, till, told + number, gone, now) for number in range(size)]
        told += size


def event(
    draw: random.Random, till: int, number: int, gone: list[int], now: datetime
) -> dict[str, Any]:
    """A purchase, a visit, or a friend's coming; somebody's first was long ago, so that some return."""
    who = draw.randrange(CUSTOMERS)
    gone[who] += 1
    ago = timedelta(days=100) if gone[who] == 1 else timedelta(minutes=draw.randrange(9_000))
    one: dict[str, Any] = {
        "source": f"till-{till}",
        "key": f"{till}-{number}",
        "occurred_at": (now - ago).isoformat(),
        "customer": {"external": f"K-{till}-{who}", "phone": f"+4917{till}55{who:05}"},
    }
    amount = {"amount_minor": draw.randrange(100, 5_000), "currency": "EUR"}
    kind = draw.choice(("purchase", "purchase", "visit", "refund", "friend"))
    if kind == "visit":
        return {**one, "type": "visit.recorded"}
    if kind == "friend" and gone[who] > 1:
        friend = {"external": f"F-{till}-{number}"}
        return {**one, "type": "referral.recorded", "customer": friend, "data": {"sender_id": who}}
    if kind == "refund":
        return {**one, "type": "purchase.refunded", "data": {"total": amount}}
    lines = [{"name": "Kaffee", "quantity": 1, "amount_minor": amount["amount_minor"]}]
    data = {"total": amount, "order_id": one["key"], "lines": lines}
    return {**one, "type": "purchase.completed", "data": data}


class Till(threading.Thread):
    """Tells its day, each request until it is answered; remembers every answer."""

    def __init__(self, till: int, here: Shop, token: str, now: datetime) -> None:
        super().__init__(daemon=True)
        self.day = list(day_of(till, now))
        self.port, self.token = here.port, token
        self.ids: dict[int, str] = {}  # customers, as they were answered
        self.told: list[tuple[dict[str, Any], list[str]]] = []  # bodies, and the events as answered
        self.answered: dict[str, str] = {}
        self.cut = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        self.caller = Caller(self.port, self.token)
        try:
            for request in self.day:
                self.insist(request)
        except BaseException as fault:
            self.fault = fault
            raise

    def insist(self, request: Request) -> None:
        body = self.resolved(request)
        while True:
            try:
                results = self.caller.tell(body)
                break
            except (OSError, HTTPException):
                self.cut += 1
                time.sleep(0.02)
        for one, result in zip(request, results, strict=True):
            self.answered[one["key"]] = result["event_id"]
            who = one["customer"]["external"]
            if who.startswith("K"):
                self.ids[int(who.rsplit("-", 1)[1])] = result["customer_id"]
        self.told.append((body, [result["event_id"] for result in results]))

    def resolved(self, request: Request) -> dict[str, Any]:
        """A request with senders by their ids; of who is not known yet nobody can be a friend."""
        events = []
        for one in request:
            if one["type"] == "referral.recorded":
                sender = self.ids.get(one["data"]["sender_id"])
                plain = {key: one[key] for key in ("source", "key", "occurred_at", "customer")}
                one = (  # noqa: PLW2901
                    {**one, "data": {"sender_id": sender}}
                    if sender
                    else {**plain, "type": "visit.recorded"}
                )
            events.append(one)
        return events[0] if len(events) == 1 else {"events": events}

    def replay(self) -> None:
        """Tells everything again: each event is known, under the id that was answered."""
        caller = Caller(self.port, self.token)  # the other has been idle
        for body, ids in self.told:
            results = caller.tell(body)
            assert {result["status"] for result in results} == {"duplicate"}
            assert [result["event_id"] for result in results] == ids


def a_day(here: Shop, token: str, now: datetime, kills: int) -> tuple[list[Till], dict[str, Any]]:
    """Every till tells its day, the server being killed so many times meanwhile; the tills, and what there is."""
    draw = random.Random(20260630)
    here.start()
    tills = [Till(number, here, token, now) for number in range(TILLS)]
    requests = sum(len(till.day) for till in tills)
    for till in tills:
        till.start()
    for number, moment in enumerate(sorted(draw.sample(range(requests - 20), kills))):
        while sum(len(till.told) for till in tills) < moment:
            assert not any(till.fault for till in tills)
            time.sleep(0.001)
        time.sleep(draw.uniform(0, LATER_SECONDS))
        here.kill(database_too=here.postgresql is not None and number % 2 == 0)
        here.start()
    for till in tills:
        till.join()
        assert till.fault is None
    return tills, json.loads(here.told_by("-m", "tests.proof.state"))


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_answered_is_there_and_what_is_told_again_counts_once(
    database: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with shop(tmp_path / "undisturbed", database) as (here, token):
        tills, undisturbed = a_day(here, token, now, kills=0)
        assert not any(till.cut for till in tills)
        here.stop()
    with shop(tmp_path / "killed", database) as (here, token):
        tills, found = a_day(here, token, now, kills=KILLS)
        answered = {key: event for till in tills for key, event in till.answered.items()}
        assert sum(till.cut for till in tills) >= KILLS  # requests were under way
        assert len(answered) == EVENTS
        assert found["recorded"] == answered
        assert found["twice"] == 0
        for till in tills:
            till.replay()
        again = json.loads(here.told_by("-m", "tests.proof.state"))
        here.stop()
    assert again == found
    assert found["state"] == undisturbed["state"]
    assert {kind for kind, *_ in found["state"]["tasks"]} == {"thank", "welcome_back"}
