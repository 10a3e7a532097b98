"""Nobody is called what nobody sees: typed texts are kept without it, wherever they are typed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.console.customer.test_customer import post

from regulars.console.asking.lines import one_line
from regulars.console.customer.forms import NoteForm, PreferenceForm
from regulars.kernel.actor import SYSTEM
from regulars.kernel.faults import InvisibleCharacters
from regulars.people.errors import NameMissing
from regulars.people.models import Customer, Note
from regulars.people.services import add_customer

NOTHING = ("\u202e\u200b", "\u200b", "\u2800", "\u3164", "\ufeff", "\u00ad", "\U000e0041", "\u200d")


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_nobody_sees_is_nothing(nothing):
    assert one_line(f" {nothing} ") == ""
    form = NoteForm({"key": str(uuid4()), "note": nothing})
    assert form.problems() == {"note": "Write the note first."}


def test_what_is_between_is_left_out_and_lines_joiners_and_marks_stay():
    said = "Ana\u202e\u200b mag\r\n\tรักน้ำ\u200bใจ 👩\u200d🍳 A\u0308\x07"
    form = NoteForm({"key": str(uuid4()), "note": said})
    assert form.is_valid()
    assert form.cleaned_data["note"] == "Ana mag\n\tรักน้ำใจ 👩\u200d🍳 Ä"
    short = PreferenceForm({"key": str(uuid4()), "kind": "likes", "text": "\ufeffflat white"})
    assert short.is_valid()
    assert short.cleaned_data["text"] == "flat white"
    assert one_line("Ana\u202eMoc\n Li") == "AnaMoc Li"


@pytest.mark.django_db
def test_on_a_page_too(owner, town):
    ben = town["Ben Vogel"]
    added = owner.post("/customers/add/", {"key": str(uuid4()), "name-1": "\u202e\u200b"})
    assert "Write down at least one name." in added.content.decode()
    assert post(owner, ben, "name", name="\u2800").status_code == 400
    assert post(owner, ben, "name", name="Ben\u200b Vogel\u202e").status_code == 302
    post(owner, ben, "note", note="\ufeffLikes it quiet")
    assert Customer.objects.get(id=ben).name == "Ben Vogel"
    assert Note.objects.get().text == "Likes it quiet"


@pytest.mark.django_db
def test_nor_does_anybody_else_bring_it_in():
    by = {"region": "DE", "actor": SYSTEM, "now": datetime.now(UTC)}
    with pytest.raises(NameMissing):
        add_customer(name="\u2800\u3164", **by)
    with pytest.raises(InvisibleCharacters):
        add_customer(name="Ana\u202eMoc", **by)
