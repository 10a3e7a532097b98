"""Files of who brought whom."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from regulars.insight import Source, open_engine, read_referrals
from regulars.insight.reading import ReferralClaims
from regulars.insight.reading.columns import key_of
from regulars.insight.reading.dates import zone_of
from regulars.intake.files.beside import PHONE_NAMES
from regulars.intake.files.business import Ground
from regulars.intake.files.chunks import Draft, Written, settle_people, write_chunk
from regulars.intake.files.drafts import CHUNK_EVENTS
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.moments import local_noon
from regulars.intake.files.result import Imported
from regulars.intake.files.who import Mention, People
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard

SELF_REFERRAL = "self_referral"


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
    with open_engine() as engine:
        claims = read_referrals(
            engine,
            replace(source, timezone=ground.time_zone),
            until=now.astimezone(zone_of(ground.time_zone)).date(),
            progress=progress,
        )
        errors.write(claims.rows.write_rejected)
    drafts, people, of_themselves = _drafts(claims, ground)
    written, done, stage = Written(), 0, gettext("Recording what happened")
    for start in range(0, len(drafts), CHUNK_EVENTS):
        progress(stage, done / len(drafts))
        chunk = drafts[start : start + CHUNK_EVENTS]
        write_chunk(chunk, people, written, actor=actor, now=now, is_dry=is_dry)
        done += len(chunk)
    if not is_dry:
        settle_people(people, now=now)
    rejected = dict(claims.rejected)
    if of_themselves:
        rejected[SELF_REFERRAL] = of_themselves
    return Imported(
        rows=claims.rows_read,
        rejected=rejected,
        recorded=dict(written.recorded),
        duplicates=written.duplicates,
        customers=people.added,
        recognised=dict(people.recognised),
        of_nobody=written.of_nobody,
        effects=written.effects,
        notes=claims.notes,
        is_dry=is_dry,
    )


def _drafts(claims: ReferralClaims, ground: Ground) -> tuple[list[Draft], People, int]:
    """The events in the order of their days, everybody in them, and who named themselves."""
    senders, friends = (
        all(
            key_of(group.mapped.columns[column]) in PHONE_NAMES
            for group in claims.rows.tables.groups
        )
        for column in ("sender_id", "friend_id")
    )
    rows = list(
        zip(
            *(claims.table[name].to_pylist() for name in ("sender_id", "friend_id", "day")),
            strict=True,
        )
    )
    ids = dict.fromkeys(
        told for sender, friend, _ in rows for told in ((sender, senders), (friend, friends))
    )
    people = People.of(map(Mention, ids), region=ground.region)
    drafts: dict[str, Draft] = {}
    of_themselves = 0
    for sender, friend, day in rows:
        through, about = (sender, senders), (friend, friends)
        advocate, brought = people.told[through], people.told[about]
        if advocate is None or brought is None:
            continue
        if advocate.id == brought.id:
            of_themselves += 1
            continue
        content = "\x1f".join((sender, friend, str(day)))
        key = "referral:" + hashlib.sha256(content.encode()).hexdigest()[:40]
        drafts[key] = Draft(
            "referral.recorded",
            key,
            about,
            int(local_noon(day, ground.time_zone).timestamp()),
            json.dumps({"sender_id": str(advocate.id)}),
            through,
        )
    return list(drafts.values()), people, of_themselves
