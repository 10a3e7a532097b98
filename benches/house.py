"""A large house: customers with four years of purchases, a star sender, tastes, notes, consent, scored."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from benches.filled import customers_of, in_a_hurry, settle
from benches.names import drawn

MODULE = "benches.house"
CUSTOMERS = customers_of(200_000)
SEED = 20261123
DAYS = 4 * 365
OWNER, PASSWORD = "Anna", "a long password"
PLACES = ("Altstadt", "Bahnhof", "Seeufer")
STAR, REGULAR = 7, 11  # by their numbers; the one sent many, the other is here all the time
FRIENDS_OF_STAR, EVENTS_OF_REGULAR = 3_000, 2_000
SENT_ONE_IN, STRANGER_ONE_IN, MERGED = 8, 20, 200
SHARES = {"likes": 0.5, "needs": 0.1, "pains": 0.05, "avoids": 0.05, "notes": 0.1, "consent": 0.4}
MILK = ("oat milk", "soy milk", "whole milk", "Hafermilch", "leche de avena", "almond milk")
THINGS = (
    *("flat white", "espresso", "cortado", "filter coffee", "Apfelkuchen", "tarta de queso"),
    *("window seat", "quiet corner", "newspaper", "croissant", "rye bread", "chai", "high chair"),
)
HOWS = ("", "", ", no sugar", ", extra hot", " (in the morning)", ", in her own cup", ", two")
NEEDS = ("gluten free", "step-free way in", "a quick lunch", "somewhere to work", "lactose free")
NOTES = ("Her dog is called Bruno.", "Moved here for work.", "Asks for the crossword.")
TASTE = "oat milk"


@dataclass(frozen=True, kw_only=True)
class House:
    """What a bench has to know of the house.

    Attributes:
        ordinary: Ids of some customers as most are.
        star: Of who sent many.
        regular: Of who is here all the time.
        places: Of the locations.
        segments: Of segments of one's own, by what they ask about.
        view: Of a kept list.
        token: A key that may read customers.
    """

    ordinary: tuple[str, ...]
    star: str
    regular: str
    places: tuple[str, ...]
    segments: dict[str, str]
    view: str
    token: str

    def write(self, home: Path) -> None:
        """Keeps it beside the database."""
        (home / "house.json").write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, home: Path) -> "House":
        """As it was kept."""
        return cls(**json.loads((home / "house.json").read_text("utf-8")))


def fill(home: Path) -> None:
    """Founds the business, and lets four years pass."""
    from regulars.credentials.keys import add_key  # noqa: PLC0415  (needs Django set up)
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.measure.services import count_again  # noqa: PLC0415
    from regulars.people.bulk import add_many  # noqa: PLC0415
    from regulars.scoring.services import run_scoring  # noqa: PLC0415
    from regulars.stream.bulk import append_many  # noqa: PLC0415

    now, random = datetime.now(UTC), Random(SEED)  # noqa: S311
    places = _founded(now)
    people = _people(random, places)
    told = sorted(_happened(people, places, random, now), key=lambda one: one.occurred_at)
    moments = {one.customer_id: one.occurred_at for one in reversed(told)}
    first = {
        one.id: datetime.fromisoformat(moments[one.digits]).replace(tzinfo=UTC)
        for one in people
        if one.digits in moments
    }
    with in_a_hurry("people_%"):
        add_many(people=people, first=first, actor=SYSTEM, now=now)
        _remember([one.id for one in people], random, now)
    with in_a_hurry("stream_%"):
        append_many(events=told, source="file", once=False, actor=SYSTEM, now=now)
    _merge(people, now)
    settle()
    segments = _segments(places, now)
    run_scoring(until=(now - timedelta(days=1)).date(), actor=SYSTEM, now=now)
    count_again(now)
    settle()
    scopes = ("customers:read",)
    key = add_key(name="reader", scopes=scopes, source="reader", actor=SYSTEM, now=now)
    House(
        ordinary=tuple(str(one.id) for one in people[1_000:1_200] if one.name),
        star=str(people[STAR].id),
        regular=str(people[REGULAR].id),
        places=tuple(map(str, places)),
        segments=segments,
        view=_view(now),
        token=key.token,
    ).write(home)


def _founded(now: datetime) -> Sequence[UUID]:
    from regulars.people.services import (  # noqa: PLC0415
        add_location,
        choose_goal,
        finish_first_run,
        found_business,
    )

    found_business(
        name="Café Anna",
        language="en",
        time_zone="Europe/Berlin",
        country="DE",
        currency="EUR",
        stamp="",
        promise="",
        owner=OWNER,
        password=PASSWORD,
        now=now,
    )
    choose_goal(goal="listen")
    finish_first_run(now=now)
    return [add_location(name=name, now=now) for name in PLACES]


def _people(random: Random, places: Sequence[UUID]) -> list[Any]:
    from regulars.people.bulk import Told  # noqa: PLC0415

    return [
        Told(
            name="" if who % STRANGER_ONE_IN == STRANGER_ONE_IN - 1 else name,
            identities=(("phone", f"+4917{10_000_000 + who * 7}"),)
            + ((("email", f"customer.{who}@example.org"),) if who % 2 else ()),
            location=random.choice((*places, None)),
        )
        for who, name in enumerate(drawn(CUSTOMERS, seed=SEED))
    ]


def _happened(
    people: Sequence[Any], places: Sequence[UUID], random: Random, now: datetime
) -> Iterator[Any]:
    """Purchases in each one's own rhythm until they stay away, visits, and who sent whom."""
    from regulars.stream.bulk import prepared  # noqa: PLC0415
    from regulars.stream.hot import stored  # noqa: PLC0415

    for who, one in enumerate(people):
        gap = DAYS / EVENTS_OF_REGULAR if who == REGULAR else random.gammavariate(1.2, 60) + 2
        day = 0.0 if who == REGULAR else random.random() * DAYS
        first, stays = day, 1.0 if who == REGULAR else random.betavariate(6, 1.2)
        place = random.choice(places)
        times = 0
        while day < DAYS:
            moment = stored(now - timedelta(days=DAYS - day))
            if random.random() < 0.1:
                data = f'{{"location_id": "{place}"}}'
                yield prepared("visit.recorded", f"V-{who}-{times}", one.digits, moment, data)
            else:
                yield prepared(
                    "purchase.completed",
                    f"P-{who}-{times}",
                    one.digits,
                    moment,
                    f'{{"total": {{"amount_minor": {300 + random.randrange(4000)}, "currency": "EUR"}},'
                    f' "location_id": "{place}", "order_id": "O-{who}-{times}"}}',
                )
            times += 1
            if random.random() > stays:
                break
            day += random.expovariate(1 / gap)
        sender = _sender(who, random)
        if sender is not None:
            moment = stored(now - timedelta(days=DAYS - first, minutes=5))
            data = f'{{"sender_id": "{people[sender].id}"}}'
            yield prepared("referral.recorded", f"R-{who}", one.digits, moment, data)


