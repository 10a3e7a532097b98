"""What came to somebody because a program told it, until somebody says whether it is theirs."""

from collections.abc import Iterable
from uuid import UUID

from regulars.people.core import IdentityKey, IdentityKind
from regulars.people.models import Identity, Suppression
from regulars.people.queries.one_person import everyone

SAID_AT_ONCE = 500


def mark_learnt(customer_ids: Iterable[UUID]) -> None:
    """Says of strangers' identities that they become somebody's by what a program told; inside a transaction."""
    ids = tuple(everyone(customer_ids))
    Identity.objects.filter(customer_id__in=ids).update(is_learnt=True)


def say_theirs(keys: Iterable[IdentityKey]) -> None:
    """Says that some identities, as they are compared, are whose they are; inside a transaction."""
    by_kind: dict[IdentityKind, list[str]] = {}
    for kind, value in keys:
        by_kind.setdefault(kind, []).append(value)
    for kind, values in by_kind.items():
        for start in range(0, len(values), SAID_AT_ONCE):
            said = values[start : start + SAID_AT_ONCE]
            theirs = Identity.objects.filter(kind=kind, value__in=said, is_learnt=True)
            theirs.update(is_learnt=False)


def forget_learnt(customer_ids: Iterable[UUID]) -> None:
    """A stranger has what they came by themselves, whomever a program took them for."""
    learnt = Identity.objects.filter(customer_id__in=tuple(customer_ids), is_learnt=True)
    learnt.update(is_learnt=False)


def leave_with(customer_id: UUID, identities: Iterable[int], *, parted: Iterable[UUID]) -> None:
    """Leaves with a customer what was said to be theirs, though a stranger came by it who is parted from them.

    Args:
        customer_id: Whose it is.
        identities: By their ids.
        parted: Every id of the stranger.
    """
    said = Identity.objects.filter(id__in=identities, customer_id__in=tuple(parted))
    kept = tuple(said.values_list("id", flat=True))
    Suppression.objects.filter(identity_id__in=kept).update(customer_id=customer_id)
    said.update(customer_id=customer_id)
