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
