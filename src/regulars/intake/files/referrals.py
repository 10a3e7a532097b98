"""Files of who brought whom."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime

from regulars.insight import Source, open_engine, read_referrals
from regulars.insight.reading import ReferralClaims
from regulars.insight.reading.date_survey import zone_of
from regulars.insight.reading.meant import key_of
from regulars.intake.files.beside import PHONE_NAMES
from regulars.intake.files.business import Ground
from regulars.intake.files.called import Mention
from regulars.intake.files.chunks import Written, settle_people, write_chunk
from regulars.intake.files.draft import Draft
from regulars.intake.files.drafts import CHUNK_EVENTS
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.moments import local_noon
from regulars.intake.files.own import is_own_events
from regulars.intake.files.own_events import import_own_events
from regulars.intake.files.result import Imported
from regulars.intake.files.who import People
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard

SELF_REFERRAL, BAD_EMAIL = "self_referral", "bad_email"
CLAIM = ("day", "friend_id", "sender_id", "file", "position")


def import_referrals(
    *,
    source: Source,
    ground: Ground,
    errors: Errors = NOWHERE,
    is_dry: bool = False,
    actor: Actor,
    now: datetime,
    progress: Progress = unheard,
) -> Imported:
    """Records what files of referrals tell; opens a transaction for each chunk.

    Args:
        source: The files and how to read them.
        ground: The business's time zone and country.
        errors: Where rows that cannot be used go.
        is_dry: Whether to count and write nothing.
        actor: Who tells.
        now: When.
        progress: Told about each stage.

    Returns:
        What became of every row; which of several claims holds is decided where they are read.

    Raises:
        RegularsError: The files cannot be used, and nothing was written.
    """
    if is_own_events(source):
        return import_own_events(
            source=source,
            ground=ground,
            kind="referrals",
            errors=errors,
            is_dry=is_dry,
            actor=actor,
            now=now,
            progress=progress,
        )
    with open_engine() as engine:
        claims = read_referrals(
            engine,
            replace(source, timezone=ground.time_zone),
            until=now.astimezone(zone_of(ground.time_zone)).date(),
            progress=progress,
        )
        drafts, people, of_no_use = _drafts(claims, ground)
        errors.write(claims.rows.but(of_no_use).write_rejected)
    written, done, stage = Written(), 0, gettext("Recording what happened")
    for start in range(0, len(drafts), CHUNK_EVENTS):
        progress(stage, done / len(drafts))
        chunk = drafts[start : start + CHUNK_EVENTS]
        write_chunk(chunk, people, written, actor=actor, now=now, is_dry=is_dry)
        done += len(chunk)
    if not is_dry:
        settle_people(people, now=now)
    rejected = Counter(claims.rejected) + Counter(why for _, _, why in of_no_use)
    return Imported(
        rows=claims.rows_read,
        rejected=dict(rejected),
        recorded=dict(written.recorded),
        duplicates=written.duplicates,
        customers=people.added,
        recognised=dict(people.recognised),
        of_nobody=written.of_nobody,
        effects=written.effects,
        notes=claims.notes,
        is_dry=is_dry,
    )


def _drafts(
    claims: ReferralClaims, ground: Ground
) -> tuple[list[Draft], People, list[tuple[int, int, str]]]:
    """The events in the order of their days, everybody in them, and the rows that tell of none."""
    senders, friends = (
        all(
            key_of(group.mapped.columns[column]) in PHONE_NAMES
            for group in claims.rows.tables.groups
        )
        for column in ("sender_id", "friend_id")
    )
    rows = _rows(claims)
    numbers: dict[tuple[str, bool], int] = {}
    for _, friend, sender, *_ in rows:
        for called in ((sender, senders), (friend, friends)):
            numbers.setdefault(called, len(numbers))
    people = People.of(
        (Mention(number, *called) for called, number in numbers.items()), region=ground.region
    )
    drafts: dict[str, Draft] = {}
    of_no_use: list[tuple[int, int, str]] = []
    for day, friend, sender, file, position in rows:
        through, about = numbers[sender, senders], numbers[friend, friends]
        advocate, brought = people.told[through], people.told[about]
        if advocate is None or brought is None:
            whose, reason = (through, "no_sender") if advocate is None else (about, "no_friend")
            of_no_use.append((file, position, BAD_EMAIL if whose in people.misspelt else reason))
            continue
        if advocate.id == brought.id:
            of_no_use.append((file, position, SELF_REFERRAL))
            continue
        content = "\x1f".join((sender, friend, str(day)))
        key = "referral:" + hashlib.sha256(content.encode()).hexdigest()[:40]
        drafts[key] = Draft(
            "referral.recorded",
            key,
            about,
            int(local_noon(day, ground.time_zone).timestamp()),
            json.dumps({"sender_id": str(advocate.id)}),
            through=through,
        )
    return list(drafts.values()), people, of_no_use


def _rows(claims: ReferralClaims) -> list[tuple[int, str, str, int, int]]:
    """The claims by day, friend and sender, each with where it stands."""
    table = claims.rows.engine.fetch(claims.rows.that_count().select(*CLAIM))
    return sorted(zip(*(table[name].to_pylist() for name in CLAIM), strict=True))
