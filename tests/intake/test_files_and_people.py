"""People of a file are recognised by whatever it tells of them: its own number, an address, a phone."""
# ruff: noqa: E501

import csv
from datetime import UTC, datetime

import pytest
from tests.intake.taking import BY, NOW, add, identities_of, pairs, take
from tests.sent import referrals

from regulars.intake.bringing import take_back
from regulars.intake.files import counted
from regulars.intake.files.customers import import_customers
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.referrals import import_referrals
from regulars.intake.introduction import Regular, introduce
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity, Merge, ToldTogether
from regulars.people.queries import kept_id, profile, standing
from regulars.people.services import (
    block_identity,
    erase,
    merge,
)
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
HEAD = "customer_id,phone,email,occurred_at,amount,order_id\n"
ROW = "K-7,0171 2345678,Ana@Example.org,2026-06-29,4.20,A1\n"
MORE = "K-7,,,2026-06-30,3.80,A2\n"


def test_who_was_typed_from_memory_with_a_phone_is_one_with_whom_the_till_knows(tmp_path):
    (ana,) = introduce(
        regulars=[Regular(name="Ana", phone="0171 2345678")], region="DE", actor=SYSTEM, now=NOW
    )
    dry = take(tmp_path, HEAD + ROW + MORE, is_dry=True)
    told = take(tmp_path, HEAD + ROW + MORE)
    assert dry.recognised == told.recognised == {"phone": 1}
    assert (dry.customers, told.customers, Customer.objects.count()) == (0, 0, 1)
    assert set(Event.objects.values_list("customer_id", flat=True)) == {ana}
    assert identities_of(ana) == {
        ("phone", "+491712345678"),
        ("external", "K-7"),
        ("email", "ana@example.org"),
    }
    assert counted(told) == ["1 customer recognised by phone", "2 purchases recorded"]
    # From now on the till's number is enough.
    assert take(tmp_path, HEAD + MORE.replace("A2", "A3")).recognised == {"external": 1}


def test_a_stranger_of_an_earlier_file_turns_out_to_be_them(tmp_path):
    ana = add("Ana", ("phone", "0171 2345678"))
    take(tmp_path, HEAD + MORE)
    stranger = Event.objects.get().customer_id
    assert stranger != ana
    told = take(tmp_path, HEAD + ROW + MORE)
    assert (told.recognised, told.doubtful) == ({"external": 1}, 0)
    assert kept_id(stranger) == ana
    assert Merge.objects.count() == 1
    assert take(tmp_path, HEAD + ROW).recognised == {"external": 1}
    assert Merge.objects.count() == 1


def test_what_a_stranger_had_is_only_learnt_of_whom_the_file_names_but_for_what_it_says(tmp_path):
    ana = add("Ana", ("phone", "0171 2345678"))
    visit = {"type": "visit.recorded", "source": "shop", "occurred_at": NOW}
    told = (("external", "K-7"), ("email", "ana@example.org")), (("email", "ben@web.de"),)
    record(incoming=[Incoming(**visit, key="1", identities=told[0])], region="DE", **BY)
    take(tmp_path, "name,phone,customer_id\nAna,0171 2345678,K-7\n", how=import_customers)
    assert {(one.kind, one.is_learnt) for one in Identity.objects.all()} == {
        ("phone", False),
        ("external", False),
        ("email", True),
    }
    both = (("phone", "0171 2345678"), *told[1])
    record(incoming=[Incoming(**visit, key="2", identities=both)], region="DE", **BY)
    assert {kept_id(one.customer_id) for one in Event.objects.all()} == {ana}
    take(tmp_path, "name,phone,email\nAna,0171 2345678,ana@example.org\n", how=import_customers)
    learnt = Identity.objects.filter(is_learnt=True)
    assert list(learnt.values_list("value", flat=True)) == ["ben@web.de"]


