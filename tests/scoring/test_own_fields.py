"""Segments over what a business has of its own: attributes, with consent, and places."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scoring.conftest import NOW
from tests.scoring.test_segments import add

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Alias, AttributeValue, Customer
from regulars.people.permission import EVERYWHERE, PROFILE
from regulars.people.services import (
    add_location,
    define_attribute,
    erase,
    merge,
    record_consent,
    retire_attribute,
    set_attribute,
    set_location,
)
from regulars.scoring.conditions import as_json
from regulars.scoring.errors import InvalidCondition
from regulars.scoring.own_fields import asked_of, own_fields
from regulars.scoring.segments import explained, members

pytestmark = pytest.mark.django_db
KINDS = {"size": "number", "vegan": "yes_no", "since": "date", "roast": "choice", "motto": "text"}
ROASTS = ["light", "dark", "Öl & Salz"]


@pytest.fixture
def defined(db: None) -> None:
    """A business that asks for five things."""
    for key, kind in KINDS.items():
        define_attribute(
            key=key,
            name=key.title(),
            kind=kind,  # type: ignore[arg-type]
            choices=ROASTS if kind == "choice" else [],
            needs_consent=key == "vegan",
            now=NOW,
        )


def tell(customer: UUID, key: str, value: object, *, days_ago: int = 0) -> None:
    now = NOW - timedelta(days=days_ago)
    set_attribute(customer_id=customer, key=key, value=value, actor=SYSTEM, now=now)


def agrees(customer: UUID, *, given: bool = True, minutes: int = 0) -> None:
    record_consent(
        customer_id=customer,
        purpose=PROFILE,
        channel=EVERYWHERE,
        given=given,
        text_version="1",
        proof="form",
        said_at=NOW + timedelta(minutes=minutes),
        actor=SYSTEM,
        now=NOW + timedelta(minutes=minutes),
    )


def asks(key: str, how: str, value: object) -> dict[str, object]:
    return {"field": f"attribute:{key}", "is": how, "value": value}


def who(condition: object) -> set[UUID]:
    return {one.id for one in members(asked_of(condition), None)}


def known(customer: UUID, condition: object) -> object:
    _, (answer,) = explained(asked_of(condition), None, customer)
    return answer.known


VALUES = {
    "size": st.none() | st.integers(-20, 20) | st.floats(-20, 20),
    "since": st.none() | st.dates(date(1990, 1, 1), date(1990, 12, 31)).map(date.isoformat),
    "roast": st.none() | st.sampled_from(ROASTS),
    "motto": st.none() | st.sampled_from(("Carpe diem", "CARPE noctem", "ชาเย็น 50 %", "true", "9")),
    "vegan": st.none() | st.booleans(),
}
LEAVES = st.one_of(
    st.builds(asks, st.just("size"), st.sampled_from(("at_least", "at_most")), VALUES["size"]),
    st.builds(asks, st.just("since"), st.sampled_from(("at_least", "at_most")), VALUES["since"]),
    st.builds(
        asks,
        st.just("roast"),
        st.just("any_of"),
        st.lists(st.sampled_from(ROASTS), min_size=1, unique=True),
    ),
    st.builds(asks, st.just("motto"), st.just("contains"), st.sampled_from(("carpe", "%", "ชา"))),
    st.builds(asks, st.just("vegan"), st.just("is"), st.booleans()),
).filter(lambda leaf: leaf["value"] is not None)
TREES = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds(lambda of: {"not": of}, part),
        st.builds(lambda of: {"all": of}, st.lists(part, min_size=1, max_size=3)),
        st.builds(lambda of: {"any": of}, st.lists(part, min_size=1, max_size=3)),
    ),
    max_leaves=4,
)
PEOPLE = st.fixed_dictionaries({**VALUES, "agrees": st.booleans(), "twice": st.booleans()})


def holds(tree: dict, told: dict) -> bool:
    """What a condition means, said again and differently."""
    if "not" in tree:
        return not holds(tree["not"], told)
    if "all" in tree:
        return all(holds(part, told) for part in tree["all"])
    if "any" in tree:
        return any(holds(part, told) for part in tree["any"])
    key, value = tree["field"].removeprefix("attribute:"), tree["value"]
    have = told[key]
    if have is None or (key == "vegan" and not told["agrees"]):
        return False
    ways = {
        "at_least": lambda: have >= value,
        "at_most": lambda: have <= value,
        "is": lambda: have is value,
        "any_of": lambda: have in value,
        "contains": lambda: value.casefold() in have.casefold(),
    }
    return bool(ways[tree["is"]]())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TREES, st.lists(PEOPLE, min_size=1, max_size=3))
def test_sql_and_plain_meaning_agree_on_any_condition_over_attributes(defined, tree, people):
    Alias.objects.all().delete()
    Customer.objects.all().delete()
    told: dict[UUID, dict] = {}
    for number, one in enumerate(people):
        customer = add(f"Customer {number}")
        told[customer] = one
        if one["agrees"] or one["vegan"] is not None:
            agrees(customer)
        earlier = add(f"Customer {number} again") if one["twice"] else customer
        if one["twice"]:
            merge(kept=customer, merged=earlier, actor=SYSTEM, now=NOW)
        for key in KINDS:
            if one[key] is None:
                continue
            if one["twice"]:  # told of the other before; the latest word counts
                other = {"size": 99, "vegan": not one["vegan"], "since": "2001-01-01"}
                tell(earlier, key, other.get(key, ROASTS[0]), days_ago=1)
            tell(customer, key, one[key])
        if not one["agrees"] and one["vegan"] is not None:
            agrees(customer, given=False, minutes=1)
    condition = asked_of(tree)
    assert as_json(asked_of(as_json(condition))) == as_json(condition)
    expected = {customer for customer, one in told.items() if holds(tree, one)}
    assert {one.id for one in members(condition, None)} == expected
    for customer, one in told.items():
        is_member, answers = explained(condition, None, customer)
        assert is_member == (customer in expected)
        for answer in answers:
            assert answer.holds == holds(as_json(answer.leaf), one)
            key = answer.leaf.field.name.removeprefix("attribute:")
            hidden = key == "vegan" and not one["agrees"]
            assert answer.known == (None if hidden else one[key])


def test_without_standing_consent_nothing_matches_even_where_a_value_lies(defined):
    ana, ben = add("Ana"), add("Ben")
    agrees(ana)
    tell(ana, "vegan", value=True)
    assert who(asks("vegan", "is", True)) == {ana}
    # Ben's later no is the whole person's once they are found to be one.
    agrees(ben, given=False, minutes=5)
    merge(kept=ben, merged=ana, actor=SYSTEM, now=NOW)
    assert AttributeValue.objects.exists()
    assert who(asks("vegan", "is", True)) == set()
    assert known(ben, asks("vegan", "is", True)) is None


def test_who_was_erased_matches_nothing(defined):
    ana = add("Ana")
    tell(ana, "size", 42)
    erase(customer_id=ana, actor=SYSTEM, now=NOW)
    assert who(asks("size", "at_least", 1)) == set()


def test_an_attribute_that_is_asked_for_no_more_still_means_something(defined):
    ana = add("Ana")
    tell(ana, "size", 42)
    retire_attribute(key="size", now=NOW)
    assert who(asks("size", "at_least", 42)) == {ana}
    assert "attribute:size" not in {one.name for one in own_fields()}


@pytest.mark.parametrize(
    "told",
    [
        asks("height", "at_least", 1),
        asks("size", "contains", "4"),
        asks("size", "at_least", "42"),
        asks("size", "at_least", True),
        asks("since", "at_least", "yesterday"),
        asks("since", "at_least", "19900101"),
        asks("roast", "any_of", ["burnt"]),
        asks("vegan", "is", 1),
        asks("motto", "about", "carpe"),
        asks("motto", "contains", " "),
        {"field": "was_at", "is": "any_of", "value": ["nowhere"]},
        {"field": "attribute:", "is": "is", "value": True},
    ],
)
def test_what_an_attribute_cannot_be_asked_is_refused(defined, told):
    with pytest.raises(InvalidCondition):
        asked_of(told)


def test_who_was_at_a_place_and_who_is_at_home_there(db):
    market, station = (add_location(name=name, now=NOW) for name in ("Marktplatz", "Bahnhof"))
    ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
    set_location(customer_id=cem, location_id=market)
    for number, (customer, place) in enumerate(((ana, market), (ana, station), (ben, station))):
        record(
            incoming=[
                Incoming(
                    type="visit.recorded",
                    source="test",
                    key=str(number),
                    occurred_at=NOW,
                    customer_id=customer,
                    data={"location_id": str(place)},
                )
            ],
            region=None,
            actor=SYSTEM,
            now=NOW,
        )
    at_market = {"field": "was_at", "is": "any_of", "value": [str(market)]}
    assert who(at_market) == {ana}
    assert who({"field": "was_at", "is": "any_of", "value": [str(market), str(station)]}) == {
        ana,
        ben,
    }
    assert who({"field": "at_home", "is": "any_of", "value": [str(market)]}) == {cem}
    assert known(ana, at_market) == ("Bahnhof", "Marktplatz")
    assert known(cem, at_market) is None
    merge(kept=cem, merged=ana, actor=SYSTEM, now=NOW)
    assert who(at_market) == {cem}
    assert known(cem, at_market) == ("Bahnhof", "Marktplatz")
