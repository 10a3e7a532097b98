"""Who shares a phone or an address with others in a file, and who comes with one of their own at last."""
# ruff: noqa: E501

import pytest
from tests.intake.taking import BY, NOW, add, identities_of, pairs, take

from regulars.intake.files import counted
from regulars.intake.files.customers import import_customers
from regulars.intake.services import Incoming, record
from regulars.people.models import Customer
from regulars.people.queries import kept_id
from regulars.people.services import add_identity
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db


class TestHouseholds:
    """Who shares a phone or an address with somebody called otherwise is somebody else."""

    HEAD = "name,email,phone\n"
    FAMILY = (
        "Petra Lang,petra@lang.de,030 901820\nKlaus Lang,klaus@lang.de,030 901820\n"
        "Mia Lang,,030 901820\n"
    )

    def take(self, tmp_path, rows, **more):
        return take(tmp_path, self.HEAD + rows, how=import_customers, **more)

    def names(self):
        return sorted(Customer.objects.values_list("name", flat=True))

    def test_a_phone_of_a_household_makes_nobody_disappear(self, tmp_path):
        dry = self.take(tmp_path, self.FAMILY, is_dry=True)
        told = self.take(tmp_path, self.FAMILY)
        assert (dry.customers, dry.doubtful) == (told.customers, told.doubtful) == (3, 2)
        assert self.names() == ["Klaus Lang", "Mia Lang", "Petra Lang"]
        petra, klaus, mia = (
            Customer.objects.get(name=f"{one} Lang").id for one in ("Petra", "Klaus", "Mia")
        )
        assert identities_of(petra) == {("phone", "+4930901820"), ("email", "petra@lang.de")}
        assert identities_of(klaus) == {("email", "klaus@lang.de")}
        assert identities_of(mia) == set()
        assert {frozenset(pair[:2]) for pair in pairs()} == {
            frozenset((petra, klaus)),
            frozenset((petra, mia)),
        }

    def test_a_second_file_brings_who_is_new_and_knows_the_others(self, tmp_path):
        self.take(tmp_path, self.FAMILY)
        second = f"{self.FAMILY}Otto Ohm,otto@ohm.de,030 901820\n"
        dry = self.take(tmp_path, second, is_dry=True)
        told = self.take(tmp_path, second)
        for one in (dry, told):
            assert (one.rows, one.customers, one.known, one.doubtful) == (4, 1, 3, 3)
        assert self.names() == ["Klaus Lang", "Mia Lang", "Otto Ohm", "Petra Lang"]
        assert self.take(tmp_path, second).customers == 0

    def test_an_address_of_a_couple_is_one_persons_and_the_other_is_kept(self, tmp_path):
        rows = "Gerd Grün,gruen@web.de,\nGerda Grün,gruen@web.de,\nRosa Rot,gruen@web.de,\n"
        told = self.take(tmp_path, rows)
        assert (told.customers, told.doubtful) == (3, 2)
        assert self.names() == ["Gerd Grün", "Gerda Grün", "Rosa Rot"]

    @pytest.mark.parametrize(
        "name", ["Petra", "Petra Lagn", "P. Lang", "Lang, Petra", "Frau Petra Lang", "เพตรา", ""]
    )
    def test_a_short_form_a_slip_another_script_or_no_name_is_the_same_person(self, tmp_path, name):
        self.take(tmp_path, "Petra Lang,petra@lang.de,030 901820\n")
        told = self.take(tmp_path, f'"{name}",,030 901820\n')
        assert (told.customers, told.known, told.doubtful) == (0, 1, 0)
        assert self.names() == ["Petra Lang"]

    def test_who_is_told_twice_in_a_file_is_said_and_the_rows_add_up(self, tmp_path):
        add("Ana Sommer", ("phone", "0171 2345678"))
        rows = f"{self.FAMILY}Ana,,0171 2345678\nPetra,petra@lang.de,\n,,0171 2345678\nBad,x@@y,\n"
        dry = self.take(tmp_path, rows, is_dry=True)
        told = self.take(tmp_path, rows)
        for one in (dry, told):
            assert (one.rows, one.customers, one.known, one.again) == (7, 3, 1, 2)
            assert one.rejected == {"bad_email": 1}
        assert "2 rows of somebody who is in the file already" in counted(told)

    def test_purchases_of_somebody_called_otherwise_are_not_the_owners(self, tmp_path):
        self.take(tmp_path, "Petra Lang,petra@lang.de,030 901820\n")
        petra = Customer.objects.get().id
        head = "customer_id,phone,customer_name,occurred_at,amount,order_id\n"
        rows = "K-1,030 901820,Otto Ohm,2026-06-29,1,A1\nK-2,030 901820,Petra,2026-06-29,2,A2\n"
        told = take(tmp_path, head + rows)
        assert (told.customers, told.recognised, told.doubtful) == (1, {"phone": 1}, 1)
        assert self.names() == ["Otto Ohm", "Petra Lang"]
        assert ("external", "K-2") in identities_of(petra)
        assert ("phone", "+4930901820") in identities_of(petra)

    def test_purchases_by_phone_alone_go_by_the_name_too(self, tmp_path):
        self.take(tmp_path, "Petra Lang,petra@lang.de,030 901820\n")
        petra = Customer.objects.get().id
        file = "phone,customer_name,occurred_at,amount,order_id\n030 901820,Otto Ohm,2026-06-29,1,A{}\n"
        for number in (1, 2):
            take(tmp_path, file.format(number))
        assert self.names() == ["Otto Ohm", "Petra Lang"]
        assert petra not in set(Event.objects.values_list("customer_id", flat=True))
        assert len(pairs()) == 1