def test_an_id_of_one_and_a_phone_of_another_is_the_ids_and_somebody_is_asked(tmp_path):
    ana, ben = add("Ana Sommer", ("external", "K-7")), add("Ben", ("phone", "0171 2345678"))
    dry = take(tmp_path, HEAD + ROW, is_dry=True)
    assert not ToldTogether.objects.exists()
    told = take(tmp_path, HEAD + ROW)
    assert (dry.doubtful, told.doubtful) == (1, 1)
    assert told.recognised == {"external": 1}
    assert Event.objects.get().customer_id == ana
    assert identities_of(ben) == {("phone", "+491712345678")}
    assert ("email", "ana@example.org") in identities_of(ana)
    assert pairs() == [(*sorted((ana, ben)), ("told_together",))]
    assert "1 customer with a phone or address of somebody else: see “Known twice?”" in counted(
        told
    )
    merge(kept=ana, merged=ben, **BY)
    assert pairs() == []


def test_two_numbers_of_a_file_with_one_phone_are_two_people(tmp_path):
    other = ROW.replace("K-7", "K-8").replace("A1", "A9").replace("Ana@Example.org", "")
    told = take(tmp_path, HEAD + ROW + other)
    assert (told.customers, told.doubtful) == (2, 1)
    assert len(set(Event.objects.values_list("customer_id", flat=True))) == 2
    again = take(tmp_path, HEAD + ROW + other)
    assert (again.customers, again.recognised) == (0, {"external": 2})


def test_a_number_that_many_share_tells_nothing_by_their_phones(tmp_path):
    ana = add("Ana", ("phone", "030 9018200"))
    rows = "".join(f"WALK-IN,030 901820{n},,2026-06-29,1,B{n}\n" for n in range(7))
    told = take(tmp_path, HEAD + rows)
    assert (told.customers, told.recognised) == (1, {})
    assert identities_of(Event.objects.all()[0].customer_id) == {("external", "WALK-IN")}
    assert identities_of(ana) == {("phone", "+49309018200")}


def test_what_the_business_blocked_recognises_nobody(tmp_path):
    block_identity(kind="phone", value="0171 2345678", region="DE", **BY)
    told = take(tmp_path, HEAD + ROW)
    assert (told.customers, told.recognised) == (1, {})
    assert not Identity.objects.filter(kind="phone").exists()


def test_a_phone_that_cannot_be_one_is_left_aside_and_the_purchase_is_not(tmp_path):
    told = take(tmp_path, HEAD + ROW.replace("0171 2345678", "call her"))
    assert told.recorded == {"purchase.completed": 1}
    assert not Identity.objects.filter(kind="phone").exists()


def test_who_was_erased_is_not_added_again_by_what_is_known(tmp_path):
    take(tmp_path, HEAD + ROW)
    erase(customer_id=Event.objects.get().customer_id, **BY)
    take(tmp_path, HEAD + ROW)
    assert not Identity.objects.exists()


def test_what_a_spreadsheet_needs_before_a_phone_is_no_part_of_it(tmp_path):
    ana = add("Ana", ("phone", "0171 2345678"))
    head = "customer_id,customer_name,occurred_at,amount\n"
    told = take(
        tmp_path, f"{head}'+49 171 2345678,Ana,2026-06-29,1\n'+49 171 2345678,Zoe,2026-06-29,1\n"
    )
    assert (told.recognised, told.customers) == ({"phone": 1}, 1)
    assert identities_of(ana) == {("phone", "+491712345678")}


def test_columns_are_named_where_they_are_called_otherwise(tmp_path):
    ana = add("Ana", ("phone", "0171 2345678"))
    text = "customer_id,rufnr,occurred_at,amount\nK-7,0171 2345678,2026-06-29,4.20\n"
    told = take(tmp_path, text, columns={"phone": "rufnr"})
    assert told.recognised == {"phone": 1}
    assert Event.objects.get().customer_id == ana


