"""Scores follow who is who: the figures of a run are shown of whomever they are true of now.

A person's score is the one of their id that is shown, or of another of theirs where the run did not know
that one. What a run found of two who were one then is nobody's once they are two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from regulars.people.queries import everyone
from regulars.scoring.models import Run, Score


def follow(customer_ids: Collection[UUID], *, now: datetime | None = None) -> None:  # noqa: ARG001  (as every room is called)
    """Has the scores of all runs be read of some customers as who they are now.

    To be called inside a transaction, once customers are one person, or two again.

    Args:
        customer_ids: Of the persons, as they are now.
        now: When.
    """
    whose = everyone(customer_ids)
    found = Score.everything.filter(Q(customer_id__in=whose) | Q(scored_id__in=whose))
    rows = tuple(
        found.only("run_id", "customer_id", "stands", "scored_id", "made_of").order_by("id")
    )
    _forget(one for one in rows if _are_several(one, whose))
    of_person: dict[tuple[UUID, UUID], list[Score]] = defaultdict(list)
    for one in rows:
        if one.pk is not None:  # who was let go of has none
            of_person[one.run_id, whose[_scored(one)]].append(one)
    changed: list[tuple[Score, UUID | None]] = []
    for (_, person), some in of_person.items():
        standing = next((one for one in some if _scored(one) == person), some[0])
        told = ((one, person if one is standing else None) for one in some)
        changed += [(one, shown) for one, shown in told if _read_of(one) != shown]
    for one, _ in changed:  # all of them first, so that no two are anybody's in between
        _show(one, None)
    for one, shown in changed:
        if shown is not None:
            _show(one, shown)


def _read_of(score: Score) -> UUID | None:
    """Of whom a score is read until now."""
    return score.customer_id if score.stands else None


def _scored(score: Score) -> UUID:
    """Whom its run knew a score of."""
    return score.scored_id or score.customer_id


def _are_several(score: Score, whose: Mapping[UUID, UUID]) -> bool:
    """Whether those of whom a score was made are not one person now."""
    made_of = [UUID(one) for one in score.made_of or ()]
    return len({whose.get(one) for one in (_scored(score), *made_of)}) > 1


def _forget(scores: Iterable[Score]) -> None:
    """Lets go of what is nobody's; a run that lost some is not taken for whole again."""
    for one in scores:
        Run.objects.filter(id=one.run_id).update(inputs=one.run_id.hex)
        one.delete()


def _show(score: Score, person: UUID | None) -> None:
    """Has a score be read of a person, or set aside."""
    own = _scored(score)
    score.stands, score.customer_id = person is not None, person or own
    score.scored_id = None if score.customer_id == own else own
    score.save(update_fields=("stands", "customer_id", "scored_id"))
