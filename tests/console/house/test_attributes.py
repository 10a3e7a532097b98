"""What a business asks of everybody: defined, answered on the customers' pages, asked no more."""

from uuid import uuid4

import pytest
from tests.console.customer.test_customer import post
from tests.console.customer.test_known import known

from regulars.people.models import Attribute

pytestmark = pytest.mark.django_db
ASKED = {
    "name": "Part of town",
    "kind": "choice",
    "choices": "North\n\nSouth\nNorth",
    "consent": "no",
}


def ask(client, **told):
    return client.post("/settings/asked/add/", {"key": str(uuid4()), **ASKED, **told})


def test_it_is_asked_of_everybody_until_it_is_asked_no_more(owner, town):
    assert "Nothing yet." in owner.get("/settings/asked/").content.decode()
    assert ask(owner).headers["Location"] == "/settings/asked/?said=asked"
    attribute = Attribute.objects.get()
    assert (attribute.key, attribute.choices) == ("part_of_town", ["North", "South"])
    assert "One of several: North · South" in owner.get("/settings/asked/").content.decode()
    post(owner, town["Cem"], "attribute/part_of_town", value="South")
    owner.post("/settings/asked/part_of_town/retire/")
    page = known(owner, town["Cem"])
    assert "South" in page
    assert "part_of_town-value" not in page  # known still, and asked no more
    assert owner.post("/settings/asked/part_of_town/retire/").status_code == 404


def test_a_name_in_any_script_or_none_gets_a_key_of_its_own(owner, town):
    for name, key in (("ย่าน", "yan"), ("2. Adresse", "adresse"), ("★", "attribute_3")):
        ask(owner, name=name, kind="text")
        assert Attribute.objects.filter(key=key, choices=[]).exists(), name


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"kind": "colour"}, {"choices": " "}]
)
def test_what_cannot_be_asked_is_said_beside_it(owner, ready, wrong):
    answer = ask(owner, **wrong)
    assert answer.status_code == 400
    assert "problem" in answer.content.decode()
    assert not Attribute.objects.exists()


def test_nothing_is_asked_twice(owner, ready):
    ask(owner)
    assert "already" in ask(owner).content.decode()
    assert Attribute.objects.count() == 1


def test_what_was_asked_before_is_asked_again_with_what_is_known_of_it(owner, town):
    ask(owner)
    post(owner, town["Cem"], "attribute/part_of_town", value="South")
    owner.post("/settings/asked/part_of_town/retire/")
    answer = ask(owner, name="Part of Town", choices="East\nSouth")
    assert answer.headers["Location"] == "/settings/asked/?said=again"
    assert "what was known of it stands" in owner.get(answer.headers["Location"]).content.decode()
    attribute = Attribute.objects.get()
    assert (attribute.name, attribute.choices) == ("Part of Town", ["North", "South", "East"])
    page = known(owner, town["Cem"])
    assert "South" in page
    assert "part_of_town-value" in page
    owner.post("/settings/asked/part_of_town/retire/")
    for other in ({"kind": "text"}, {"consent": "yes"}):
        assert "was asked before, as another kind" in ask(owner, **other).content.decode()


def test_what_is_asked_no_more_stands_in_the_settings_with_a_way_back(owner, town):
    ask(owner)
    post(owner, town["Cem"], "attribute/part_of_town", value="South")
    again = "/settings/asked/part_of_town/again/"
    assert owner.post(again).status_code == 404  # it is asked still
    owner.post("/settings/asked/part_of_town/retire/")
    page = owner.get("/settings/asked/").content.decode()
    assert "asked no more" in page
    assert f'action="{again}"' in page
    assert owner.post(again).headers["Location"] == "/settings/asked/?said=again"
    assert Attribute.objects.get().retired_at is None
    assert "asked no more" not in owner.get("/settings/asked/").content.decode()
    page = known(owner, town["Cem"])
    assert "South" in page
    assert "part_of_town-value" in page


def test_there_may_be_more_to_choose_from(owner, town):
    ask(owner)
    ask(owner, name="Shoe", kind="number")
    shown = owner.get("/settings/asked/").content.decode()
    assert shown.count("Add choices") == 1  # of what is chosen alone
    at = "/settings/asked/part_of_town/choices/"
    answer = owner.post(at, {"choices": "East\n\nNorth\nEast"})
    assert answer.headers["Location"] == "/settings/asked/?said=choices"
    assert "North · South · East" in owner.get(answer.headers["Location"]).content.decode()
    post(owner, town["Cem"], "attribute/part_of_town", value="East")
    assert "East" in known(owner, town["Cem"])
    for wrong, said in (
        (" ", "Write down what there is to choose from."),
        ("\n".join(map(str, range(100))), "can have 100 choices at most"),
    ):
        refused = owner.post(at, {"choices": wrong})
        assert refused.status_code == 400
        assert said in refused.content.decode()
    assert owner.post("/settings/asked/else/choices/", {"choices": "x"}).status_code == 404
    assert owner.post("/settings/asked/shoe/choices/", {"choices": "x"}).status_code == 400
    assert Attribute.objects.get(key="part_of_town").choices == ["North", "South", "East"]
