"""Reads for today's list."""

from collections import defaultdict
from uuid import UUID

from regulars.care.core import Person, Suggestion, suggestions
from regulars.people.models import Customer, Preference
from regulars.stream.queries import referrals


def everybody() -> tuple[Person, ...]:
    """All customers with what they like and who brought whom, in the order in which they were added."""
    likes: dict[UUID, list[str]] = defaultdict(list)
    for customer, text in Preference.objects.filter(kind=Preference.LIKES).values_list(
        "customer_id", "text"
    ):
        likes[customer].append(text)
    through: dict[UUID, UUID] = {}
    brought: dict[UUID, list[UUID]] = defaultdict(list)
    for sender, friend in referrals():
        if friend not in through:
            through[friend] = sender
            brought[sender].append(friend)
    return tuple(
        Person(
            id=customer.id,
            name=customer.name,
            likes=tuple(likes[customer.id]),
            brought=tuple(brought[customer.id]),
            came_through=through.get(customer.id),
        )
        for customer in Customer.objects.order_by("created_at", "id")
    )


def tomorrow() -> tuple[Suggestion, ...]:
    """Whom to speak to tomorrow, with what to say and why."""
    return suggestions(everybody())
