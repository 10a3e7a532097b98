"""A café that is in its first run."""

import pytest
from django.test import Client
from tests.sent import referrals

from regulars.people.models import Customer, Identity, Preference

BUSINESS = {
    "name": "Café Ana",
    "your_name": "Ana Sommer",
    "password": "the best coffee",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "stamp": "Cinnamon rolls before eight",
    "promise": "",
}
PEOPLE = {
    "name-1": "Ben", "likes-1": "flat white", "phone-1": "0171 2345678",
    "name-2": "Cem", "through-2": "Ben",
    "name-3": "Dora", "through-3": "Ben",
}  # fmt: skip


@pytest.fixture
def founded(client: Client) -> Client:
    """The owner, after the first step."""
    assert client.post("/begin/", BUSINESS).headers["Location"] == "/begin/goal/"
    return client


def senders() -> dict[str, str]:
    name = dict(Customer.objects.values_list("id", "name"))
    return {name[friend]: name[sender] for sender, friend in referrals()}


def known_of(name: str) -> tuple[list[str], list[str]]:
    """What somebody likes, and by what they are known."""
    one = Customer.objects.get(name=name)
    likes = Preference.objects.filter(customer=one).values_list("text", flat=True)
    return sorted(likes), sorted(
        Identity.objects.filter(customer=one).values_list("value", flat=True)
    )
