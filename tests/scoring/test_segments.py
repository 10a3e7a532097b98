"""Segments: conditions that mean the same in SQL as in words, counted live, each answer shown."""

import re
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.documented import DOCS, first_cells
from tests.scoring.conftest import NOW, UNTIL, events_of

from regulars.kernel.actor import SYSTEM
from regulars.people.models import Alias, Customer
from regulars.people.remembering import in_small_letters
from regulars.people.services import add_customer, add_preference, change_preference
from regulars.scoring.conditions import FIELDS, as_json, parsed
from regulars.scoring.core import LIFE_CYCLES
from regulars.scoring.errors import (
    InvalidCondition,
    NoSuchSegment,
    SegmentNameMissing,
    SegmentNameTaken,
)
from regulars.scoring.models import Run, Score
from regulars.scoring.pages import members_page, standing_page
from regulars.scoring.queries import (
    count,
    segments,
    size_over_time,
    sizes_over_time,
    why_member,
    why_standing,
)
from regulars.scoring.segments import ONE_LETTER, explained, members
from regulars.scoring.services import (
    add_segment,
    change_segment,
    remove_segment,
    run_scoring,
)

SPENDS = {"field": "clv", "is": "at_least", "value": 5_000}
SLIPS = {"field": "life_cycle", "is": "any_of", "value": ["slipping", "lost"]}
COFFEE = {"field": "likes", "is": "contains", "value": "flat white"}


def add(name, **more):
    return add_customer(name=name, region="DE", actor=SYSTEM, now=NOW, **more)


def scored(*customers, until=UNTIL):
    """A finished run with what it found, one dictionary a customer."""
    run = Run.objects.create(
        until=until,
        inputs=uuid4().hex,
        events=0,
        version=1,
        started_at=NOW,
        started_by="test",
        finished_at=NOW,
    )
    Score.objects.bulk_create(Score(run=run, **one) for one in customers)
    return run


@pytest.fixture
def three(db):
    ana = add("Ana", likes=["Flat white, no sugar"], identities=[("phone", "0171 2345678")])
    ben, cem = add("Ben", identities=[("email", "ben@example.org")]), add("Cem")
    run = scored(
        {"customer_id": ana, "clv": 6_000, "life_cycle": "slipping", "silent_days": 31},
        {"customer_id": ben, "clv": 4_000, "life_cycle": "regular", "silent_days": 2},
    )
    return run, {ana: "Ana", ben: "Ben", cem: "Cem"}


def named(three, condition):
    run, names = three
    return "".join(sorted(names[one.id][0] for one in members(parsed(condition), run)))


def test_a_condition_finds_whom_its_words_say(three):
    assert named(three, SPENDS) == "A"
    assert named(three, {"field": "clv", "is": "at_most", "value": 5_000}) == "B"
    assert named(three, COFFEE) == "A"
    assert named(three, {"field": "has_email", "is": "is", "value": True}) == "B"
    assert named(three, {"field": "has_email", "is": "is", "value": False}) == "AC"
    assert named(three, {"all": [SPENDS, SLIPS]}) == "A"
    assert named(three, {"any": [SLIPS, {"field": "has_email", "is": "is", "value": True}]}) == "AB"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Flat White", "flat white"),
        ("Öl & Essig", "öl & e"),
        ("ชาเย็น", "ชา"),
        ("50 % (dark)", "% (D"),
        (r"a\b", "\\"),
        ("no. 5", "o. 5"),
        ("Tea from İstanbul", "istanbul"),
        ("tea from istanbul", "İSTANBUL"),
        ("Straße", "STRAẞE"),
        ("ΚΑΦΕΣ", "καφες"),
    ],
)
@pytest.mark.django_db
def test_what_somebody_likes_is_found_however_it_is_written_and_nothing_else_is(text, asked):
    ana = add("Ana", likes=[text])
    add("Ben", likes=["nox 5"])
    condition = parsed({"field": "likes", "is": "contains", "value": asked})
    assert [one.id for one in members(condition, None)] == [ana]


def test_letters_are_the_same_in_small_letters_just_where_an_expression_takes_them_for_one():
    letters = [chr(one) for one in range(sys.maxunicode + 1) if not 0xD800 <= one < 0xE000]
    small = {one: in_small_letters(one) for one in letters}
    assert all(len(one) == 1 and small[one] == one for one in small.values())
    several = [one for one in letters if {one.lower(), one.upper(), one.casefold()} != {one}]
    assert {one for one in letters if small[one] != one} <= set(several)
    together = "".join(several)
    alike = {one: f"[{some}]" for some in ONE_LETTER for one in some}
    for one in several:
        found = re.findall(alike.get(one, re.escape(one)), together, re.IGNORECASE)
        assert {small[other] for other in found} == {small[one]}, one
        assert found == [other for other in several if small[other] == small[one]], one


