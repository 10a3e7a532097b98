"""Writing what a file tells: chunk by chunk, each a transaction of its own.

What was told before is dropped first, so that a file that was interrupted and comes again adds only what
is missing, and adds nobody whose every event is known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction

from regulars.care.listing import NEWS_DAYS, settle_all
from regulars.intake.files.who import FileId, People
from regulars.intake.services import react
from regulars.kernel.actor import Actor
from regulars.people.bulk import Told
from regulars.stream.bulk import Prepared, append_many, known_keys, prepared
from regulars.stream.queries import happened

SOURCE = "file"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event of a file.

    Attributes:
        type: Of `regulars.stream.types.TYPES`.
        key: Of its source.
        about: The file's id of whom it is about.
        moment: Unix seconds.
        data: JSON as its type has it.
        through: The file's id of who sent them, for a referral.
    """

    type: str
    key: str
    about: FileId
    moment: int
    data: str
    through: FileId | None = None


@dataclass
class Written:
    """What has become of the events so far."""

    recorded: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    of_nobody: int = 0
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
    with transaction.atomic():
        known = known_keys(SOURCE, [draft.key for draft in drafts])
        fresh = [draft for draft in drafts if draft.key not in known]
        written.duplicates += len(drafts) - len(fresh)
        written.recorded.update(draft.type for draft in fresh)
        written.of_nobody += sum(people.told[draft.about] is None for draft in fresh)
        written.misspelt += sum(draft.about in people.misspelt for draft in fresh)
        wanted = list(_people_of(fresh, people))
        if is_dry:
            new = {one.id for one in wanted} & people.strangers
            people.strangers -= new
            people.added += len(new)
            return
        people.add(wanted, actor=actor, now=now)
        events = [_event(draft, people) for draft in fresh]
        append_many(events=events, source=SOURCE, actor=actor, now=now)
        since = now - timedelta(days=NEWS_DAYS)
        news = [event.id for event in events if event.occurred_at >= since]
        effects = react(happened(news), actor=actor, now=now)
        written.effects += sum(map(len, effects.values()))


def settle_people(people: People, *, now: datetime) -> None:
    """Has today's list know what a file told of long ago; opens a transaction.

    Of what is history nothing follows, but what followed from something later may no longer.
    """
    with transaction.atomic():
        settle_all({one.id for one in people.told.values() if one is not None}, now=now)


def _people_of(drafts: Iterable[Draft], people: People) -> Iterable[Told]:
    for draft in drafts:
        for own in (draft.about, draft.through):
            one = people.told[own] if own is not None else None
            if one is not None:
                yield one


def _event(draft: Draft, people: People) -> Prepared:
    about = people.told[draft.about]
    return prepared(
        draft.type,
        draft.key,
        None if about is None else about.id,
        datetime.fromtimestamp(draft.moment, UTC),
        draft.data,
    )
