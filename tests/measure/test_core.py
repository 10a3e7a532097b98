"""The five questions: a figure where something is known, else how to begin."""

from regulars.measure.core import Known, five_questions

NOTHING = Known(
    customers=0, senders=0, friends=0, remembered=0, purchases=0, tasks_done=0, employees=1
)


def test_on_the_first_day_every_question_says_how_to_begin():
    answers = five_questions(NOTHING)
    assert len(answers) == 5
    assert not any(answer.begun or answer.figure for answer in answers)
    assert all(answer.told.startswith("Begin") for answer in answers)


def test_what_is_known_is_told_with_its_figure():
    known = Known(
        customers=20, senders=3, friends=7, remembered=12, purchases=0, tasks_done=1, employees=2
    )
    spenders, _, mattering, remembering, _ = five_questions(known)
    assert (spenders.figure, spenders.told) == (
        "3",
        "3 people brought others: 7 came through them.",
    )
    assert (mattering.figure, mattering.begun) == ("1", True)
    assert remembering.told == "We know what 12 of 20 people like."


def test_what_people_said_and_who_cares_here_is_told_once_it_is_known():
    known = Known(
        customers=20,
        senders=0,
        friends=0,
        remembered=0,
        purchases=0,
        tasks_done=4,
        employees=3,
        heard=5,
        in_time=3,
        caring=2,
    )
    _, listening, mattering, _, fans = five_questions(known)
    assert (listening.figure, listening.told) == (
        "5",
        "5 people told us what they need, or what makes it hard for them.",
    )
    assert mattering.told == "4 people were thanked or welcomed back. Of these, 3 in time."
    assert fans.figure == "2"
    assert fans.told.startswith("2 of 3 who work here cared for somebody")
