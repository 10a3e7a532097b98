"""Making two customers one, and two again.

Nothing moves: events, identities, preferences, notes and consent stay with the id they were told of, and
reads take all of a person's ids together. So an undo is exact, and what came in between stays with the
identity it came by; what was forbidden in between holds for both.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.aliases import roots
from regulars.people.core import IdentityKind
from regulars.people.errors import MergeUndone, UnknownEntry, UnknownMerge
from regulars.people.held import see_to_all
from regulars.people.models import Alias, Identity, Merge, NotTheSame, ToldTogether
from regulars.people.queries.one_person import (
    check_mergeable,
    ids_of,
    kept_id,
    latest_merge,
    named_ids,
    present_ids,
)
from regulars.people.services.holding import hold, hold_all_of, hold_shown
from regulars.people.services.knowing import reckon
from regulars.people.services.learnt import forget_learnt, leave_with, mark_learnt
from regulars.people.services.parting import forget_what_needs_consent, say_no_to_both

PAIRS_AT_ONCE = 200


def merge(*, kept: UUID, merged: UUID, actor: Actor, now: datetime) -> UUID:
    """Makes two customers one person; to be called inside a transaction.

    Args:
        kept: Who is shown from now on.
        merged: Who is part of them from now on, with everybody merged into them before.
        actor: Who says so.
        now: When.

    Returns:
        The id of the merge, to undo it by.

    Raises:
        MergeWithItself: They are one already, by their id.
        AlreadyMerged: One of them is part of another customer.
        UnknownCustomer, CustomerErased: One of them is not there.
    """
    hold(kept, merged)
    check_mergeable(kept, merged)
    log = Merge.objects.create(
        number=latest_merge() + 1,
        kept_id=kept,
        merged_id=merged,
        merged_at=now,
        merged_by=str(actor),
    )
    Alias.objects.filter(kept_id=merged).update(kept_id=kept)
    Alias.objects.create(merged_id=merged, kept_id=kept)
    reckon((kept,))
    see_to_all((kept,), now=now)
    return log.id


def make_one(
    *, kept: UUID, merged: UUID, is_named: bool = False, actor: Actor, now: datetime
) -> None:
    """Merges two as they are by now, either of whom another may have made part of somebody a moment ago.

    To be called inside a transaction. Who is known by name is not made part of another known by name. What a
    stranger has is only learnt of whoever is known by name, until somebody says that it is theirs.

    Args:
        kept: Who is shown from now on, unless the other alone is known by name.
        merged: Who is part of them.
        is_named: Whether who is shown is given a name in a moment.
        actor: Who says so.
        now: When.

    Raises:
        UnknownCustomer, CustomerErased: One of them is not there.
    """
    shown = hold_shown((kept, merged))
    one, other = shown[kept], shown[merged]
    named = named_ids((one, other))
    if one != other and len(named) < len((one, other)):
        one, other = (other, one) if other in named else (one, other)
        if named or is_named:
            mark_learnt((other,))
        merge(kept=one, merged=other, actor=actor, now=now)


def unmerge(*, merge_id: UUID, actor: Actor, now: datetime) -> None:
    """Undoes a merge, whatever was merged before or since; to be called inside a transaction.

    Args:
        merge_id: What `merge` returned.
        actor: Who says so.
        now: When.

    Raises:
        UnknownMerge: There is no such merge.
        MergeUndone: It was undone before.
        CustomerErased: The person was erased; there is nobody to restore.
    """
    log = Merge.objects.filter(id=merge_id).first()
    if log is None:
        raise UnknownMerge
    hold_all_of(log.merged_id)
    log.refresh_from_db()
    if log.undone_at is not None:
        raise MergeUndone
    ids = present_ids(log.merged_id)
    say_no_to_both(log, customer_ids=ids)
    log.undone_at, log.undone_by = now, str(actor)
    log.save(update_fields=("undone_at", "undone_by"))
    realign(ids)
    if not named_ids((kept_id(log.merged_id),)):
        forget_learnt(ids_of(log.merged_id))
    for side in (log.kept_id, log.merged_id):
        forget_what_needs_consent(ids_of(side))
    see_to_all(ids, now=now)


def part_learnt(*, identity: Identity, actor: Actor, now: datetime) -> None:
    """Says that what a program told of a customer is somebody else's; to be called inside a transaction.

    Whoever came by it is a stranger again, with all that they bought, and no program makes the two one once more.
    What somebody said is the customer's stays theirs.

    Args:
        identity: That was learnt.
        actor: Who says so.
        now: When.

    Raises:
        UnknownEntry: It came to them in no such way, or they were parted a moment ago.
        CustomerErased: They are not there.
    """
    log = Merge.objects.filter(merged_id=identity.customer_id, undone_at=None).first()
    if log is None or not identity.is_learnt:
        raise UnknownEntry
    hold_all_of(log.merged_id)
    theirs = Identity.objects.filter(customer_id__in=ids_of(log.merged_id), is_learnt=False)
    said = tuple(theirs.values_list("id", flat=True))
    unmerge(merge_id=log.id, actor=actor, now=now)
    leave_with(log.kept_id, said, parted=ids_of(log.merged_id))


def realign(customer_ids: Iterable[UUID]) -> None:
    """Writes anew who is shown for these customers, by the merges that stand.

    Args:
        customer_ids: All of a person, as they were until now.
    """
    ids = set(customer_ids)
    standing = Merge.objects.filter(merged_id__in=ids, undone_at=None)
    shown = roots(ids, dict(standing.values_list("merged_id", "kept_id")))
    Alias.objects.filter(merged_id__in=ids).delete()
    Alias.objects.bulk_create(
        Alias(merged_id=merged, kept_id=kept) for merged, kept in sorted(shown.items())
    )
    reckon(ids)


def say_not_the_same(*, one: UUID, other: UUID, actor: Actor, now: datetime) -> None:
    """Says that two customers are two, so that nobody is asked again."""
    smaller, larger = sorted((one, other))
    NotTheSame.objects.get_or_create(
        one_id=smaller,
        other_id=larger,
        defaults={"said_by": str(actor), "said_at": now},
    )


def take_back_not_the_same(*, one: UUID, other: UUID) -> None:
    """Takes back that two customers are two; they may be suggested again."""
    smaller, larger = sorted((one, other))
    NotTheSame.objects.filter(one_id=smaller, other_id=larger).delete()


def note_told_together(pairs: Mapping[tuple[UUID, UUID], IdentityKind], *, now: datetime) -> None:
    """Notes that two customers were named as one, so that somebody is asked whether they are.

    Args:
        pairs: The smaller id, the larger, and the kind of identity that is the other's.
        now: When.
    """
    ToldTogether.objects.bulk_create(
        [
            ToldTogether(one_id=one, other_id=other, kind=kind, told_at=now)
            for (one, other), kind in pairs.items()
        ],
        ignore_conflicts=True,
        batch_size=PAIRS_AT_ONCE,
    )