def test_a_file_and_its_events_one_by_one_come_to_the_same_people(tmp_path):
    known = {
        "Ana": (("phone", "0171 2345678"),),
        "Ben": (("external", "K-1"), ("email", "ben@example.org")),
        "Cem": (("phone", "030 901820"),),
    }
    rows = (
        ("K-7", "0171 2345678", "ana@example.org"),  # Ana by her phone
        ("K-1", "030 901820", "new@example.org"),  # Ben by his number, with Cem's phone
        ("K-2", "030 901821", ""),  # a stranger
        ("K-3", "", "ben@example.org"),  # Ben's address
    )

    def owners():
        names = dict(Customer.objects.values_list("id", "name"))
        return {
            (kind, value): names[kept_id(customer)]
            for kind, value, customer in Identity.objects.values_list(
                "kind", "value", "customer_id"
            )
        }

    for name, identities in known.items():
        add(name, *identities)
    before = set(Identity.objects.values_list("id", flat=True))
    for number, (own, phone, email) in enumerate(rows[:3]):
        told = [("external", own), ("phone", phone), ("email", email)]
        record(
            incoming=[
                Incoming(
                    type="visit.recorded",
                    source="till",
                    key=str(number),
                    occurred_at=NOW,
                    identities=tuple(one for one in told if one[1]),
                )
            ],
            region="DE",
            **BY,
        )
    by_events, noted = owners(), set(ToldTogether.objects.values_list("kind", flat=True))
    Identity.objects.exclude(id__in=before).delete()
    ToldTogether.objects.all().delete()
    lines = "".join(f"{own},{phone},{email},2026-06-29,1,\n" for own, phone, email in rows[:3])
    take(tmp_path, HEAD + lines)
    assert owners() == by_events
    assert set(ToldTogether.objects.values_list("kind", flat=True)) == noted == {"phone"}


SHOPIFY = """\
Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Billing Name,Billing Phone,Refunded Amount,Phone
#1,,paid,EUR,35.00,2026-01-31 09:59:00 +0100,1,Cup,Ana,0171 2345678,5.00,
#1,,,,,2026-01-31 09:59:00 +0100,2,Plate,,,,
#2,ben@example.org,paid,EUR,20.00,2026-02-02 09:59:00 +0100,1,Cup,Ben,,0.00,'+49 30 901820
#3,,paid,EUR,9.00,2026-02-03 09:59:00 +0100,1,Cup,Cem,,1.00,
#3,,,,,2026-02-03 09:59:00 +0100,1,Spoon,,,,
"""


def test_an_order_of_a_shop_is_known_by_the_phone_and_kept_where_there_is_but_a_name(tmp_path):
    ana, ben = add("Ana", ("phone", "0171 2345678")), add("Ben", ("phone", "030 901820"))
    told = take(tmp_path, SHOPIFY)
    assert told.rejected == {}
    assert told.recognised == {"phone": 2}
    events = {(one.data["order_id"], one.type[9:]): one for one in Event.objects.all()}
    assert {
        key: (one.customer_id, one.data["total"]["amount_minor"]) for key, one in events.items()
    } == {
        ("#1", "completed"): (ana, 3500),
        ("#1", "refunded"): (ana, 500),
        ("#2", "completed"): (ben, 2000),
        ("#3", "completed"): (None, 900),
        ("#3", "refunded"): (None, 100),
    }
    assert ("email", "ben@example.org") in identities_of(ben)
    assert told.of_nobody == 2
    assert "2 recorded without customers, as nothing tells who they were" in counted(told)
    assert take(tmp_path, SHOPIFY).duplicates == 5


class TestCustomers:
    HEAD = "name,customer_id,phone,email\n"

    def test_they_are_recognised_by_the_surest_and_doubts_are_said(self, tmp_path):
        ana = add("Ana Sommer", ("external", "K-7"))
        ben = add("Ben", ("phone", "0171 2345678"))
        cem, dora = add("Cem", ("email", "cem@example.org")), add("Dora")
        text = (
            f"{self.HEAD}Ana Sommer,K-7,0171 2345678,\nC. Kaya,K-9,,cem@example.org\nDora,,,\n"
            "Eva,K-10,030 901820,\n"
        )
        told = take(tmp_path, text, how=import_customers, is_dry=True)
        assert told == take(tmp_path, text, how=import_customers).__class__(
            **{**told.as_json(), "notes": told.notes}
        )
        assert told.recognised == {"external": 1, "email": 1, "name": 1}
        assert (told.customers, told.doubtful) == (1, 1)
        assert ("external", "K-9") in identities_of(cem)
        assert {ana, ben} == {one for pair in pairs() for one in pair[:2]}
        assert not identities_of(dora)

    def test_what_is_blocked_is_nobodys_and_a_stranger_turns_out_to_be_them(self, tmp_path):
        block_identity(kind="phone", value="030 901820", region="DE", **BY)
        take(tmp_path, "customer_id,occurred_at,amount\nK-7,2026-06-29,1\n")
        stranger = Event.objects.get().customer_id
        ana = add("Ana", ("phone", "0171 2345678"))
        text = f"{self.HEAD}Ana,K-7,0171 2345678,\nBen,K-8,030 901820,\n"
        take(tmp_path, text, how=import_customers)
        assert kept_id(stranger) == ana
        assert not Identity.objects.filter(value="+4930901820").exists()


