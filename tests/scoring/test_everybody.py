"""Everybody at once: each number is as many people as its list holds, and each of them belongs there."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.scoring.conftest import NOW, UNTIL, customer
from tests.scoring.test_segments import COFFEE, SLIPS, SPENDS, add, scored

from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer
from regulars.people.services import add_preference, change_preference, merge
from regulars.scoring.cohorts import as_json, cohorts_of, curves, from_json, whole_months
from regulars.scoring.conditions import parsed
from regulars.scoring.core import LIFE_CYCLES, VALUES
from regulars.scoring.everybody import (
    by_rhythm,
    crossed,
    dots,
    moved,
    page_of,
    wanted_most,
    wants,
)
from regulars.scoring.models import Run, Score
from regulars.scoring.queries import latest_run
from regulars.scoring.ready_made import MOVES, NOWHERE, Selection, selection
from regulars.scoring.segments import explained_each, members, needs_scores
from regulars.scoring.services import run_scoring
from regulars.stream.services import NewEvent

CHAMPION = {"quadrant": "champion", "life_cycle": "regular", "r": 5, "f": 4, "value_to_date": 900}
OTHER = {"quadrant": "other", "life_cycle": "slipping", "r": 1, "f": 2, "value_to_date": 100}


@pytest.fixture
def four(db):
    """Two champions, somebody who slips and somebody who never bought."""
    ana, ben = add("Ana", likes=["Flat white, no sugar"]), add("Ben", likes=["flat white"])
    cem, dora = add("Cem", likes=["Tea"]), add("Dora", likes=["ＴＥＡ (green)"])
    run = scored(
        {"customer_id": ana, **CHAMPION},
        {"customer_id": ben, **CHAMPION, "value_to_date": 700},
        {"customer_id": cem, **OTHER},
    )
    return run, {"ana": ana, "ben": ben, "cem": cem, "dora": dora}


def listed(run, **asked):
    found, customers = page_of(Selection(**asked).condition(), run, start=0, limit=50)
    assert len(found) == customers
    return [one.customer_id for one in found]


def test_every_number_of_the_cross_is_as_many_people_as_its_list_holds(four):
    run, people = four
    counted = crossed(None, run)
    assert counted == {
        ("champion", "regular"): 2,
        ("other", "slipping"): 1,
        ("", ""): 1,
    }
    for (value, standing), customers in counted.items():
        who = listed(run, value=value or NOWHERE, life_cycle=standing or NOWHERE)
        assert len(who) == customers
    assert listed(run, value="champion") == [people["ana"], people["ben"]]
    assert listed(run, value=NOWHERE) == [people["dora"]]
    assert listed(run) == [people[name] for name in ("ana", "ben", "cem", "dora")]


def test_whoever_is_merged_since_the_run_is_counted_as_who_is_kept(four):
    run, people = four
    merge(kept=people["ana"], merged=people["ben"], actor=SYSTEM, now=NOW)
    assert crossed(None, run)["champion", "regular"] == 1
    assert (wants(most=5)[0].text, wants(most=5)[0].customers) == ("Tea", 2)
    assert by_rhythm(run)[5, 4] == (1, 900)


def test_who_wants_the_same_is_found_together_however_it_is_written(four):
    run, people = four
    told = {(one.kind, one.subject): one.customers for one in wants(most=5)}
    assert told == {("likes", "flat white"): 2, ("likes", "tea"): 2}
    assert listed(run, kind="likes", subject="Tea") == [people["cem"], people["dora"]]
    assert crossed(Selection(kind="likes", subject="tea").condition(), run) == {
        ("other", "slipping"): 1,
        ("", ""): 1,
    }
    most = wanted_most(run)["champion", "regular"]
    assert (most.text, most.customers) == ("Flat white", 2)


def test_what_is_put_in_other_words_is_about_something_else(four):
    run, people = four
    told = add_preference(
        customer_id=people["dora"], kind="needs", text="High chair", actor=SYSTEM, now=NOW
    )
    assert listed(run, kind="needs", subject="high chair") == [people["dora"]]
    change_preference(
        customer_id=people["dora"], preference_id=told, text="Ramp", actor=SYSTEM, now=NOW
    )
    assert listed(run, kind="needs", subject="high chair") == []
    assert listed(run, kind="needs", subject="ramp") == [people["dora"]]


def test_a_list_goes_on_behind_those_who_were_scored(four):
    run, people = four
    pages = [page_of(None, run, start=start, limit=2)[0] for start in (0, 2, 4)]
    assert [[one.customer_id for one in page] for page in pages] == [
        [people["ana"], people["ben"]],
        [people["cem"], people["dora"]],
        [],
    ]


def test_before_the_first_run_everybody_is_nowhere(db):
    ana = add("Ana")
    assert crossed(None, None) == {("", ""): 1}
    assert listed(None) == [ana]
    assert (by_rhythm(None), wanted_most(None), moved(None, most=3)) == ({}, {}, {})
    assert dots(None, spending="clv", most=10).scores == ()


def test_many_members_are_explained_in_as_many_queries_as_one(four):
    run, people = four
    condition = Selection(value="champion", kind="likes", subject="flat white").condition()

    def queries(*ids):
        with CaptureQueriesContext(connection) as asked:
            answers = explained_each(condition, run, ids)
        return len(asked), answers

    alone, _ = queries(people["ana"])
    together, answers = queries(*people.values())
    assert alone == together
    assert {who for who, (is_member, _) in answers.items() if is_member} == {
        people["ana"],
        people["ben"],
    }


def test_many_dots_are_a_fair_part_and_those_who_stand_out_are_always_drawn(db):
    people = [add(f"Customer {number}") for number in range(60)]
    run = scored(
        *(
            {"customer_id": one, "quadrant": "other", "clv": number, "sender_value": 0}
            for number, one in enumerate(people)
        )
    )
    found = dots(run, spending="clv", most=20)
    assert (found.customers, found.every) == ({"other": 60}, 3)
    assert 20 <= len(found.scores) <= 20 + 24
    assert people[-1] in {one.customer_id for one in found.scores}
    assert dots(run, spending="clv", most=60).every == 1


@pytest.mark.parametrize(
    ("asked", "of_scored_alone"),
    [
        (SPENDS, True),
        (COFFEE, False),
        ({"not": SPENDS}, False),
        ({"all": [COFFEE, SPENDS]}, True),
        ({"any": [COFFEE, SPENDS]}, False),
        ({"any": [SPENDS, SLIPS]}, True),
    ],
)
def test_who_was_never_scored_is_looked_for_only_where_they_may_belong(
    four, asked, of_scored_alone
):
    run, _ = four
    condition = parsed(asked)
    assert needs_scores(condition) == of_scored_alone
    found, customers = page_of(condition, run, start=0, limit=50)
    assert len(found) == customers == members(condition, run).count()


class TestMoves:
    @pytest.mark.django_db(transaction=True)
    def test_who_stands_elsewhere_than_the_day_before_has_moved_and_nobody_else(self, write):
        ana, ben = customer("ana"), customer("ben")
        for one, name in ((ana, "Ana"), (ben, "Ben")):
            self.known(one, name)
        bought = [self.bought(ana, f"a{days}", days) for days in (0, 70, 75, 80)]
        bought += [self.bought(ben, f"b{days}", days) for days in (10, 14, 18, 22)]
        write(*bought)
        for day in (UNTIL - timedelta(days=1), UNTIL):
            run_scoring(until=day, actor=SYSTEM, now=NOW)
        run = latest_run()
        assert run.before == UNTIL - timedelta(days=1)
        stood = {one.customer_id: one for one in Score.objects.filter(run=run)}
        assert stood[ana].life_cycle_before in ("slipping", "lost")
        assert stood[ana].life_cycle == "returned"
        assert stood[ben].life_cycle_before == ""
        found = moved(run, most=3)
        assert found["back"] == (1, (ana,))
        assert {name for name, (customers, _) in found.items() if customers} == {"back"}
        assert listed(run, moved="back") == [ana]

    def known(self, one, name):
        Customer.objects.create(
            id=one, name=name, created_at=NOW, known_since=NOW, created_by="test"
        )

    def bought(self, who, key, days):
        return NewEvent(
            type="purchase.completed",
            source="till",
            key=key,
            customer_id=who,
            occurred_at=NOW - timedelta(days=1 + days),
            data={"total": {"amount_minor": 500, "currency": "EUR"}},
        )

    @pytest.mark.django_db(transaction=True)
    def test_the_first_run_is_held_against_nothing_and_a_run_tells_its_cohorts(self, write):
        write(self.bought(customer("ana"), "1", 0), self.bought(customer("ana"), "2", 40))
        run = Run.objects.get(id=run_scoring(until=UNTIL, actor=SYSTEM, now=NOW))
        assert run.before is None
        assert from_json(run.summary["cohorts"]) == cohorts_of(
            [(date(2026, 5, 1), 0, 1), (date(2026, 5, 1), 1, 1)], until=UNTIL
        )


texts = st.text(max_size=30)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "value": st.sampled_from((*VALUES, NOWHERE, "king")),
            "life_cycle": st.sampled_from((*LIFE_CYCLES, NOWHERE, "")),
            "kind": st.sampled_from(("likes", "needs", "shoes")),
            "subject": texts,
            "r": st.sampled_from(("1", "5", "6", "x", "٣")),
            "f": texts,
            "moved": st.sampled_from((*MOVES, "up")),
        },
    )
)
def test_any_address_is_a_selection_that_can_be_asked_and_written_down_again(told):
    chosen = selection(told)
    chosen.condition()
    assert selection(chosen.told()) == chosen


months = st.dates(date(2024, 1, 1), date(2026, 6, 30)).map(lambda day: day.replace(day=1))


@given(
    st.dictionaries(months, st.dictionaries(st.integers(1, 30), st.integers(0, 9)), max_size=8),
    st.sampled_from((date(2026, 6, 30), date(2026, 6, 15))),
    st.sampled_from((3, 12)),
)
def test_shares_are_of_everybody_who_began_and_only_of_months_that_are_over(told, until, months):
    cells = [(month, 0, 9) for month in told]
    cells += [(month, later, came) for month, some in told.items() for later, came in some.items()]
    cohorts = cohorts_of(cells, until=until)
    assert from_json(as_json(cohorts)) == cohorts
    found = curves(cohorts, until=until, months=months)
    assert sum(one.customers for one in found) == 9 * len(told)
    for one in found:
        assert all(0 <= share <= 1 for share in one.shares)
    for cohort in cohorts:
        behind = 0 if until.day == 30 else 1
        assert whole_months(cohort, until=until) == max(len(cohort.came) - behind, 0)


def test_a_curve_is_of_the_same_people_at_each_of_its_months():
    cohorts = cohorts_of(
        [
            *((date(2026, 1, 1), 0, 10), (date(2026, 1, 1), 1, 4), (date(2026, 1, 1), 2, 2)),
            *((date(2026, 2, 1), 0, 30), (date(2026, 2, 1), 1, 6)),
        ],
        until=date(2026, 3, 31),
    )
    (curve,) = curves(cohorts, until=date(2026, 3, 31), months=3)
    # In the first month after their own, 4 + 6 of 40; the second is not over for those of February.
    assert (curve.customers, curve.shares) == (40, ((4 + 6) / 40,))


def test_where_people_stand_is_counted_once_each(four):
    run, people = four
    assert sum(Counter(crossed(None, run)).values()) == len(people)
