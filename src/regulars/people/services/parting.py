"""What two customers take along who were one and are two again: every no that was said meanwhile."""

from collections.abc import Collection
from uuid import UUID

from regulars.kernel.ids import new_id
from regulars.people.aliases import roots
from regulars.people.models import AttributeValue, Consent, Merge, Suppression
from regulars.people.permission import EVERYWHERE, PROFILE
from regulars.people.queries.consents import consent_stands


def say_no_to_both(log: Merge, *, customer_ids: Collection[UUID]) -> None:
    """Has what was forbidden since a merge hold for both sides of it.

    Nobody can tell to which of the two it was said, and of a no by a link it is not sure that it was meant
    for one address alone. What was said by somebody who was not yet one with both stays with
    them. To be called inside a transaction, before the merge is undone; twice is once.

    Args:
        log: The merge that is to be undone.
        customer_ids: Everybody who is one person until now.
    """
    standing = Merge.objects.filter(merged_id__in=customer_ids, undone_at=None)
    edges = [(one.number, one.merged_id, one.kept_id) for one in standing]
    parted = {merged: kept for _, merged, kept in edges if merged != log.merged_id}
    side = _shown(log.kept_id, parted)

    def other_of(word: Consent | Suppression) -> UUID | None:
        """The other side, of a word that was said while both were one."""
        then = {merged: kept for number, merged, kept in edges if number <= word.after_merge}
        if _shown(word.customer_id, then) != _shown(log.kept_id, then):
            return None
        is_kept = _shown(word.customer_id, parted) == side
        return log.merged_id if is_kept else log.kept_id

    since = {"customer_id__in": customer_ids, "after_merge__gte": log.number}
    for no in list(Consent.objects.filter(given=False, **since)):
        if (other := other_of(no)) is not None:
            no.pk, no.customer_id = new_id(), other
            no.save(force_insert=True)
    forbidden = Suppression.objects.filter(identity=None, lifted_at=None, **since)
    for never in list(forbidden):
        if (other := other_of(never)) is not None:
            Suppression.objects.get_or_create(
                customer_id=other,
                identity=None,
                channel=never.channel,
                reason=never.reason,
                lifted_at=None,
                defaults={
                    "since": never.since,
                    "recorded_by": never.recorded_by,
                    "after_merge": never.after_merge,
                },
            )


def forget_what_needs_consent(customer_ids: Collection[UUID]) -> None:
    """Forgets of somebody what only a consent to their profile allows, where they have none."""
    if not consent_stands(tuple(customer_ids), PROFILE, EVERYWHERE):
        AttributeValue.objects.filter(
            customer_id__in=customer_ids, attribute__needs_consent=True
        ).delete()


def _shown(customer: UUID, into: dict[UUID, UUID]) -> UUID:
    """Who is shown for a customer by some merges."""
    return roots((customer,), into).get(customer, customer)