class TestWhatAFileTellsBesides:
    """Nothing that a file says is dropped without a word."""

    def test_bad_dates_are_counted_and_in_the_error_file_and_their_people_are_kept(self, tmp_path):
        text = "name,since\nAna,2024-05-01\nBen,2024-13-01\nCem,30.02.2024\nDora,3024-01-01\nEva,2026-12-24\nFay,\n"
        errors = tmp_path / "errors.csv"
        told = take(tmp_path, text, how=import_customers, errors=Errors(path=errors))
        assert told.customers == 6
        assert told.kept == {"bad_since": 3, "since_ahead": 1}
        assert [row[2:4] for row in csv.reader(errors.read_text().splitlines()[1:])] == [
            ["bad_since", "Ben"],
            ["bad_since", "Cem"],
            ["bad_since", "Dora"],
            ["since_ahead", "Eva"],
        ]
        assert (
            "taken all the same: 3 with a date that cannot be read and 1 with a day that is still to come"
            in counted(told)
        )

    def test_since_when_somebody_is_a_customer_is_kept_and_said_once(self, tmp_path):
        ben = add("Ben")
        for day in ("2019-03-04", "2020-01-01"):
            take(tmp_path, f"name,since\nAna,{day}\nBen,{day}\nCem,\n", how=import_customers)
        ana, cem = (Customer.objects.get(name=name).id for name in ("Ana", "Cem"))
        for one in (ana, ben):
            assert profile(one).known_since == datetime(2019, 3, 4, 11, tzinfo=UTC)  # noon there
        assert profile(cem).known_since == NOW

    def test_columns_that_nothing_reads_are_named(self, tmp_path):
        text = "name,birthday,notes\nAna,1980-05-01,nice\n"
        told = take(tmp_path, text, how=import_customers)
        assert told.notes[-1] == "Not read, as nothing of them is saved: “birthday”, “notes”."

    def test_who_is_added_only_as_a_sender_is_counted(self, tmp_path):
        text = "name,came_through\nAna Sommer,\nBen,Ana Somer\nCem,Ana Sommer\n"
        told = take(tmp_path, text, how=import_customers)
        assert (told.rows, told.customers, told.senders) == (3, 4, 1)
        assert (
            "1 new customer only because somebody came through them: is the name spelt right?"
            in counted(told)
        )

    def test_a_name_has_nothing_that_nobody_sees(self, tmp_path):
        take(tmp_path, "name\nGu\u200bsti\u00ad Ho\u0308fer\n", how=import_customers)
        assert Customer.objects.get().name == "Gusti Höfer"

    def test_a_misspelt_address_makes_nobody_and_the_purchase_is_kept(self, tmp_path):
        ana = add("Ana", ("phone", "0171 2345678"))
        text = "customer_id,phone,occurred_at,amount,order_id\npetra@lang,,2026-06-29,1,A1\nana@org,0171 2345678,2026-06-29,2,A2\n"
        told = take(tmp_path, text)
        assert (told.customers, told.of_nobody, told.kept) == (0, 1, {"bad_email": 2})
        assert told.recognised == {"phone": 1}
        assert set(Event.objects.values_list("customer_id", flat=True)) == {None, ana}
        assert not Identity.objects.filter(kind="external").exists()


