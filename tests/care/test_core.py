"""Whom to speak to next: thanks first, nobody twice."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from regulars.care.core import (
    Person,
    Silence,
    mixed,
    suggestion_again,
    suggestions,
)

ANA, BEN, CEM, DORA = (UUID(int=number) for number in range(1, 5))


def test_who_brought_most_is_thanked_first_then_a_friend_is_greeted_then_what_is_liked():
    people = (
        Person(id=BEN, name="Ben", came_through=ANA),
        Person(id=DORA, name="Dora", likes=("flat white",)),
        Person(id=ANA, name="Ana", brought=(BEN, CEM)),
        Person(id=CEM, name="Cem", came_through=ANA),
    )
    told = suggestions(people)
    assert [(one.kind, one.person.name) for one in told] == [
        ("thank", "Ana"),
        ("greet_friend", "Ben"),
        ("remember", "Dora"),
    ]
    assert [person.name for person in told[0].about] == ["Ben", "Cem"]
    assert [person.name for person in told[1].about] == ["Ana"]


def test_where_only_names_are_known_there_is_still_something_to_ask():
    told = suggestions([Person(id=ANA, name="Ana")])
    assert [(one.kind, one.person.name) for one in told] == [("ask", "Ana")]
    assert suggestions([]) == ()


@st.composite
def towns(draw):
    ids = [UUID(int=number + 1) for number in range(draw(st.integers(0, 12)))]
    through = {one: draw(st.sampled_from([None, *ids[:place]])) for place, one in enumerate(ids)}
    return [
        Person(
            id=one,
            name=str(one),
            likes=tuple(draw(st.lists(st.just("tea"), max_size=1))),
            brought=tuple(friend for friend, sender in through.items() if sender == one),
            came_through=through[one],
        )
        for one in ids
    ]


@given(towns())
def test_as_many_as_there_are_and_never_anybody_twice(people):
    told = suggestions(people)
    assert len(told) == min(len(people), 3)
    assert len({one.person.id for one in told}) == len(told)


def test_who_rests_is_not_suggested_and_may_still_be_spoken_of():
    people = (
        Person(id=ANA, name="Ana", brought=(BEN,)),
        Person(id=BEN, name="Ben", came_through=ANA),
    )
    (told,) = suggestions(people, resting={ANA})
    assert (told.kind, told.person.name, told.about[0].name) == ("greet_friend", "Ben", "Ana")


def test_whoever_is_missed_most_is_won_back_after_the_first_thanks():
    people = (
        Person(id=ANA, name="Ana", brought=(DORA,)),
        Person(id=BEN, name="Ben"),
        Person(id=CEM, name="Cem"),
        Person(id=DORA, name="Dora"),
    )
    gone = {CEM: Silence(days=40, usual_gap_days=9), BEN: Silence(days=31, usual_gap_days=7)}
    told = suggestions(people, slipping=gone, most=2)
    assert [(one.kind, one.person.name) for one in told] == [("thank", "Ana"), ("win_back", "Cem")]
    assert (told[1].away_days, told[1].usual_gap_days) == (40, 9)
    (other,) = suggestions(people, slipping=gone, resting={ANA, CEM}, most=1)
    assert (other.kind, other.person.name) == ("win_back", "Ben")
    again = suggestion_again("win_back", people[2], people, silence=gone[CEM])
    assert (again.kind, again.away_days) == ("win_back", 40)
    # Who has come since is no more to be won back.
    assert suggestion_again("win_back", people[2], people).kind == "ask"


@given(st.lists(st.sampled_from(["thank", "welcome_back", "ask"])), st.integers(0, 12))
def test_no_kind_of_line_crowds_out_the_rest(kinds, most):
    shown = mixed(kinds, most)
    assert len(shown) == len(set(shown)) == min(most, len(kinds))
    for kind in set(kinds):
        of_kind = [place for place in shown if kinds[place] == kind]
        assert of_kind == [place for place, one in enumerate(kinds) if one == kind][: len(of_kind)]
        if len(shown) >= len(set(kinds)):
            assert of_kind


@given(towns(), st.sampled_from(["thank", "greet_friend", "remember", "ask", "welcome_back"]))
def test_a_reason_that_was_found_earlier_always_has_something_to_say(people, kind):
    for person in people:
        told = suggestion_again(kind, person, people, about=None, away_days=70)
        assert told.person is person
        assert told.kind != "remember" or person.likes
        assert told.kind != "thank" or told.about
        assert told.away_days == (70 if kind == "welcome_back" else 0)
