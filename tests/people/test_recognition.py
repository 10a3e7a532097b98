"""Whom a name finds among twenty thousand, as people hear, remember and misspell names."""

from datetime import UTC, datetime

import pytest
from benches.names import drawn
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.people.misspelt_names import OTHERS, TYPED, pairs

from regulars.kernel.actor import SYSTEM
from regulars.people.bulk import Told, add_many
from regulars.people.models import NameKey, NameWord
from regulars.people.names import fit
from regulars.people.queries import SURE_ENOUGH, WORTH_ASKING, recognise_by_name, search
from regulars.people.services import add_customer, erase, rename

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
CUSTOMERS, FIRST, LEAST_FOUND, LEAST_TOP = 20_000, 3, 0.95, 0.9


def add(name):
    return add_customer(name=name, region=None, actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_a_misspelt_name_is_among_the_first_three_of_twenty_thousand():
    named = sorted({name for told in TYPED.values() for _, name in pairs(told)})
    everybody = drawn(CUSTOMERS - len(named), seed=7) + named
    add_many(people=[Told(name=name) for name in everybody], actor=SYSTEM, now=NOW)
    for language, told in TYPED.items():
        asked = pairs(told)
        assert len(asked) >= 40
        found = {typed: [one.name for one in recognise_by_name(typed)] for typed, _ in asked}
        missed = [(typed, name) for typed, name in asked if name not in found[typed][:FIRST]]
        first = [typed for typed, name in asked if found[typed][:1] == [name]]
        assert len(missed) <= len(asked) * (1 - LEAST_FOUND), (language, missed)
        assert len(first) >= len(asked) * LEAST_TOP, (language, set(found) - set(first))


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_nobody_is_taken_for_another_whose_name_is_merely_alike(language):
    for one, other in pairs(OTHERS[language]):
        assert fit(one, other).likeness < SURE_ENOUGH, (one, other)
        assert fit(other, one).likeness < SURE_ENOUGH, (other, one)


@pytest.mark.parametrize(
    ("typed", "name", "how"),
    [
        ("Ana Sommer", "Ana Sommer", "same"),
        ("sommer, ana", "Ana Sommer", "same"),
        ("Jose Nunez", "José Núñez", "same"),
        ("Frau Sommer", "Ana Sommer", "part"),
        ("Ana", "Ana Sommer", "given"),
        ("สมชาย", "สมชาย ใจดี", "given"),
        ("Maria Garcia", "María García López", "part"),
        ("Garcia Lopez", "María García López", "part"),
        ("María García López", "María García", "part"),
        ("Pepe", "José Núñez", "short"),
        ("Jose Nunez", "Pepe Núñez", "short"),
        ("Kathi Mueller", "Katharina Mueller", "short"),
        ("แบงค์", "สมชาย ใจดี (แบงค์)", "called"),
        ("Kurro", "Francisco “Kurro” Gil", "called"),
        ("Ana Som", "Ana Sommer", "beginning"),
        ("Ana S.", "Ana Sommer", "beginning"),
        ("Mueller", "Anna Müller", "sound"),
        ("Meier", "Eva Mayer", "sound"),
        ("Wichai", "Vichai", "sound"),
        ("Jaidee", "Chaidi", "sound"),
        ("Ana Mueller", "Anna Müller", "sound"),
        ("Suphaporn", "Supaporn", "sound"),
        ("Somchai Chaidi", "สมชาย ใจดี", "script"),
        ("สมชาย ใจดี", "Somchai Jaidee", "script"),
        ("Gonzalo", "Gonxalo", "typo"),
        ("Ana Smomer", "Ana Sommer", "typo"),
    ],
)
@pytest.mark.django_db
def test_why_somebody_is_found_is_said(typed, name, how):
    add(name)
    (found,) = recognise_by_name(typed)
    assert (found.name, found.reason) == (name, f"name:{how}")


IN_ONE = ["Jean-Luc Petit", "Jean Luc Moreau", "Jeanluc Roche"]


@pytest.mark.parametrize("typed", ["jeanluc", "Jean-Luc", "Jean Luc"])
@pytest.mark.django_db
def test_names_that_are_written_in_one_are_found_in_parts_and_the_other_way_round(typed):
    for name in (*IN_ONE, "Jean Petit", "Luc Moreau", "Luciano Roche"):
        add(name)
    assert {one.name for one in recognise_by_name(typed)[:3]} == set(IN_ONE)
    for name in IN_ONE:
        found = recognise_by_name(f"{typed} {name.split()[-1]}")
        assert (found[0].name, found[0].reason) == (name, "name:same")


@pytest.mark.django_db
def test_a_name_written_in_one_is_found_by_no_query_more():
    add("Jean-Luc Petit")
    asked = []
    for typed in ("Jean Petit", "Jeanluc Petit"):
        with CaptureQueriesContext(connection) as queries:
            assert recognise_by_name(typed)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_a_name_is_found_while_it_is_typed():
    for name in ("María García López", "สมชาย ใจดี", "Anna Müller", "Somsak Jaidee"):
        add(name)

    def found(typed):
        return [one.name for one in search(typed, region=None, most=8)]

    assert found("mar") == found("garcia m") == found("maria garcia l") == ["María García López"]
    assert found("สม") == ["สมชาย ใจดี"]
    assert found("somch") == ["สมชาย ใจดี"]
    assert found("anna mu") == found("frau mül") == ["Anna Müller"]
    assert found("jaid") == ["Somsak Jaidee", "สมชาย ใจดี"]


@pytest.mark.django_db
def test_words_go_with_the_last_who_is_called_so():
    ana, ben = add("Ana Quillabamba"), add("Ben Quillabamba")
    rename(customer_id=ben, name="Ben Winter")
    assert NameWord.objects.filter(word="quillabamba").exists()
    erase(customer_id=ana, actor=SYSTEM, now=NOW)
    assert not NameWord.objects.filter(word="quillabamba").exists()
    assert not NameKey.objects.filter(called__contains="quillabamba").exists()
    assert set(NameWord.objects.values_list("word", flat=True)) == {"ben", "winter"}
    add("Eva Quillabamba")
    assert [one.name for one in recognise_by_name("Quilabamba")] == ["Eva Quillabamba"]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        *(("Pepe", "José"), ("Paco", "Francisco"), ("Lola", "Dolores"), ("Nacho", "Ignacio")),
        *(("Kathi", "Katharina"), ("Sepp", "Josef"), ("Schorsch", "Georg"), ("Resi", "Theresia")),
        *(("Bill", "William"), ("Liz", "Elizabeth"), ("Peggy", "Margaret"), ("Jack", "John")),
    ],
)
@pytest.mark.django_db
def test_a_customary_short_form_comes_after_the_name_itself_and_before_a_slip(short, full):
    slip = f"{short[:-1]}x{short[-1]}" if len(short) > 3 else ""
    for name in (f"{full} Aguirre", f"{short} Aguirre", f"{slip} Aguirre", "Zenobia Aguirre"):
        add(name)
    first, second, *others = recognise_by_name(f"{short} Aguirre")
    assert (first.name, second.name) == (f"{short} Aguirre", f"{full} Aguirre")
    assert (second.reason, second.in_short) == ("name:short", (short, full))
    assert all(one.likeness < second.likeness for one in others)
    # Likely enough to ask, never enough to take one for the other unasked.
    assert WORTH_ASKING <= second.likeness < SURE_ENOUGH
    # The other way round as well: who asks for the whole name means whoever goes by the short one.
    found = {one.name: one for one in recognise_by_name(f"{full} Aguirre")}
    assert found[f"{short} Aguirre"].in_short == (short, full)


@pytest.mark.django_db
def test_a_play_name_in_brackets_finds_whose_it_is_and_nobody_of_the_same_name():
    add("สมชาย ใจดี (แบงค์)")
    add("สมชาย ใจดี")
    assert [one.name for one in recognise_by_name("แบงค์")] == ["สมชาย ใจดี (แบงค์)"]
    assert {one.name for one in recognise_by_name("สมชาย")} == {"สมชาย ใจดี (แบงค์)", "สมชาย ใจดี"}
