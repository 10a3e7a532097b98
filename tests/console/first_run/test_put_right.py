"""A sheet of the first regulars that is sent again, otherwise than before: what it said is put right."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.console.first_run.conftest import known_of, senders

from regulars.care.models import Task
from regulars.console.models import SentForm
from regulars.intake.bringing import tell_sender
from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.models import Customer, Employee
from regulars.people.services import (
    add_customer,
    add_identity,
    add_preference,
    erase,
)

pytestmark = pytest.mark.django_db

SHEET = {
    "sheet": "one",
    "name-1": "Ana", "likes-1": "tea", "phone-1": "0171 2345678",
    "name-2": "Ben", "through-2": "Ana",
    "name-3": "Cem",
}  # fmt: skip


def corrected(client: Client, **told: str) -> str:
    """A sheet sent once more, with something else on it; what is said then."""
    again = SHEET | {name.replace("_", "-"): value for name, value in told.items()}
    answer = client.post("/begin/twenty/", again)
    assert answer.status_code == 302, answer.content.decode()
    return " ".join(client.get("/begin/tomorrow/").content.decode().split())


@pytest.mark.parametrize("sheet", ["one", ""])
def test_who_brought_somebody_is_put_right_by_going_back(founded: Client, sheet: str) -> None:
    founded.post("/begin/twenty/", SHEET | {"sheet": sheet})
    shown = corrected(founded, sheet=sheet, through_2="Cem")
    assert "Ben was noted as having come through Ana; now it is Cem." in shown
    assert "Ana: Ben came" not in shown
    assert senders() == {"Ben": "Cem"}
    tasks = Task.objects.filter(withdrawn_at=None)
    assert [one.customer_id for one in tasks] == [Customer.objects.get(name="Cem").id]
    assert "was noted as" not in founded.get("/begin/tomorrow/").content.decode()


def test_a_name_a_phone_and_what_they_like_are_put_right_by_going_back(founded: Client) -> None:
    founded.post("/begin/twenty/", SHEET)
    told = {"name_1": "Anna", "likes_1": "coffee", "phone_1": "0171 2345679"}
    shown = corrected(founded, **told)  # Ben’s line says "Ana" still
    assert "Corrected for Anna: the name, what they like and the phone." in shown
    assert known_of("Anna") == (["coffee"], ["+491712345679"])
    assert Customer.objects.count() == 3
    assert senders() == {"Ben": "Anna"}


def test_what_is_left_empty_on_the_same_sheet_is_taken_back_and_on_another_stays(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    bare = {"likes_1": "", "phone_1": "", "through_2": ""}
    corrected(founded, sheet="two", **bare)
    assert known_of("Ana") == (["tea"], ["+491712345678"])
    assert senders() == {"Ben": "Ana"}
    shown = corrected(founded, **bare)
    assert "Ben was noted as having come through Ana; that is taken back." in shown
    assert known_of("Ana") == ([], [])
    assert senders() == {}
    assert not Task.objects.filter(withdrawn_at=None).exists()


def test_who_is_taken_off_the_sheet_stays_noted_and_it_says_so_once_with_a_way(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    shown = corrected(founded, name_3="")
    cem = Customer.objects.get(name="Cem")
    assert "Cem is on the sheet no more, and stays noted." in shown
    way = f'<a href="/customers/{cem.id}/data/">Erase Cem, or make them one with somebody else</a>'
    assert way in shown
    page = founded.get(f"/customers/{cem.id}/data/")
    assert page.status_code == 200
    assert "Erase …" in page.content.decode()
    assert "stays noted" not in founded.get("/begin/tomorrow/").content.decode()
    assert "stays noted" not in corrected(founded, name_3="", likes_1="coffee")


def test_who_was_erased_meanwhile_is_not_said_to_stay_and_is_noted_again_where_the_sheet_tells_of_them(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    founded.post("/begin/twenty/", SHEET | {"name-3": ""})
    erase(customer_id=Customer.objects.get(name="Cem").id, actor=SYSTEM, now=timezone.now())
    assert "stays noted" not in founded.get("/begin/tomorrow/").content.decode()
    founded.post("/begin/twenty/", SHEET)
    assert Customer.objects.filter(name="Cem").count() == 1
    erase(customer_id=Customer.objects.get(name="Cem").id, actor=SYSTEM, now=timezone.now())
    founded.post("/begin/twenty/", SHEET)  # a second click at most
    assert not Customer.objects.filter(name="Cem").exists()
    SentForm.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    founded.post("/begin/twenty/", SHEET)
    assert Customer.objects.filter(name="Cem").count() == 1


def test_who_stands_on_another_line_now_is_on_the_sheet_still(founded: Client) -> None:
    founded.post("/begin/twenty/", SHEET)
    assert "stays noted" not in corrected(founded, name_3="", name_4="Cem")


def test_a_line_that_tells_of_somebody_else_known_leaves_the_first_noted_and_says_so(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", {"sheet": "zero", "name-1": "Dora"})
    founded.post("/begin/twenty/", SHEET)
    assert "Cem is on the sheet no more, and stays noted." in corrected(founded, name_3="Dora")


def test_who_was_only_somebodys_sender_stays_noted_and_it_says_so(founded: Client) -> None:
    founded.post("/begin/twenty/", SHEET | {"through-3": "Clara Muler"})
    shown = corrected(founded, through_3="Clara Müller")
    assert "Cem was noted as having come through Clara Muler; now it is Clara Müller." in shown
    told = "Clara Muler stays noted, although nobody is said to have come through them any more."
    assert told in shown
    # Who stands on a line of their own, or brought somebody else, is meant as they are.
    shown = corrected(founded, through_2="Clara Müller", through_3="")
    assert "stays noted" not in shown
    shown = corrected(founded, through_2="", through_3="")
    assert "Clara Müller stays noted" in shown
    assert "Ana stays noted" not in shown


def test_the_same_sheet_again_corrects_nothing_and_a_fresh_one_is_of_others(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    assert 'class="said"' not in corrected(founded)
    founded.post("/begin/twenty/", {"sheet": "two", "name-1": "Dora", "name-2": "Eva"})
    assert sorted(one.name for one in Customer.objects.all()) == [
        "Ana",
        "Ben",
        "Cem",
        "Dora",
        "Eva",
    ]
    page = founded.get("/begin/twenty/").content.decode()
    assert page.count('name="sheet"') == 1


def test_the_last_sheet_is_shown_again_to_be_put_right(founded: Client) -> None:
    founded.post("/begin/twenty/", SHEET)
    shown = founded.get("/begin/tomorrow/").content.decode()
    assert 'href="/begin/twenty/?again=one"' in shown
    page = founded.get("/begin/twenty/?again=one").content.decode()
    for name, value in (
        ("name-1", "Ana"),
        ("likes-1", "tea"),
        ("through-2", "Ana"),
        ("sheet", "one"),
    ):
        assert re.search(f'name="{name}"[^>]* value="{value}"', page), name
    typed = {
        name: found[1]
        for name in SHEET
        if (found := re.search(f'name="{name}"[^>]* value="([^"]*)"', page))
    }
    founded.post("/begin/twenty/", typed)  # as it stands: nothing is taken back
    assert known_of("Ana") == (["tea"], ["+491712345678"])
    assert senders() == {"Ben": "Ana"}
    for other in ("/begin/twenty/", "/begin/twenty/?again=another"):
        assert 'value="Ana"' not in founded.get(other).content.decode().partition("<datalist")[0]


def test_what_the_first_run_did_not_tell_it_does_not_take_back(founded: Client) -> None:
    now = timezone.now()
    ana = add_customer(name="Ana", likes=["cake"], region="DE", actor=SYSTEM, now=now)
    founded.post("/begin/twenty/", SHEET)
    corrected(founded, likes_1="coffee")
    assert known_of("Ana")[0] == ["cake", "coffee", "tea"]
    assert Customer.objects.get(name="Ana").id == ana


def told_later(name: str, *, like: str, phone: str) -> None:
    """More of somebody, as the same person who works here writes it on their page."""
    who, me = Customer.objects.get(name=name).id, Actor("employee", str(Employee.objects.get().id))
    now = timezone.now()
    add_preference(customer_id=who, kind="likes", text=like, actor=me, now=now)
    add_identity(customer_id=who, kind="phone", value=phone, region="DE", actor=me, now=now)


def test_a_sheet_takes_back_what_it_wrote_itself_and_nothing_that_was_told_since(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    told_later("Ana", like="window seat", phone="0171 2345679")
    told_later("Cem", like="cake", phone="0171 2345670")
    page = founded.get("/begin/twenty/?again=one").content.decode()
    assert 'value="tea"' in page
    assert "window seat" not in page
    corrected(founded, name_3="Cemal")  # of another line
    assert known_of("Ana") == (["tea", "window seat"], ["+491712345678", "+491712345679"])
    corrected(founded, name_3="Cemal", likes_1="coffee", phone_1="")
    assert known_of("Ana") == (["coffee", "window seat"], ["+491712345679"])
    corrected(founded, name_3="Cemal", likes_1="", phone_1="")
    assert known_of("Ana") == (["window seat"], ["+491712345679"])
    assert known_of("Cemal") == (["cake"], ["+491712345670"])


def test_another_sheet_adds_to_what_the_first_one_said(founded: Client) -> None:
    founded.post("/begin/twenty/", SHEET)
    shown = corrected(founded, sheet="two", likes_1="window seat", phone_1="0171 2345679")
    assert "Corrected" not in shown
    assert known_of("Ana") == (["tea", "window seat"], ["+491712345678", "+491712345679"])
    corrected(founded, sheet="two", likes_1="", phone_1="")
    assert known_of("Ana") == (["tea"], ["+491712345678"])  # the first one’s stay


def test_who_brought_somebody_by_a_later_word_stays_where_the_sheet_says_nothing_of_it(
    founded: Client,
) -> None:
    founded.post("/begin/twenty/", SHEET)
    ids = dict(Customer.objects.values_list("name", "id"))
    me = Actor("employee", str(Employee.objects.get().id))
    tell_sender(friend_id=ids["Cem"], sender_id=ids["Ana"], actor=me, now=timezone.now())
    corrected(founded, likes_3="cake")
    assert senders() == {"Ben": "Ana", "Cem": "Ana"}