@pytest.mark.django_db
def test_what_is_remembered_is_found_by_the_words_it_has_now():
    ana = add("Ana")
    told = add_preference(
        customer_id=ana, kind="needs", text="A QUIET corner", actor=SYSTEM, now=NOW
    )

    def found(text, kind="needs"):
        asked = parsed({"field": kind, "is": "contains", "value": text})
        return [one.id for one in members(asked, None)]

    assert found("quiet") == [ana]
    assert found("quiet", "likes") == []
    change_preference(
        customer_id=ana, preference_id=told, text="Ein Platz am Licht", actor=SYSTEM, now=NOW
    )
    assert (found("quiet"), found("LICHT")) == ([], [ana])


def test_what_nobody_knows_does_not_hold_so_its_contrary_does(three):
    assert named(three, {"not": SPENDS}) == "BC"
    assert named(three, {"not": {"not": SPENDS}}) == "A"


def test_every_question_is_answered_for_a_member_with_what_is_known_of_them(three):
    run, names = three
    ana, _, cem = names
    is_member, answers = explained(parsed({"all": [SPENDS, {"not": SLIPS}, COFFEE]}), run, ana)
    assert not is_member
    assert [(one.leaf.field.name, one.holds, one.known) for one in answers] == [
        ("clv", True, 6_000),
        ("life_cycle", True, "slipping"),
        ("likes", True, ("Flat white, no sugar",)),
    ]
    assert explained(parsed({"not": SPENDS}), run, cem)[0]
    assert explained(parsed({"not": SPENDS}), run, uuid4()) == (False, ())


def test_what_is_known_of_a_merged_customer_is_known_of_who_is_kept(three):
    run, names = three
    ana, _, cem = names
    Alias.objects.create(merged_id=ana, kept_id=cem)
    assert named(three, COFFEE) == "C"
    is_member, (answer,) = explained(parsed(COFFEE), run, cem)
    assert (is_member, answer.known) == (True, ("Flat white, no sugar",))


money = st.integers(-9_000, 9_000)
LEAVES = st.one_of(
    st.builds(
        lambda name, way, value: {"field": name, "is": way, "value": value},
        st.sampled_from(("clv", "value_to_date")),
        st.sampled_from(("at_least", "at_most")),
        money,
    ),
    st.builds(
        lambda value: {"field": "silent_days", "is": "at_least", "value": value},
        st.integers(0, 60) | st.floats(0, 60),
    ),
    st.builds(lambda value: {"field": "referred", "is": "is", "value": value}, st.booleans()),
    st.builds(
        lambda value: {"field": "life_cycle", "is": "any_of", "value": value},
        st.lists(st.sampled_from(("new", "slipping", "lost")), min_size=1, unique=True),
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds(lambda of: {"not": of}, part),
        st.builds(lambda of: {"all": of}, st.lists(part, min_size=1, max_size=3)),
        st.builds(lambda of: {"any": of}, st.lists(part, min_size=1, max_size=3)),
    ),
    max_leaves=6,
).filter(lambda tree: depth(tree) <= 8)
SCORES = st.fixed_dictionaries(
    {
        "clv": st.none() | money,
        "value_to_date": st.none() | money,
        "silent_days": st.none() | st.integers(0, 60),
        "referred": st.none() | st.booleans(),
        "life_cycle": st.sampled_from(("", "new", "regular", "slipping", "lost")),
    }
)


def depth(tree):
    inner = tree.get("all") or tree.get("any") or [tree.get("not")]
    return 1 + max((depth(part) for part in inner if part), default=0)


