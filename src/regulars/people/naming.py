"""How customers are found by their names: what is kept of a name, and what goes with the last who has it."""

import json
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from django.db.models import F

from regulars.people.models import NameKey, NameWord
from regulars.people.names import found_by, word_keys
from regulars.people.sql import LEARN_WORDS, WORDS_HELD, WORDS_LEFT
from regulars.stream.bulk import write_rows
from regulars.stream.hot import rows

ASKED_AT_ONCE = 500
LEARNT_AT_ONCE = 20_000
ONE_NAME = " "  # stands in what two words are found by, and in no word


def make_findable(names: Iterable[tuple[UUID, str]]) -> None:
    """Has customers found by their names; to be called inside a transaction.

    Args:
        names: Of customers who are found by none yet, or no more.
    """
    called = sorted((one, customer.hex) for customer, name in names for one in found_by(name))
    # In the order of the index, which takes them several times as quickly so.
    write_rows(NameKey._meta.db_table, ("called", "customer_id"), called)  # noqa: SLF001
    _learn({one for one, _ in called if ONE_NAME not in one})


def _learn(words: Collection[str]) -> None:
    """Has words looked up in spite of slips, and holds them until the transaction ends."""
    missing = set(words) - _held(words)
    while missing:
        told = sorted((key, word) for word in missing for key in word_keys(word))
        for start in range(0, len(told), LEARNT_AT_ONCE):
            rows(LEARN_WORDS, (json.dumps(told[start : start + LEARNT_AT_ONCE]),))
        # Whoever is erased at this moment may have been the last who had the word.
        missing -= _held(missing)


def _held(words: Collection[str]) -> set[str]:
    """Which of some words are known; nobody lets go of them until the transaction ends."""
    found: set[str] = set()
    asked = sorted(words)
    with connection.cursor() as cursor:
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = asked[start : start + ASKED_AT_ONCE]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(WORDS_HELD[connection.vendor].format(marks=marks), some)
            found.update(word for (word,) in cursor.fetchall())
    return found


def words_of(customers: Collection[UUID]) -> tuple[str, ...]:
    """The words of some customers' names, before they go."""
    called = NameKey.objects.filter(customer_id__in=customers).exclude(called__contains=ONE_NAME)
    return tuple(sorted(set(called.values_list("called", flat=True))))


def forget_words(words: Collection[str]) -> None:
    """Lets go of the words that nobody is called by any more; inside the transaction that took them away."""
    asked = sorted(words)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        # Locked first and looked at after that: whoever gives somebody the name just now is waited for.
        known = NameWord.objects.filter(key=F("word"), key__in=some)
        list(known.order_by("key").select_for_update())
        marks = ", ".join(["(%s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(WORDS_LEFT.format(marks=marks), some)
            gone = [word for (word,) in cursor.fetchall()]
        for word in gone:
            NameWord.objects.filter(key__in=word_keys(word), word=word).delete()
