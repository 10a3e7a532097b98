"""People who share a phone: what an event that names it beside something else makes of it.

Whose an identity is, does not depend on what was told first. So what decides here is what people have said: which
addresses somebody gave, and who was said not to be whom. What programs told beside one another decides nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.people.core import MOST_OF_A_KIND, IdentityKey
from regulars.people.models import Identity
from regulars.people.queries import Owner, ids_of, named_ids, said_apart


def told_of_others(
    keys: Sequence[IdentityKey], owners: Mapping[Any, Owner]
) -> frozenset[IdentityKey]:
    """Which identities of an event are another's than whom it is about.

    One is where somebody said that its owner is not whoever the surest is. A phone is, too, where whoever gave it
    gave an address as well, and the event names another: the address says who bought, and the phone is shared.

    Args:
        keys: Of one event, the surest first; those that stand for nobody left out.
        owners: Whose they are, where they are anybody's.
    """
    known = [key for key in keys if key in owners]
    persons = list(dict.fromkeys(owners[key].shown_id for key in known))
    others: set[IdentityKey] = set()
    if len(persons) > 1:
        apart = said_apart(persons)
        others = {key for key in known if {persons[0], owners[key].shown_id} in apart}
    phone = next((key for key in known if key[0] == "phone"), None)
    address = next((key for key in keys if key[0] == "email"), None)
    if phone is not None and address is not None and (address not in owners or len(persons) > 1):
        others |= {phone} if _gave_another(owners[phone].shown_id, phone, address) else set()
    return frozenset(others)


def _gave_another(person: UUID, phone: IdentityKey, address: IdentityKey) -> bool:
    """Whether somebody known by name gave a phone and an address, and this is none of theirs."""
    theirs = Identity.objects.filter(customer_id__in=ids_of(person), kind__in=("phone", "email"))
    told = {(one.kind, one.value): one.is_learnt for one in theirs}
    return (
        address not in told
        and not told.get(phone, True)
        and any(kind == "email" and not is_learnt for (kind, _), is_learnt in told.items())
        and bool(named_ids((person,)))
    )


def with_room(person: UUID, keys: Sequence[IdentityKey]) -> list[IdentityKey]:
    """Those of some identities of nobody that a person can have besides; none beyond what one person has."""
    had = Identity.objects.filter(customer_id__in=ids_of(person)).values_list("kind", flat=True)
    held = Counter(had)
    return [key for key in keys if held[key[0]] < MOST_OF_A_KIND[key[0]]]
