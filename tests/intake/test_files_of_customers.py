"""Files of who the customers are, what they like and who brought them."""

import pytest
from tests.intake.taking import ACTOR, NOW, take
from tests.sent import referrals

from regulars.intake.files.customers import import_customers
from regulars.intake.files.errors import NoCustomerColumn
from regulars.people.models import Customer, Identity, Preference
from regulars.people.services import add_customer
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
CUSTOMERS = """Name,E-Mail,Telefon,Kundennr,Mag gern,Empfohlen von,Kunde seit
Ana Sommer,ana@example.org,0171 2345678,,Flat white; Fensterplatz,,2024-03-01
Ben,,,K-7,,Ana Sommer,2024-04-01
'=Cem,cem@example.org,,,,Dora,2024-05-01
,not an address,,,,,
,,,,,,
"""


class TestCustomers:
    def take(self, tmp_path, text=CUSTOMERS, **more):
        return take(tmp_path, text, how=import_customers, **more)

    def test_people_come_with_what_identifies_them_what_they_like_and_who_brought_them(
        self, tmp_path
    ):
        told = self.take(tmp_path)
        assert told.customers == 4  # Dora has no line and is known all the same
        assert told.rejected == {"bad_email": 1, "nobody": 1}
        ana = Customer.objects.get(name="Ana Sommer")
        assert set(ana.identities.values_list("kind", "value")) == {
            ("email", "ana@example.org"),
            ("phone", "+491712345678"),
        }
        assert set(ana.preferences.values_list("text", flat=True)) == {"Flat white", "Fensterplatz"}
        assert (ana.id, Customer.objects.get(name="Ben").id) in referrals()
        assert Event.objects.get(data__sender_id=str(ana.id)).occurred_at.day == 1
        # What a spreadsheet must not run is restored.
        assert Customer.objects.filter(name="=Cem").exists()

    def test_the_same_file_again_adds_nobody_and_nothing(self, tmp_path):
        self.take(tmp_path)
        again = self.take(tmp_path)
        assert (again.customers, again.recorded, again.duplicates) == (0, {}, 2)
        assert Customer.objects.count() == 4
        assert Preference.objects.count() == 2

    def test_whoever_is_known_by_any_identity_gets_what_was_not_known(self, tmp_path):
        ana = add_customer(
            name="Ana", identities=[("phone", "+491712345678")], region="DE", actor=ACTOR, now=NOW
        )
        told = self.take(tmp_path)
        assert (told.customers, told.known) == (3, 1)
        assert Identity.objects.get(kind="email", value="ana@example.org").customer_id == ana

    def test_a_name_alone_is_not_added_twice(self, tmp_path):
        text = "name,likes\nAna Sommer,tea\nana  sommer,cake\n"
        assert self.take(tmp_path, text).customers == 1
        assert self.take(tmp_path, text).customers == 0

    def test_names_that_are_alike_are_people_of_their_own(self, tmp_path):
        liked = {
            "Daniela": "tea",
            "Paula": "soup",
            "Paul": "beer",
            "Daniel": "cake",
            "สมชาย": "ชา",
            "สมชัย": "กาแฟ",
            "Anna M.": "wine",
            "Anna": "juice",
        }
        text = "name,likes,came_through\n" + "".join(
            f"{name},{like},{'Daniel' if name == 'Paul' else ''}\n" for name, like in liked.items()
        )
        assert self.take(tmp_path, text, is_dry=True).customers == 8
        assert self.take(tmp_path, text).customers == 8
        assert self.take(tmp_path, text).customers == 0
        assert dict(Preference.objects.values_list("customer__name", "text")) == liked
        assert Preference.objects.count() == 8
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert list(referrals()) == [(by_name["Daniel"], by_name["Paul"])]

    def test_a_sender_is_who_is_called_just_so_wherever_in_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr("regulars.intake.files.customers.CHUNK_ROWS", 1)
        add_customer(name="Anna M.", region="DE", actor=ACTOR, now=NOW)
        head = "name,phone,came_through\n"
        told = self.take(tmp_path, f"{head}Ben,,Anna\nAnna,0171 2345678,\n")
        assert told.customers == 2
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert list(referrals()) == [(by_name["Anna"], by_name["Ben"])]

    def test_part_of_a_senders_name_will_do_where_it_can_mean_one_person_only(self, tmp_path):
        for name in ("Anna M.", "Annabel", "Eva K.", "Eva L."):
            add_customer(name=name, region="DE", actor=ACTOR, now=NOW)
        told = self.take(tmp_path, "name,came_through\nBen,Anna\nCem,Eva\n")
        assert told.customers == 3  # an Eva besides, who may be either
        by_name = dict(Customer.objects.values_list("name", "id"))
        assert set(referrals()) == {
            (by_name["Anna M."], by_name["Ben"]),
            (by_name["Eva"], by_name["Cem"]),
        }

    def test_a_dry_run_writes_nothing(self, tmp_path):
        assert self.take(tmp_path, is_dry=True).customers == 4
        assert not Customer.objects.exists()

    def test_a_file_that_says_of_nobody_who_they_are_is_refused(self, tmp_path):
        with pytest.raises(NoCustomerColumn):
            self.take(tmp_path, "colour,size\nred,5\n")