class TestAnAddressThatCannotBeOne:
    """Nothing of its row is written, and the error file says why."""

    def test_in_a_file_of_referrals(self, tmp_path):
        add("Ana", ("email", "ana@lang.de"))
        text = (
            "sender_id,friend_id,occurred_at\npetra@lang,ana@lang.de,2026-06-01\n"
            "ana@lang.de,ben@org,2026-06-01\nana@lang.de,info@lang.de,2026-06-01\n"
            "ana@lang.de,ANA@lang.de,2026-06-01\nana@lang.de,ben@lang.de,2026-06-01\n"
        )
        errors = tmp_path / "errors.csv"
        told = take(tmp_path, text, how=import_referrals, errors=Errors(path=errors))
        assert told.rejected == {"bad_email": 2, "no_friend": 1, "self_referral": 1}
        assert told.rows == sum(told.rejected.values()) + sum(told.recorded.values())
        assert [row[1:3] for row in csv.reader(errors.read_text().splitlines()[1:])] == [
            ["2", "bad_email"],
            ["3", "bad_email"],
            ["4", "no_friend"],
            ["5", "self_referral"],
        ]
        assert Customer.objects.count() == 2

    def test_as_who_brought_a_customer(self, tmp_path):
        text = "name,came_through\nAna,\nBen,petra@lang\nCem,anonymous\nDora,info@lang.de\n"
        errors = tmp_path / "errors.csv"
        told = take(tmp_path, text, how=import_customers, errors=Errors(path=errors))
        assert told.rejected == {"bad_came_through": 1}
        assert (told.customers, told.senders, told.recorded) == (3, 0, {})
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Ana", "Cem", "Dora"]
        assert "bad_came_through" in errors.read_text()

    def test_another_than_was_taken_back_may_have_brought_them(self, tmp_path):
        for sender, stands in (("Ana", "Ana"), ("Ana", None), ("Cem", "Cem"), ("Cem", "Cem")):
            take(tmp_path, f"name,came_through\nBen,{sender}\n", how=import_customers)
            ben = Customer.objects.get(name="Ben").id
            claim = standing((ben,)).get(ben)
            assert (claim and Customer.objects.get(id=claim.sender_id).name) == stands
            if sender == "Ana" and claim:
                take_back(event_id=claim.event_id, actor=SYSTEM, now=NOW)

    @pytest.mark.parametrize("merged", ["Anna", "Ben"])
    def test_what_was_taken_back_stays_so_though_one_of_the_two_is_part_of_another_by_now(
        self, tmp_path, merged
    ):
        text = "name,came_through\nBen,Anna\n"
        take(tmp_path, text, how=import_customers)
        one, other = Customer.objects.get(name=merged).id, add(merged)
        ben = Customer.objects.filter(name="Ben").earliest("created_at", "id").id
        merge(kept=other, merged=one, **BY)
        friend = kept_id(ben)
        take_back(event_id=standing((friend,))[friend].event_id, **BY)
        for _ in range(2):
            dry = take(tmp_path, text, how=import_customers, is_dry=True)
            again = take(tmp_path, text, how=import_customers)
            assert (dry.recorded, again.recorded) == ({}, {})
            assert (dry.duplicates, again.duplicates) == (1, 1)
            assert standing((friend,)) == {}
        take(tmp_path, text.replace("Anna", "Cem"), how=import_customers)
        cem = Customer.objects.get(name="Cem").id
        assert standing((friend,))[friend].sender_id == cem
        take_back(event_id=standing((friend,))[friend].event_id, **BY)
        merge(kept=add("Cem"), merged=cem, **BY)
        take(tmp_path, text.replace("Anna", "Cem"), how=import_customers)
        assert standing((friend,)) == {}

    def test_what_nobody_is_called_makes_nobody(self, tmp_path):
        text = "name,phone,came_through\nAna,,?\nunknown,,Ana\n-,0171 2345678,unbekannt\nana@lang.de,,\nBen,,ไม่รู้จัก\n"
        told = take(tmp_path, text, how=import_customers)
        assert (told.rejected, told.customers, told.senders) == ({"nobody": 1}, 4, 0)
        names = sorted(Customer.objects.values_list("name", flat=True))
        assert names == ["", "", "Ana", "Ben"]
        assert told.recorded == {}

    def test_who_brought_them_may_be_a_number_or_a_phone_as_it_is_written_here(self, tmp_path):
        ana, ben = add("Ana", ("external", "1007")), add("Ben", ("phone", "0171 2345678"))
        text = "name,customer_id,came_through\nCem,K-7,1007\nDora,,0171/2345678\nEva,,K-7\n"
        told = take(tmp_path, text, how=import_customers)
        assert (told.customers, told.senders) == (3, 0)
        cem = Customer.objects.get(name="Cem").id
        assert {sender for sender, _ in referrals()} == {ana, ben, cem}
