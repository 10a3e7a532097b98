"""The list: found as typed, paged, added in one line and once."""

from uuid import uuid4

import pytest
from tests.console.conftest import NOW

from regulars.care.families import web_of
from regulars.intake.introduction import Regular, introduce
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity, Preference

pytestmark = pytest.mark.django_db
LINE = {"name-1": "Eva Klein", "likes-1": "ginger tea", "phone-1": "0171 7654321"}


def shown(client, **asked) -> str:
    answer = client.get("/customers/", asked)
    assert answer.status_code == 200
    return answer.content.decode().split('id="results"')[1]


def add(client, **line):
    return client.post("/customers/add/", {"key": str(uuid4())} | line)


def test_an_empty_list_says_what_will_be_here_and_how_to_begin(owner):
    page = owner.get("/customers/").content.decode()
    assert "a name alone is enough" in page
    assert '<details class="add" open>' in page
    assert 'type="search"' not in page


@pytest.mark.parametrize(
    "asked", ["ben vogel", "Vogle", "vo", "b", "Ben Vo", "0171 2345678", "+49171 2345678"]
)
def test_somebody_is_found_by_the_beginning_of_a_name_with_slips_and_by_phone(owner, town, asked):
    page = shown(owner, q=asked)
    assert "Ben Vogel" in page
    assert "Dora" not in page


def test_nobody_is_found_where_nobody_is_meant(owner, town):
    page = owner.get("/customers/", {"q": "Xaver"}).content.decode()
    assert "Nobody is called like that." in page
    for strange in ("@", "%", "a@b", "٣٤٥٦٧٨", "<b>", "\x00", "a\x00@b.c", "1" * 300):
        assert owner.get("/customers/", {"q": strange}).status_code == 200


def test_the_list_is_paged_newest_first_and_leaves_nobody_out(owner, ready):
    names = [f"Guest {number:03}" for number in range(65)]
    introduce(
        regulars=[Regular(name=name, is_new=True) for name in names],
        region="DE",
        actor=SYSTEM,
        now=NOW,
    )
    seen, address = [], "/customers/"
    while address:
        page = owner.get(address).content.decode()
        seen += [part.split("<")[0] for part in page.split('class="name">Guest ')[1:]]
        after = page.split("?after=")
        address = f"/customers/?after={after[1].split('&')[0]}" if len(after) > 1 else ""
    assert seen == [name.removeprefix("Guest ") for name in reversed(names)]


def test_who_was_here_last_stands_first(owner, town):
    for name in ("Dora", "Ben Vogel", "Dora"):
        owner.post(f"/customers/{town[name]}/visit/", {"key": str(uuid4())})
    page = shown(owner, order="here")
    assert page.index("Dora") < page.index("Ben Vogel")
    assert "Cem" not in page
    assert "here today" in page


def test_a_cursor_that_no_page_gave_is_refused_plainly(owner, town):
    assert owner.get("/customers/?order=here&after=x").status_code == 400
    assert owner.get("/customers/?after=x").status_code == 400


def test_one_line_adds_somebody_with_what_they_like_and_who_brought_them(owner, town):
    answer = add(owner, **LINE, **{"through-1": "Dora"})
    eva = Customer.objects.get(name="Eva Klein")
    assert answer.headers["Location"] == f"/customers/{eva.id}/?said=added"
    assert Preference.objects.get(customer=eva).text == "ginger tea"
    assert Identity.objects.get(customer=eva).value == "+491717654321"
    assert str(web_of([eva.id]).through[eva.id]) == town["Dora"]


def test_a_name_that_is_known_is_asked_about_first_and_another_of_it_added_once(owner, town):
    asked = add(owner, **{"name-1": "Ben Vogel"})
    assert asked.status_code == 409
    assert "Is it one of these?" in asked.content.decode()
    assert Customer.objects.count() == 3
    again = {"key": str(uuid4()), "name-1": "Ben Vogel", "sure": "1"}
    first, second = (owner.post("/customers/add/", again).headers["Location"] for _ in range(2))
    assert Customer.objects.filter(name="Ben Vogel").count() == 2
    assert (first.split("?")[0], second.split("=")[1]) == (second.split("?")[0], "again")


def test_signs_that_nobody_types_do_not_get_into_a_name(owner, town):
    add(owner, **{"name-1": "Eva\x00 \t Klein", "through-1": "Do\x00ra"})
    assert Customer.objects.filter(name="Eva Klein").exists()
    assert Customer.objects.count() == 4


def test_what_is_wrong_is_said_beside_it_and_nothing_is_written(owner, town):
    for line, told in (
        ({"name-1": "Eva", "phone-1": "12"}, "is not a phone number"),
        (
            {"name-1": "Eva", "phone-1": "0171 2345678"},
            "is noted with this phone already. Leave it there",
        ),
        ({"likes-1": "tea"}, "Who is this?"),
        ({}, "Write down at least one name."),
    ):
        answer = add(owner, **line)
        assert answer.status_code == 400
        assert told in answer.content.decode()
    assert Customer.objects.count() == 3