def holds(tree, known):
    """What a condition means, said again and differently."""
    if "not" in tree:
        return not holds(tree["not"], known)
    if "all" in tree:
        return all(holds(part, known) for part in tree["all"])
    if "any" in tree:
        return any(holds(part, known) for part in tree["any"])
    have, value = known[tree["field"]], tree["value"]
    if have is None:
        return False
    ways = {
        "at_least": lambda: have >= value,
        "at_most": lambda: have <= value,
        "is": lambda: have is value,
        "any_of": lambda: have in value,
    }
    return ways[tree["is"]]()


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TREES, st.lists(SCORES, min_size=1, max_size=4))
def test_sql_and_words_agree_on_any_condition_and_so_does_the_explanation(tree, people):
    Customer.objects.all().delete()
    known = {add(f"Customer {number}"): one for number, one in enumerate(people)}
    run = scored(*({"customer_id": who, **one} for who, one in known.items()))
    condition = parsed(tree)
    assert as_json(parsed(as_json(condition))) == as_json(condition)
    expected = {who for who, one in known.items() if holds(tree, one)}
    assert {one.id for one in members(condition, run)} == expected
    for who, one in known.items():
        is_member, answers = explained(condition, run, who)
        assert is_member == (who in expected)
        for answer in answers:
            assert answer.holds == holds(as_json(answer.leaf), one)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"all": []},
        {"any": "clv"},
        {"not": SPENDS, "all": [SPENDS]},
        {"field": "shoe_size", "is": "at_least", "value": 1},
        {"field": ["clv"], "is": "at_least", "value": 1},
        {"field": "clv", "is": "contains", "value": 1},
        {"field": "clv", "is": "at_least", "value": 1.5},
        {"field": "clv", "is": "at_least", "value": True},
        {"field": "clv", "is": "at_least", "value": 2**60},
        {"field": "p_alive", "is": "at_least", "value": float("nan")},
        {"field": "referred", "is": "is", "value": 1},
        {"field": "life_cycle", "is": "any_of", "value": []},
        {"field": "life_cycle", "is": "any_of", "value": ["new", "asleep"]},
        {"field": "likes", "is": "contains", "value": "  "},
        {"field": "likes", "is": "contains", "value": "a\x00b"},
        {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": SPENDS}}}}}}}},
        {"any": [SPENDS] * 51},
    ],
)
def test_a_condition_that_asks_nothing_that_can_be_asked_is_refused(told):
    with pytest.raises(InvalidCondition):
        parsed(told)


@pytest.mark.django_db
class TestKeeping:
    def keep(self, name="Coffee", condition=COFFEE):
        return add_segment(name=name, condition=condition, actor=SYSTEM, now=NOW)

    def test_a_segment_is_counted_live(self):
        segment = self.keep(name="  Coffee   people ")
        assert count(COFFEE) == 0
        ana = add("Ana", likes=["flat white"])
        (counted,) = segments()
        assert (counted.segment.name, counted.customers) == ("Coffee people", 1)
        assert [one.id for one in members_page(segment, cursor=None, limit=9).customers] == [ana]
        assert why_member(segment, ana)[0]

    def test_a_name_is_given_once_and_not_left_out(self):
        segment = self.keep()
        with pytest.raises(SegmentNameTaken):
            self.keep()
        with pytest.raises(SegmentNameMissing):
            self.keep(name=" ")
        change_segment(segment_id=segment, name="Coffee", condition=SPENDS, actor=SYSTEM, now=NOW)
        assert segments()[0].segment.condition == SPENDS

    def test_a_segment_that_is_gone_is_gone(self):
        segment = self.keep()
        remove_segment(segment_id=segment)
        for gone in (
            lambda: remove_segment(segment_id=segment),
            lambda: members_page(segment, cursor=None, limit=9),
            lambda: change_segment(
                segment_id=segment, name="x", condition=SPENDS, actor=SYSTEM, now=NOW
            ),
        ):
            with pytest.raises(NoSuchSegment):
                gone()


def who_stands(*, value=None, life_cycle=None):
    return standing_page(value=value, life_cycle=life_cycle, cursor=None, limit=1_000).scores


@pytest.mark.django_db(transaction=True)
def test_a_town_is_sorted_by_value_and_life_cycle_with_sizes_over_time_and_reasons(town, write):
    write(*events_of(town))
    add("Ana", likes=["flat white"])
    coffee = add_segment(name="Coffee", condition=COFFEE, actor=SYSTEM, now=NOW)
    days = (UNTIL - timedelta(days=90), UNTIL)
    for day in days:
        run_scoring(until=day, actor=SYSTEM, now=NOW)
    over_time = sizes_over_time()
    assert [day for day, _ in over_time] == list(days)
    assert size_over_time(coffee) == tuple((day, 1) for day in days)
    sizes = over_time[-1][1]
    assert {"champion", "affluent", "advocate", "other"} == sizes.keys()
    places = {place for standing in sizes.values() for place in standing}
    assert {"new", "second_visit", "growing", "regular", "slipping", "lost"} <= places
    for value, standings in sizes.items():
        for standing, customers in standings.items():
            who = who_stands(value=value, life_cycle=standing)
            assert len(who) == customers
    slipping = who_stands(life_cycle="slipping")[0]
    gap = round(slipping.usual_gap_days)
    assert gap > 1
    assert why_standing(slipping)[0] == f"Came every {gap} days, not for {slipping.silent_days}."
    champion = who_stands(value="champion")[0]
    assert "Spenders begin at" in why_standing(champion)[1]
    # The day after, nobody bought: the same sentence is a day further on.
    tomorrow = UNTIL + timedelta(days=1)
    assert why_standing(slipping, today=tomorrow)[0] == (
        f"Came every {gap} days, not for {slipping.silent_days + 1}."
    )


def test_every_field_and_life_cycle_is_documented_and_no_other():
    page = (DOCS / "segments.md").read_text(encoding="utf-8")
    assert first_cells(page) == FIELDS.keys() | set(LIFE_CYCLES)
