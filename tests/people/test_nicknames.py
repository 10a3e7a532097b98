"""Short forms as data: each in letters that names are compared in, and none for too many."""

import pytest

from regulars.people.names import name_words
from regulars.people.nicknames import FULL_OF, SHORT_OF, full_of_two, related

MOST_NAMES_OF_ONE = 14  # spellings included: more would tell nobody apart


def test_every_word_is_written_as_names_are_compared() -> None:
    for word in (*FULL_OF, *SHORT_OF):
        assert name_words(word) == (word,)


def test_no_short_form_stands_for_too_many_names_and_none_for_itself() -> None:
    for short, names in FULL_OF.items():
        assert short not in names
        assert len(names) <= MOST_NAMES_OF_ONE, (short, names)


@pytest.mark.parametrize(
    ("one", "other", "full"),
    [
        *(("pepe", "jose", "jose"), ("jose", "pepe", "jose"), ("sepp", "josef", "josef")),
        *(("bill", "will", ""), ("bill", "robert", ""), ("ana", "ana", ""), ("แบงค์", "สมชาย", "")),
    ],
)
def test_of_two_words_it_is_known_which_is_the_name_in_full(one, other, full) -> None:
    assert full_of_two(one, other) == full


def test_who_is_looked_for_by_either_is_looked_for_by_the_other() -> None:
    assert all(short in related(name) for short, names in FULL_OF.items() for name in names)
