"""Writing what a file tells: chunk by chunk, each a transaction of its own.

What was told before is dropped, so that a file that was interrupted and comes again adds only what
is missing, and adds nobody whose every event is known. Most files tell nothing that was told before, so that
is asked only once the log has refused a chunk.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import IntegrityError, transaction

from regulars.care.listing import NEWS_DAYS, settle_all
from regulars.intake.files.claiming import REFUND, Claimed, Claims, claims_of, write_claims
from regulars.intake.files.draft import Draft
from regulars.intake.files.growing import what_grew
from regulars.intake.files.who import People
from regulars.intake.refunds import NUMBER_OF, Receipt
from regulars.intake.services import react
from regulars.kernel.actor import Actor
from regulars.people.bulk import Told
from regulars.people.services import known_from
from regulars.stream.bulk import Prepared, append_many, known_totals, prepared
from regulars.stream.hot import stored
from regulars.stream.queries import happened
from regulars.stream.refunding import FILES

SOURCE = FILES
MOMENTS_REMEMBERED = 65_536
LATEST = 2**63


@dataclass
class Written:
    """What has become of the events so far.

    Attributes:
        is_new: Whether all of the latest chunk was, as far as anybody asked.
        told_otherwise: The keys of those that were told before, and came to another amount, or are another's.
        looks_for_claims: Whether anything in the log was ever told of nobody, or noted in the console.
        claimed: How many were nobody's, and are somebody's now.
        receipts: Of what was given back by nobody.
    """

    is_new: bool = True
    looks_for_claims: bool = False
    claimed: int = 0
    receipts: set[Receipt] = field(default_factory=set)
    recorded: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    told_otherwise: list[str] = field(default_factory=list)
    of_nobody: int = 0
    awaiting: int = 0
    misspelt: int = 0
    effects: int = 0


def write_chunk(
    drafts: Sequence[Draft],
    people: People,
    written: Written,
    *,
    actor: Actor,
    now: datetime,
    is_dry: bool,
) -> None:
    """Writes events with whom they are about and what follows from them, whole or not at all.

    Args:
        drafts: In the order in which they happened.
        people: Of the file.
        written: Counts on.
        actor: Who tells.
        now: When.
        is_dry: Whether to count only.
    """
    claims = (
        claims_of(drafts, people, source=SOURCE) if written.looks_for_claims else Claims(drafts)
    )
    drafts = claims.rest
    whose = [draft for draft, _ in claims.theirs]
    fresh, new, done = drafts, people.strangers_among(_numbers([*drafts, *whose])), None
    otherwise: list[str] = []
    if written.is_new and not is_dry:
        with suppress(IntegrityError):
            done = _write(drafts, new, people, claims, once=False, actor=actor, now=now)
    if done is None:
        with transaction.atomic():
            known = _known(drafts)
            fresh = [draft for draft in drafts if draft.key not in known]
            changed = [draft for draft in drafts if _tells_otherwise(draft, known)]
            grown = what_grew(SOURCE, [draft for draft in changed if draft.is_sum], known)
            fresh += [more for more in grown.values() if more is not None]
            otherwise = [draft.key for draft in changed if draft.key not in grown]
            new = people.strangers_among(_numbers([*fresh, *whose]))
            if not is_dry:
                done = _write(fresh, new, people, claims, once=True, actor=actor, now=now)
    effects, claimed = done or (0, Claimed())
    given = len(claims.theirs) if is_dry else len(claimed.ids)
    lost = [*claims.otherwise, *claimed.otherwise]
    again = claims.again + len(claims.theirs) - given - len(claimed.otherwise)
    written.is_new = len(fresh) == len(drafts)
    written.effects += effects
    written.told_otherwise += otherwise + lost
    written.duplicates += len(drafts) - len(fresh) - len(otherwise) + again
    written.claimed += given
    written.receipts |= _of_nobody(drafts, people)
    written.recorded.update(draft.type for draft in fresh)
    written.of_nobody += sum(people.of_nobody(draft.about) for draft in fresh)
    if people.misspelt:
        written.misspelt += sum(draft.about in people.misspelt for draft in fresh)
    if people.awaiting:
        written.awaiting += sum(draft.about in people.awaiting for draft in fresh)
    people.meet(new)


def _write(
    drafts: Sequence[Draft],
    new: Sequence[Told],
    people: People,
    claims: Claims,
    *,
    once: bool,
    actor: Actor,
    now: datetime,
) -> tuple[int, Claimed]:
    """Writes events and who is new by them in a transaction.

    Returns:
        How much followed from them, and what became of the claims.

    Raises:
        IntegrityError: Not asked to write each once, and one was told before.
    """
    since = (now - timedelta(days=NEWS_DAYS)).timestamp()
    news: list[str] = []

    def events(source: str) -> Iterator[Prepared]:
        for draft in drafts:
            if (draft.source or SOURCE) != source:
                continue
            event = _event(draft, people)
            if draft.moment >= since:
                news.append(event.id)
            yield event

    with transaction.atomic():
        # Whoever was erased is in none of these, not even for as long as it takes to refuse them.
        for source in _sources(drafts):
            append_many(events=events(source), source=source, once=once, actor=actor, now=now)
        first = _first(drafts, people)
        people.add(new, first=first, actor=actor, now=now)
        known_from(first)
        claimed = write_claims(claims, people, actor=actor, now=now)
        effects = react(happened([*news, *claimed.ids]), actor=actor, now=now)
    return sum(map(len, effects.values())), claimed


def _first(drafts: Sequence[Draft], people: People) -> dict[UUID, datetime]:
    """When the first of some events of each customer was."""
    first: dict[int, int] = {}
    for draft in drafts:
        if draft.moment < first.get(draft.about, LATEST):
            first[draft.about] = draft.moment
    return {
        about.id: datetime.fromtimestamp(moment, UTC)
        for number, moment in first.items()
        if (about := people.told[number]) is not None
    }


def settle_people(people: People, *, now: datetime) -> None:
    """Has today's list know what a file told of long ago; opens a transaction.

    Of what is history nothing follows, but what followed from something later may no longer.
    """
    with transaction.atomic():
        told = {one.id for one in people.told.values() if one is not None}
        settle_all(told, source=SOURCE, now=now)


def _of_nobody(drafts: Sequence[Draft], people: People) -> set[Receipt]:
    """The receipts of those refunds that are nobody's."""
    refunds = (one for one in drafts if one.type == REFUND and people.told[one.about] is None)
    numbers = (
        (one.source or SOURCE, json.loads(one.data).get(NUMBER_OF[REFUND])) for one in refunds
    )
    return {(source, number) for source, number in numbers if number}