class TestOnePhoneOfSeveralNames:
    """A till that knows people by phone alone: rows of one phone go by the name besides."""

    HEAD = "phone,customer_name,occurred_at,amount,order_id\n"
    ROWS = (
        "030 901820,Petra Lang,2026-06-01,1,A1\n+49 30 901820,P. Lang,2026-06-02,2,A2\n"
        "030/901820,Klaus Lang,2026-06-03,4,A3\n030 901820,,2026-06-04,8,A4\n"
        "030 901820,Klaus Lang,2026-06-05,16,A5\n030 901820,Petra Lagn,2026-06-06,32,A6\n"
    )

    def spent(self):
        names = dict(Customer.objects.values_list("id", "name"))
        spent = dict.fromkeys(names.values(), 0)
        for event in Event.objects.exclude(customer_id=None):
            spent[names[kept_id(event.customer_id)]] += event.data["total"]["amount_minor"] // 100
        return spent

    def test_a_household_is_several_and_spelling_variants_are_one(self, tmp_path):
        dry = take(tmp_path, self.HEAD + self.ROWS, is_dry=True)
        told = take(tmp_path, self.HEAD + self.ROWS)
        for one in (dry, told):
            assert (one.customers, one.doubtful) == (2, 1)
        # Who says no name is whoever has the phone.
        assert self.spent() == {"Petra Lang": 1 + 2 + 8 + 32, "Klaus Lang": 4 + 16}
        petra, klaus = (Customer.objects.get(name=f"{one} Lang").id for one in ("Petra", "Klaus"))
        assert identities_of(petra) == {("phone", "+4930901820")}
        assert pairs() == [(*sorted((petra, klaus)), ("told_together",))]

    def test_row_by_row_it_comes_to_the_same(self, tmp_path):
        for row in self.ROWS.splitlines():
            take(tmp_path, f"{self.HEAD}{row}\n")
        assert self.spent() == {"Petra Lang": 43, "Klaus Lang": 20}
        told = take(tmp_path, self.HEAD + self.ROWS)
        assert (told.duplicates, told.customers) == (6, 0)

    def test_who_is_called_otherwise_by_the_till_later_is_found_in_the_household(self, tmp_path):
        take(tmp_path, self.HEAD + self.ROWS)
        more = '030 901820,K. Lang,2026-06-07,64,A7\n030 901820,"Lang, Klaus",2026-06-08,128,A8\n'
        told = take(tmp_path, self.HEAD + more)
        assert (told.customers, self.spent()["Klaus Lang"]) == (0, 20 + 64 + 128)

    def test_one_order_is_one_persons_whatever_its_lines_say(self, tmp_path):
        rows = "030 901820,,2026-06-01,1,A1\n030 901820,Klaus Lang,2026-06-01,2,A1\n030 901820,Petra Lang,2026-05-01,4,A0\n"
        take(tmp_path, self.HEAD + rows)
        assert self.spent() == {"Petra Lang": 4, "Klaus Lang": 3}

    def test_an_id_is_one_persons_whatever_they_are_called(self, tmp_path):
        rows = "K-7,Ana Sommer,2026-06-01,1,A1\nK-7,Anna Winter,2026-06-02,2,A2\n"
        take(tmp_path, self.HEAD.replace("phone", "customer_id") + rows)
        assert self.spent() == {"Anna Winter": 3}


