"""People are added once, and recognised by whatever identifies them."""

from datetime import UTC, datetime

import pytest

from regulars.kernel.actor import SYSTEM
from regulars.people.errors import AlreadyFounded, IdentityTaken, NameMissing
from regulars.people.models import Business, Customer, Employee, Identity
from regulars.people.queries import recognise, recognise_by_name
from regulars.people.services import add_customer, found_business

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def add(name, *identities, region="DE"):
    return add_customer(name=name, identities=identities, region=region, actor=SYSTEM, now=NOW)


def test_somebody_is_recognised_by_phone_however_it_is_written():
    ana = add("Ana Sommer", ("phone", "0171 2345678"))
    for written in ("+49 171 2345678", "0049-171-2345678", "0171/2345678"):
        found = recognise([("phone", written)], region="DE")
        assert found is not None
        assert (found.customer_id, found.reason) == (ana, "identity:phone")
    assert recognise([("phone", "0171 9999990")], region="DE") is None


def test_the_surest_identity_decides():
    ana = add("Ana", ("external", "C1"))
    add("Ben", ("handle", "@ben"))
    found = recognise([("handle", "@ben"), ("external", "C1")], region=None)
    assert found is not None
    assert found.customer_id == ana


def test_an_identity_belongs_to_one_customer_and_nothing_is_half_written():
    add("Ana", ("email", "ana@example.org"))
    with pytest.raises(IdentityTaken):
        add("Ben", ("phone", "0171 2345678"), ("email", "ANA@example.org"))
    assert (Customer.objects.count(), Identity.objects.count()) == (1, 1)


def test_nobody_is_added_without_a_name():
    with pytest.raises(NameMissing):
        add("   ")


def test_names_are_found_with_their_slips_and_the_likest_comes_first():
    ana, anna, hannah = add("Ana Sommer"), add("Anna Sommer"), add("Hannah Winter")
    found = [one.customer_id for one in recognise_by_name("Anna Somer")]
    assert found[0] == anna
    assert ana in found
    assert hannah not in found
    assert recognise_by_name("") == ()


def test_a_business_is_founded_once_with_its_owner():
    words = {
        "name": "Café Ana", "language": "de", "time_zone": "Europe/Berlin", "country": "DE",
        "currency": "EUR", "stamp": "", "promise": "", "owner": "Ana Sommer",
        "password": "der beste Kaffee", "now": NOW,
    }  # fmt: skip
    owner = found_business(**words)
    assert (owner.login, owner.role) == ("ana sommer", Employee.OWNER)
    assert owner.check_password("der beste Kaffee")
    assert owner.password.startswith("argon2")
    with pytest.raises(AlreadyFounded):
        found_business(**words)
    assert Business.objects.count() == 1
