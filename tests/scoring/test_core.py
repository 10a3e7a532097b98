"""Where somebody stands: one place for everybody, by their own rhythm, with the reason."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.scoring.core import (
    LIFE_CYCLES,
    Rhythm,
    Worth,
    days_worth_keeping,
    life_cycle,
    why,
    why_worth,
)

EVERYBODYS_GAP = 10.0


def stands(**rhythm):
    return life_cycle(Rhythm(**rhythm), everybodys_gap_days=EVERYBODYS_GAP)


def test_who_came_once_is_new_then_due_then_lost_by_everybodys_gap():
    assert stands(purchase_days=1, silent_days=10) == "new"
    assert stands(purchase_days=1, silent_days=11) == "second_visit"
    assert stands(purchase_days=1, silent_days=41) == "lost"
    # Before anybody has come back, a month is usual.
    alone = Rhythm(purchase_days=1, silent_days=30)
    assert life_cycle(alone, everybodys_gap_days=None) == "new"


def test_who_keeps_their_rhythm_is_growing_and_from_the_third_day_on_a_regular():
    assert stands(purchase_days=2, silent_days=5, usual_gap_days=9, last_gap_days=9) == "growing"
    assert stands(purchase_days=3, silent_days=5, usual_gap_days=9, last_gap_days=9) == "regular"


def test_who_stays_away_is_slipping_by_insights_word_or_else_from_three_gaps_on():
    often = {"purchase_days": 8, "usual_gap_days": 9.0, "last_gap_days": 9}
    assert stands(**often, silent_days=26) == "regular"
    assert stands(**often, silent_days=27) == "slipping"
    assert stands(**often, silent_days=27, is_slipping=False) == "regular"
    assert stands(**often, silent_days=20, is_slipping=True) == "slipping"


def test_who_stays_away_for_ages_is_lost_and_so_is_who_hardly_comes_again_by_the_model():
    often = {"purchase_days": 8, "usual_gap_days": 9.0, "last_gap_days": 9, "is_slipping": True}
    assert stands(**often, silent_days=91) == "slipping"
    assert stands(**often, silent_days=92) == "lost"
    assert stands(**often, silent_days=20, p_alive=0.05) == "lost"


def test_who_came_back_after_a_long_silence_has_returned_for_two_months():
    back = {"purchase_days": 6, "usual_gap_days": 25.0, "last_gap_days": 80}
    assert stands(**back, earlier_gap_days=12.0, silent_days=3) == "returned"
    # Twice a year is somebody's own rhythm.
    assert stands(**back, earlier_gap_days=75.0, silent_days=3) == "regular"
    slow = {**back, "usual_gap_days": 40.0}
    assert stands(**slow, earlier_gap_days=12.0, silent_days=61) == "regular"


def test_the_reason_names_the_days():
    slipping = Rhythm(purchase_days=8, silent_days=31, usual_gap_days=9.2)
    assert why("slipping", slipping) == "Came every 9 days, not for 31."
    once = Rhythm(purchase_days=1, silent_days=1)
    assert why("new", once) == "Came once, 1 day ago."
    back = Rhythm(purchase_days=4, silent_days=2, usual_gap_days=30, last_gap_days=80)
    assert why("returned", back) == "Came back after 80 days, 2 days ago."
    unlikely = Rhythm(purchase_days=4, silent_days=40, usual_gap_days=9, p_alive=0.03)
    assert why("lost", unlikely).endswith("The chance of another visit is 3%.")
    daily = Rhythm(purchase_days=40, silent_days=6, usual_gap_days=1.2)
    assert why("slipping", daily) == "Came almost every day, not for 6 days."
    assert why("regular", daily) == "Comes almost every day, last 6 days ago."


def test_a_worth_is_explained_by_its_amounts_and_where_much_begins():
    worth = Worth(
        spending=12_345,
        is_expected=True,
        spending_from=20_000,
        friends=2,
        sending=5_000,
        sending_from=None,
        currency="EUR",
    )
    assert why_worth(worth) == (
        "Expected to bring €123 over the next year. Spenders begin at €200.",
        "Brought 2 people, worth €50.00.",
    )


days = st.integers(0, 2_000)


@given(
    st.builds(
        Rhythm,
        purchase_days=st.integers(2, 300),
        silent_days=days,
        usual_gap_days=st.floats(1, 800),
        last_gap_days=st.integers(1, 2_000),
        earlier_gap_days=st.none() | st.floats(1, 800),
        p_alive=st.none() | st.floats(0, 1),
        is_slipping=st.none() | st.booleans(),
    )
    | st.builds(Rhythm, purchase_days=st.just(1), silent_days=days),
    st.none() | st.floats(1, 400),
)
def test_everybody_stands_at_one_place_and_can_be_told_why(rhythm, gap):
    standing = life_cycle(rhythm, everybodys_gap_days=gap)
    assert standing in LIFE_CYCLES
    assert why(standing, rhythm)


@given(st.integers(2, 50), st.floats(1, 60), days, days)
def test_more_silence_never_brings_anybody_nearer(purchase_days, gap, one, other):
    order = ("growing", "regular", "slipping", "lost")

    def at(silent):
        rhythm = Rhythm(purchase_days=purchase_days, silent_days=silent, usual_gap_days=gap)
        return order.index(life_cycle(rhythm, everybodys_gap_days=None))

    assert at(min(one, other)) <= at(max(one, other))


def test_every_day_of_five_weeks_is_kept_and_the_last_of_each_month_before():
    today = date(2026, 6, 30)
    kept = days_worth_keeping(today - timedelta(days=number) for number in range(100))
    before = [day for day in sorted(kept) if day <= date(2026, 5, 26)]
    assert before == [date(2026, 3, 31), date(2026, 4, 30)]
    assert len(kept) == 35 + 2


@given(st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=60))
def test_thinning_twice_is_thinning_once_and_every_month_and_the_latest_day_stay(scored):
    kept = days_worth_keeping(scored)
    assert days_worth_keeping(kept) == kept <= set(scored)
    assert {(day.year, day.month) for day in kept} == {(day.year, day.month) for day in scored}
    assert not scored or max(scored) in kept