class TestAHouseholdMemberWithAnAddressOfTheirOwnAtLast:
    HEAD = "name,email,phone\n"

    def household(self, tmp_path):
        rows = "Petra Lang,petra@lang.de,030 901820\nKlaus Lang,,030 901820\nMia Lang,,030 901820\n"
        take(tmp_path, self.HEAD + rows, how=import_customers)
        return [Customer.objects.get(name=f"{one} Lang").id for one in ("Petra", "Klaus", "Mia")]

    @pytest.mark.parametrize(
        "rows",
        [
            "Klaus Lang,klaus@lang.de,030 901820\nMia Lang,,0171 2345678\n",
            "Mia Lang,,0171 2345678\nK. Lang,klaus@lang.de,030 901820\n",
            "Klaus Lang,klaus@lang.de,\nMia Lang,,0171 2345678\n",
        ],
    )
    def test_a_later_file_finds_them(self, tmp_path, rows):
        petra, klaus, mia = self.household(tmp_path)
        dry = take(tmp_path, self.HEAD + rows, how=import_customers, is_dry=True)
        told = take(tmp_path, self.HEAD + rows, how=import_customers)
        for one in (dry, told):
            assert (one.customers, one.known) == (0, 2)
        assert identities_of(klaus) == {("email", "klaus@lang.de")}
        assert identities_of(mia) == {("phone", "+491712345678")}
        assert ("phone", "+4930901820") in identities_of(petra)
        # From now on each is known by what is theirs.
        head = "customer_id,occurred_at,amount\n"
        take(tmp_path, f"{head}klaus@lang.de,2026-06-29,1\n0171 2345678,2026-06-28,1\n")
        assert (
            list(Event.objects.order_by("occurred_at").values_list("customer_id", flat=True))[-1]
            == klaus
        )

    def test_a_file_of_purchases_finds_them_too(self, tmp_path):
        petra, klaus, _ = self.household(tmp_path)
        head = "customer_id,customer_name,phone,occurred_at,amount\n"
        rows = "K-2,Klaus Lang,030 901820,2026-06-29,1\nK-1,Petra Lang,030 901820,2026-06-28,1\n"
        told = take(tmp_path, head + rows)
        assert (told.customers, told.recognised) == (0, {"name": 1, "phone": 1})
        assert identities_of(klaus) == {("external", "K-2")}
        assert ("external", "K-1") in identities_of(petra)

    def test_by_the_api_they_are_given_it_and_recognised_by_it(self, tmp_path):
        petra, klaus, _ = self.household(tmp_path)

        def visit(key, *identities):
            one = Incoming(
                type="visit.recorded",
                source="till",
                key=key,
                occurred_at=NOW,
                identities=identities,
            )
            return record(incoming=[one], region="DE", **BY)[0].customer_id

        mail, phone = ("email", "klaus@lang.de"), ("phone", "030 901820")
        stranger = visit("1", mail)
        add_identity(customer_id=klaus, kind="email", value="Klaus@Lang.de", region="DE", **BY)
        assert kept_id(stranger) == klaus, "who came by it before was he"
        assert visit("2", mail) == visit("3", phone, mail) == klaus
        assert visit("4", phone) == petra

    def test_a_namesake_with_an_address_of_their_own_is_somebody_else(self, tmp_path):
        ana = add("Ana Sommer", ("email", "ana@sommer.de"))
        told = take(tmp_path, self.HEAD + "Ana Sommer,ana@winter.de,\n", how=import_customers)
        assert told.customers == 1
        assert identities_of(ana) == {("email", "ana@sommer.de")}

    def test_of_two_who_are_called_so_nobody_is_meant_and_a_first_name_is_not_enough(
        self, tmp_path
    ):
        for name in ("Ana Sommer", "Ana Sommer", "Ben"):
            add(name)
        rows = "Ana Sommer,ana@sommer.de,\nBen,ben@sommer.de,\n"
        assert take(tmp_path, self.HEAD + rows, how=import_customers).customers == 2
