"""In a large house lists walk indexes, and say the same as in a small one."""

from datetime import timedelta

import pytest
from tests.plans import asked
from tests.scoring.conftest import NOW
from tests.scoring.test_segments import add, scored

from regulars.kernel.actor import SYSTEM
from regulars.people.audit import looked_at, looks
from regulars.people.models import Location, Look
from regulars.people.queries import counting, customers_page, suggested_duplicates
from regulars.people.services import add_preference, merge, record_consent, set_location
from regulars.scoring import everybody, segments
from regulars.scoring.conditions import parsed
from regulars.scoring.everybody import how_many_fulfil, page_of
from regulars.scoring.listing import Filters, listed
from regulars.scoring.pages import standing_page
from regulars.scoring.segments import members

pytestmark = pytest.mark.django_db
BY = {"actor": SYSTEM, "now": NOW}
CONDITIONS = (
    {"field": "life_cycle", "is": "any_of", "value": ["regular"]},
    {"not": {"field": "life_cycle", "is": "any_of", "value": ["regular"]}},
    {"field": "likes", "is": "contains", "value": "tea"},
    {"field": "has_phone", "is": "is", "value": True},
    {"field": "has_phone", "is": "is", "value": False},
    {
        "any": [
            {"field": "quadrant", "is": "any_of", "value": ["champion"]},
            {"field": "likes", "is": "about", "value": "tea"},
        ]
    },
)


@pytest.fixture
def house():
    """Six people, the last without a name in the run, and Eva who is one with Ana."""
    ids = {name: add(name) for name in ("Ana", "Ben", "Cem", "Dora", "Eva", "Finn")}
    phoned = add("Gül", identities=[("phone", "0171 2345678")])
    for name, text in (("Eva", "Tea"), ("Cem", "green tea"), ("Dora", "Coffee")):
        add_preference(customer_id=ids[name], kind="likes", text=text, **BY)
    run = scored(
        *(
            {
                "customer_id": ids[name],
                "life_cycle": "regular" if place % 2 else "lost",
                "quadrant": "champion" if place == 1 else "other",
                "value_to_date": 100 * place,
                "friends": 4 - place,
            }
            for place, name in enumerate(("Ana", "Ben", "Cem", "Dora"))
        )
    )
    merge(kept=ids["Ana"], merged=ids["Eva"], **BY)
    return run, {**ids, "Gül": phoned}


@pytest.fixture
def large(monkeypatch):
    """As if there were more than anybody counts while somebody waits."""
    monkeypatch.setattr(counting, "MANY_CUSTOMERS", 0)
    monkeypatch.setattr(segments, "MANY_ROWS", 0)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_asked_by_themselves_are_those_whom_all_rows_tell(house, large, condition):
    run, _ = house
    some = members(parsed(condition), run, some=True)
    assert set(some) == set(members(parsed(condition), run))
    assert how_many_fulfil(parsed(condition), run) == some.count()


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("most", [0, 10_000])
def test_a_page_shows_the_same_people_however_many_are_told(
    house, large, monkeypatch, condition, most
):
    run, _ = house
    everyone = {one.id for one in members(parsed(condition), run)}
    monkeypatch.setattr(everybody, "MOST_TOLD", most)
    found, customers = page_of(parsed(condition), run, start=0, limit=10)
    assert {one.customer_id for one in found} == everyone
    assert len(found) == len(everyone)
    if most:
        assert customers == len(everyone)


def test_of_more_than_are_counted_one_more_is_told(house, large, monkeypatch):
    run, _ = house
    monkeypatch.setattr(everybody, "MOST_TOLD", 1)
    asked_of = parsed({"field": "has_phone", "is": "is", "value": False})
    assert how_many_fulfil(asked_of, run) == 2


def test_a_part_of_a_text_is_looked_for_in_an_index_alone(house):
    with asked() as found:
        assert len(members(parsed({"field": "likes", "is": "contains", "value": "TEA"}), None)) == 2
    ((plan,),) = [found.plans("people_preference")]
    assert "people_preference_told" in plan
    assert "COVERING INDEX people_preference_told" in plan or "Index Only Scan" in plan


@pytest.mark.parametrize(
    ("order", "index"),
    [
        ("known", "people_customer_known"),
        ("name", "people_customer_called"),
        ("spent", "scoring_score_spent"),
        ("brings", "scoring_score_brings"),
    ],
)
def test_a_list_in_any_order_walks_an_index(house, order, index):
    with asked() as found:
        first = listed(Filters(), order=order, most=2)
        rest = listed(Filters(), order=order, most=2, cursor=first.cursor)
    assert len(first.customer_ids) == 2
    assert not {*first.customer_ids} & {*rest.customer_ids}
    plans = found.plans("ORDER BY", "LIMIT 3")
    assert len(plans) == 2
    assert all(index in plan for plan in plans), plans


def test_a_filter_by_place_or_consent_asks_each_by_themselves(house):
    _, ids = house
    place = Location.objects.create(name="Mitte", created_at=NOW)
    set_location(customer_id=ids["Ben"], location_id=place.id)
    said = {
        "purpose": "news",
        "channel": "email",
        "text_version": "1",
        "proof": "form",
        "said_at": NOW,
    }
    record_consent(customer_id=ids["Eva"], given=True, **said, **BY)
    with asked() as found:
        here = listed(Filters(places=(place.id,)), order="newest", most=5)
        agreed = listed(Filters(consent=("news", "email")), order="newest", most=5)
        page = customers_page(cursor=None, limit=5, location_id=place.id)
    assert here.customer_ids == (ids["Ben"],) == tuple(one.id for one in page.customers)
    assert agreed.customer_ids == (ids["Ana"],)
    for statement, _told in found.about("EXISTS", "ORDER BY"):
        assert "EXISTS(SELECT" in statement
        assert 'IN (SELECT U0."customer_id"' not in statement


def test_scores_by_the_page_walk_an_index(house):
    with asked() as found:
        page = standing_page(value=None, life_cycle=None, cursor=None, limit=2)
    assert len(page.scores) == 2
    (plan,) = found.plans('FROM "scoring_score"', "ORDER BY")
    assert "scoring_score_spent" in plan


@pytest.mark.parametrize("asked_for", [{}, {"what": Look.PROFILE}])
def test_who_looked_is_read_from_an_index(house, asked_for):
    _, ids = house
    for minute in range(4):
        looked_at(customer_id=ids["Ana"], actor=SYSTEM, now=NOW + timedelta(minutes=minute))
    with asked() as found:
        first = looks(limit=2, **asked_for)
        rest = looks(limit=2, before=first[-1].pk, **asked_for)
    assert [one.looked_at for one in (*first, *rest)] == [
        NOW + timedelta(minutes=minute) for minute in (3, 2, 1, 0)
    ]
    plans = found.plans('FROM "people_look"', "ORDER BY", "LIMIT 2")
    assert all("people_look_" in plan for plan in plans), plans


def test_pairs_are_looked_for_among_those_who_are_compared_alone(house):
    with asked() as found:
        suggested_duplicates(most=5, newest=2)
    named = [
        one for one, _ in found.about('"people_customer"."name"', "FROM") if "LIMIT" not in one
    ]
    assert named
    assert all('"people_customer"."id" IN (' in one for one in named), named