def _sender(who: int, random: Random) -> int | None:
    """Who sent somebody: the star the first of them, of others everybody some earlier one."""
    if who in (STAR, REGULAR) or not who:
        return None
    if STAR < who <= STAR + FRIENDS_OF_STAR:
        return STAR
    if who % SENT_ONE_IN:
        return None
    return random.randrange(who) if random.random() < 0.5 else random.randrange(who // 10 + 1)


def _remember(ids: Sequence[UUID], random: Random, now: datetime) -> None:
    from regulars.people.models import Consent, Note, Preference  # noqa: PLC0415
    from regulars.people.remembering import remembered_as  # noqa: PLC0415

    preferences, by, size = [], "system", 5_000
    words = {"likes": (*MILK, *THINGS), "needs": NEEDS, "pains": THINGS, "avoids": MILK}
    for customer in ids:
        for kind, some in words.items():
            if random.random() < SHARES[kind]:
                text = random.choice(some) + random.choice(HOWS)
                told = remembered_as(text)
                preferences.append(
                    Preference(customer_id=customer, kind=kind, said_by=by, said_at=now, **told)
                )
    Preference.objects.bulk_create(preferences, batch_size=size)
    Note.objects.bulk_create(
        (
            Note(customer_id=one, text=random.choice(NOTES), said_by=by, said_at=now)
            for one in ids
            if random.random() < SHARES["notes"]
        ),
        batch_size=size,
    )
    Consent.objects.bulk_create(
        (
            Consent(
                customer_id=one,
                purpose="news",
                channel="email",
                given=random.random() < 0.9,
                text_version="1",
                proof="form",
                said_at=now,
                recorded_by=by,
                after_merge=0,
            )
            for one in ids
            if random.random() < SHARES["consent"]
        ),
        batch_size=size,
    )


def _merge(people: Sequence[Any], now: datetime) -> None:
    from django.db import transaction  # noqa: PLC0415

    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.services import merge  # noqa: PLC0415

    middle = len(people) // 2
    with transaction.atomic():
        for place in range(middle, middle + 2 * MERGED, 2):
            kept, merged = people[place].id, people[place + 1].id
            merge(kept=kept, merged=merged, actor=SYSTEM, now=now)


def _segments(places: Sequence[UUID], now: datetime) -> dict[str, str]:
    """Segments of one's own: over text that many have, that few and that nobody has, and over much at once."""
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.scoring.services import add_segment  # noqa: PLC0415

    def likes(text: str, field: str = "likes") -> dict[str, Any]:
        return {"field": field, "is": "contains", "value": text}

    asked: dict[str, Any] = {
        "text": likes("milk"),
        "rare-text": likes("gluten", "needs"),
        "no-text": likes("champagne"),
        "not-text": {"not": likes("milk")},
        "text-and-scores": {
            "all": [
                likes("milch"),
                {"field": "life_cycle", "is": "any_of", "value": ["slipping"]},
            ]
        },
        "text-or-text": {"any": [likes("espresso"), likes("lunch", "needs")]},
        "scores": {"field": "value_to_date", "is": "at_least", "value": 50_000},
        "was-at": {"field": "was_at", "is": "any_of", "value": [str(places[0])]},
        "has-email": {"field": "has_email", "is": "is", "value": True},
    }
    return {
        name: str(add_segment(name=name, condition=condition, actor=SYSTEM, now=now))
        for name, condition in asked.items()
    }


def _view(now: datetime) -> str:
    from regulars.console.models import SavedView  # noqa: PLC0415

    asked = {"order": "spent", "life": "slipping", "consent": "news:email"}
    kept = SavedView.objects.create(name="Miss them", asked=asked, made_by="system", made_at=now)
    return str(kept.id)


if __name__ == "__main__":
    from regulars.project.server import prepare

    prepare(Path(sys.argv[1]))
    fill(Path(sys.argv[1]))