def _sources(drafts: Sequence[Draft]) -> dict[str, None]:
    """Under which some events stand, each once."""
    return dict.fromkeys(draft.source or SOURCE for draft in drafts)


def _known(drafts: Sequence[Draft]) -> dict[str, int | None]:
    """Those of some events that the log has, by their keys, with what each came to."""
    known: dict[str, int | None] = {}
    for source in _sources(drafts):
        keys = [draft.key for draft in drafts if (draft.source or SOURCE) == source]
        known |= known_totals(source, keys)
    return known


def _tells_otherwise(draft: Draft, known: Mapping[str, int | None]) -> bool:
    """Whether an event was told before, and came to another amount."""
    if draft.key not in known:
        return False
    total = known[draft.key]
    # As `regulars.intake.files.sql` writes it.
    return total is not None and f'"total":{{"amount_minor":{total},' not in draft.data


def _numbers(drafts: Sequence[Draft]) -> set[int]:
    """Whom events are about and who sent them."""
    through = {draft.through for draft in drafts if draft.through is not None}
    return through.union(draft.about for draft in drafts)


def _event(draft: Draft, people: People) -> Prepared:
    about = people.told[draft.about]
    return prepared(
        draft.type,
        draft.key,
        None if about is None else about.digits,
        _moment(draft.moment),
        draft.data,
    )


@lru_cache(maxsize=MOMENTS_REMEMBERED)
def _moment(seconds: int) -> str:
    """A moment as the log keeps it; many files tell of days alone."""
    return str(stored(datetime.fromtimestamp(seconds, UTC)))
