"""Identities are given once, within measure, and never for what stands for nobody."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id
from regulars.people.core import MOST_OF_A_KIND, PRIORITY, normalised
from regulars.people.errors import (
    IdentityBlocked,
    IdentityTaken,
    InvalidEmail,
    NotAnIdentity,
    TooManyIdentities,
    UnknownEntry,
    UnknownKind,
)
from regulars.people.models import Identity
from regulars.people.queries import profile, recognise
from regulars.people.services import (
    Stranger,
    add_customer,
    add_identity,
    add_strangers,
    block_identity,
    change_identity,
    merge,
    remove_identity,
    unblock_identity,
)

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"region": "DE", "actor": SYSTEM, "now": NOW}


def add(name, *identities):
    return add_customer(name=name, identities=identities, **BY)


def give(customer, kind, value):
    add_identity(customer_id=customer, kind=kind, value=value, **BY)


def whom(kind, value):
    found = recognise([(kind, value)], region="DE")
    return found and found.customer_id


@pytest.mark.django_db
def test_a_slip_in_a_number_is_corrected_and_only_in_ones_own():
    ana, ben = add("Ana", ("phone", "0171 2345678")), add("Ben", ("phone", "0171 7654321"))
    slip = {"kind": "phone", "value": "0171 2345678", **BY}
    change_identity(customer_id=ana, to="0171 2345679", **slip)
    assert whom("phone", "0171 2345679") == ana
    assert whom("phone", "0171 2345678") is None
    with pytest.raises(UnknownEntry):
        change_identity(customer_id=ben, to="0171 2345670", **slip)
    with pytest.raises(IdentityTaken):
        change_identity(customer_id=ana, to="0171 7654321", **slip | {"value": "0171 2345679"})


@pytest.mark.django_db
class TestIdentities:
    def test_they_are_given_and_taken_away_and_free_for_another_then(self):
        ana, ben = add("Ana"), add("Ben")
        give(ana, "email", "Ana@Example.ORG")
        give(ana, "email", "ana@example.org")  # hers already
        with pytest.raises(IdentityTaken):
            give(ben, "email", "ana@example.org")
        remove_identity(customer_id=ana, kind="email", value="ANA@example.org", region="DE")
        with pytest.raises(UnknownEntry):
            remove_identity(customer_id=ana, kind="email", value="ana@example.org", region="DE")
        give(ben, "email", "ana@example.org")
        assert whom("email", "ana@example.org") == ben

    def test_the_surest_kind_stands_first(self):
        ana = add("Ana", ("handle", "@ana"), ("phone", "0171 2345678"), ("external", "C1"))
        kinds = [one.kind for one in profile(ana).identities]
        assert kinds == ["external", "phone", "handle"] == sorted(kinds, key=PRIORITY.index)

    def test_nobody_has_more_of_a_kind_than_a_person_has_however_they_were_merged(self):
        ana = add("Ana", *(("email", f"ana{n}@example.org") for n in range(3)))
        anna = add("Anna", *(("email", f"anna{n}@example.org") for n in range(2)))
        merge(kept=ana, merged=anna, actor=SYSTEM, now=NOW)
        with pytest.raises(TooManyIdentities, match="at most 5"):
            give(ana, "email", "more@example.org")
        many = [("phone", f"0171 234567{n}") for n in range(MOST_OF_A_KIND["phone"] + 1)]
        with pytest.raises(TooManyIdentities):
            add("Cem", *many)
        with pytest.raises(UnknownKind):
            give(ana, "shoe size", "44")

    def test_what_the_business_blocks_is_nobodys_from_then_on(self):
        ana = add("Ana", ("phone", "030 1234567"))
        block = {"kind": "phone", "value": "030 1234567", "region": "DE"}
        block_identity(**block, actor=SYSTEM, now=NOW)
        block_identity(**block, actor=SYSTEM, now=NOW)
        assert whom("phone", "030 1234567") is None
        assert profile(ana).identities == ()
        with pytest.raises(IdentityBlocked):
            give(ana, "phone", "+49 30 1234567")
        unblock_identity(**block)
        give(ana, "phone", "+49 30 1234567")
        assert whom("phone", "030 1234567") == ana

    def test_what_stands_for_nobody_finds_nobody_and_is_no_error(self):
        ana = add("Ana", ("phone", "0171 2345678"))
        found = recognise([("external", "0"), ("phone", "0171 2345678")], region="DE")
        assert found
        assert found.customer_id == ana


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("email", "info@cafe-ana.de"),
        ("email", "No-Reply@shop.org"),
        ("email", "somebody@example.com"),
        ("email", "a@mail.invalid"),
        ("phone", "0000000"),
        ("phone", "+0000000"),
        ("external", "\u200b"),
        ("external", "x" * 255),
    ],
)
def test_what_stands_for_nobody_is_refused(kind, written):
    with pytest.raises(NotAnIdentity):
        normalised(kind, written, region="DE")


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ana@MÜNCHEN.de", "ana@xn--mnchen-3ya.de"),
        ("ana@xn--mnchen-3ya.de", "ana@xn--mnchen-3ya.de"),
        ("ＡＮＡ@cafe.de", "ana@cafe.de"),
        ("\u202aana@cafe.de\u202c", "ana@cafe.de"),
        ("ana+shop@cafe.de", "ana+shop@cafe.de"),
    ],
)
def test_an_address_is_compared_in_small_letters_and_its_domain_as_the_net_writes_it(
    written, compared
):
    assert normalised("email", written, region=None) == compared


def test_a_number_copied_with_invisible_marks_is_a_number():
    assert normalised("phone", "\u202a+49\u00a0171\u20112345678\u202c", region=None) == (
        "+491712345678"
    )


def test_an_address_with_two_dots_in_its_domain_is_none():
    for written in ("ana@cafe..de", "ana@.de", "a@b@c.de", "ana@" + "x" * 64 + ".de"):
        with pytest.raises(InvalidEmail):
            normalised("email", written, region=None)


@given(st.sampled_from(PRIORITY), st.one_of(st.text(max_size=40), st.emails()))
def test_an_identity_as_it_is_compared_stays_so(kind, written):
    try:
        value = normalised(kind, written, region="DE")
    except RegularsError:
        return
    assert normalised(kind, value, region="DE") == value


@pytest.mark.django_db
@pytest.mark.parametrize("is_had_again", [False, True])
def test_what_another_had_for_a_moment_is_given_or_refused_and_never_lost(is_had_again):
    """Between a write and the look at whose it is, another request may take away what it had just given."""
    ana = add_customer(name="Ana", region="DE", actor=SYSTEM, now=NOW)
    stranger = Stranger(new_id(), (("email", "new@web.de"),))
    looked = []

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "people_identity" in sql and not looked:
            looked.append(sql)
            add_strangers(strangers=[stranger], actor=SYSTEM, now=NOW)
            answer = execute(sql, params, many, context)
            if not is_had_again:
                Identity.objects.filter(customer_id=stranger.id).delete()
            return answer
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(meanwhile):
        add_identity(
            customer_id=ana, kind="email", value="new@web.de", region="DE", actor=SYSTEM, now=NOW
        )
    assert looked
    assert recognise([("email", "new@web.de")], region="DE").customer_id == ana
