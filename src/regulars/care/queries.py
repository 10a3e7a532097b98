"""Reads for today's list."""

from collections import defaultdict
from uuid import UUID

from regulars.care.core import Person, Suggestion, first_come_through, suggestions
from regulars.people.models import Customer, Preference
from regulars.people.queries import aliases
from regulars.stream.queries import referrals


def everybody() -> tuple[Person, ...]:
    """All customers by name with what they like and who brought whom, in the order in which they were added."""
    kept = aliases()
    likes: dict[UUID, list[str]] = defaultdict(list)
    for customer, text in Preference.objects.filter(kind=Preference.LIKES).values_list(
        "customer_id", "text"
    ):
        likes[kept.get(customer, customer)].append(text)
    here = {
        customer.id: customer
        for customer in Customer.objects.exclude(name="").order_by("created_at", "id")
        if customer.id not in kept
    }
    pairs = ((kept.get(one, one), kept.get(two, two)) for one, two in referrals())
    through = first_come_through(pair for pair in pairs if here.keys() >= set(pair))
    brought: dict[UUID, list[UUID]] = defaultdict(list)
    for friend, sender in through.items():
        brought[sender].append(friend)
    return tuple(
        Person(
            id=customer.id,
            name=customer.name,
            likes=tuple(likes[customer.id]),
            brought=tuple(brought[customer.id]),
            came_through=through.get(customer.id),
        )
        for customer in here.values()
    )


def tomorrow() -> tuple[Suggestion, ...]:
    """Whom to speak to tomorrow, with what to say and why."""
    return suggestions(everybody())
