"""A segment of one's own is built without a program, means what it says, and goes where one sends it."""

import csv
import io
import re

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from tests.console.segments.test_segments import shown, sorted_town  # noqa: F401  (a fixture)
from tests.scoring.test_segments import TREES

from regulars.console.segments.form import GROUPS, WAYS, draft_of, typed_draft
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Look
from regulars.scoring.alternatives import alternatives
from regulars.scoring.conditions import FIELDS, OPERATORS, as_json, parsed
from regulars.scoring.models import Segment
from regulars.scoring.services import add_segment

FLAT_WHITE = {"field-0-0": "likes", "way-0-0": "contains", "text-0-0": "flat"}


def typed(draft):
    """What a browser would send of a draft."""
    sent = QueryDict(mutable=True)
    sent["name"] = draft.name
    for box, some in enumerate(draft.boxes):
        for number, line in enumerate(some):
            place = f"{box}-{number}"
            sent[f"field-{place}"], sent[f"way-{place}"] = line.field.name, line.way
            sent[f"text-{place}"] = line.text
            sent.setlist(f"choice-{place}", list(line.chosen))
    return sent


def test_everything_that_can_be_asked_can_be_asked_here():
    assert {name for _, fields in GROUPS for name in fields} == FIELDS.keys()
    for kind, operators in OPERATORS.items():
        ways = {way.removeprefix("not ") for way, _ in WAYS[kind]}
        assert ways == ({"yes", "no"} if kind == "yes_no" else set(operators))


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_a_segment_that_is_opened_and_kept_again_asks_the_same(tree):
    condition = parsed(tree)
    draft = draft_of("Some", condition, "EUR")
    if draft is None:
        return
    again = typed_draft(typed(draft), "EUR")
    assert again.condition is not None
    assert alternatives(again.condition) == alternatives(condition)


@pytest.mark.django_db
class TestBuilding:
    @pytest.mark.usefixtures("town")
    def test_the_count_follows_while_one_chooses(self, owner):
        answer = owner.post("/segments/new/", {**FLAT_WHITE, "do": "count"}).content.decode()
        assert "One customer now." in answer
        assert "Likes: mentions “flat”" in answer
        assert not Segment.objects.exists()

    @pytest.mark.usefixtures("town")
    def test_a_condition_is_added_and_taken_away_by_buttons(self, owner):
        one_more = owner.post("/segments/new/", {**FLAT_WHITE, "do": "and 0"}).content.decode()
        assert 'name="field-0-1"' in one_more
        other = owner.post("/segments/new/", {**FLAT_WHITE, "do": "or"}).content.decode()
        assert 'name="field-1-0"' in other
        less = owner.post(
            "/segments/new/",
            {**FLAT_WHITE, "field-0-1": "friends", "text-0-1": "2", "do": "drop 0-0"},
        ).content.decode()
        assert 'name="field-0-1"' not in less
        assert 'value="2"' in less
        for nonsense in ("drop 9-9", "and x", "drop 0", "up", ""):
            assert owner.post("/segments/new/", {**FLAT_WHITE, "do": nonsense}).status_code == 200

    @pytest.mark.usefixtures("town")
    def test_it_is_kept_changed_and_removed(self, owner):
        sent = {**FLAT_WHITE, "name": "Coffee", "do": "save"}
        kept = owner.post("/segments/new/", sent)
        segment = Segment.objects.get(name="Coffee")
        assert kept.headers["Location"] == f"/segments/{segment.id}/?said=added"
        page = shown(owner, kept.headers["Location"])
        assert "Ben Vogel" in page
        assert "Likes: flat white." in page
        assert "Cem" not in page
        assert "Coffee" in shown(owner, "/segments/")
        changing = shown(owner, f"/segments/{segment.id}/change/")
        assert 'value="flat"' in changing
        owner.post(f"/segments/{segment.id}/change/", {**sent, "way-0-0": "not contains"})
        assert "2 customers now." in shown(owner, f"/segments/{segment.id}/")
        gone = owner.post(f"/segments/{segment.id}/remove/")
        assert "The segment is removed." in shown(owner, gone.headers["Location"])
        assert owner.get(f"/segments/{segment.id}/").status_code == 404
        assert Customer.objects.count() == 3

    @pytest.mark.usefixtures("town")
    def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(self, owner):
        sent = {
            "name": "Spenders",
            "field-0-0": "value_to_date",
            "way-0-0": "at_least",
            "text-0-0": "much",
            "field-0-1": "life_cycle",
            "do": "save",
        }
        answer = owner.post("/segments/new/", sent)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "This is not an amount." in page
        assert "Choose at least one." in page
        assert 'value="much"' in page
        unnamed = owner.post("/segments/new/", {**FLAT_WHITE, "do": "save"})
        assert "Give the segment a name." in unnamed.content.decode()
        add_segment(
            name="Taken",
            condition=as_json(parsed({"field": "r", "is": "at_least", "value": 1})),
            actor=SYSTEM,
            now=Customer.objects.first().created_at,
        )
        taken = owner.post("/segments/new/", {**FLAT_WHITE, "name": "Taken", "do": "save"})
        assert taken.status_code == 409

    @pytest.mark.usefixtures("sorted_town")
    def test_what_one_looks_at_is_kept_as_a_segment(self, owner):
        page = shown(owner, "/segments/people/?value=champion&life_cycle=slipping")
        begun = re.search(r'href="(/segments/new/[^"]+)"', page)
        assert begun is not None
        building = shown(owner, begun[1].replace("&amp;", "&"))
        assert 'value="Champions · Slipping"' in building
        assert "One customer now." in building

    def test_one_that_is_too_nested_to_show_is_said_to_be(self, owner, ready):
        leaf = {"field": "r", "is": "at_least", "value": 1}
        pairs = {"any": [leaf, {"field": "f", "is": "at_least", "value": 1}]}
        more = {"any": [{"field": "v", "is": "at_least", "value": step} for step in range(9)]}
        segment = add_segment(
            name="Deep", condition={"all": [pairs, more]}, actor=SYSTEM, now=ready.created_at
        )
        assert "A program built this segment" in shown(owner, f"/segments/{segment}/change/")
        assert "Nobody is here now." in shown(owner, f"/segments/{segment}/")


@pytest.mark.django_db
class TestTakingAway:
    def rows(self, answer):
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    @pytest.mark.usefixtures("sorted_town")
    def test_the_list_is_a_file_and_each_of_it_is_written_down(self, owner, town):
        answer = owner.post("/segments/people/file/?value=champion")
        (ben,) = self.rows(answer)
        assert "attachment" in answer.headers["Content-Disposition"]
        assert (ben["Name"], ben["By life cycle"]) == ("Ben Vogel", "Slipping")
        assert (ben["Spent so far"], ben["Remembered"]) == ("120.00", "Likes: flat white")
        assert "Came every 9 days, not for 31." in ben["Why"]
        looks = Look.objects.filter(what=Look.EXPORT)
        assert [str(one.customer_id) for one in looks] == [town["Ben Vogel"]]

    @pytest.mark.usefixtures("town")
    def test_no_spreadsheet_runs_what_somebody_calls_themselves(self, owner):
        Customer.objects.filter(name="Cem").update(name='=HYPERLINK("x")')
        names = {row["Name"] for row in self.rows(owner.post("/segments/people/file/"))}
        assert names == {"Ben Vogel", "Dora", '\'=HYPERLINK("x")'}

    @pytest.mark.usefixtures("ready")
    def test_an_empty_list_is_a_file_with_its_heads(self, owner):
        assert self.rows(owner.post("/segments/people/file/?moved=lost")) == []

    @pytest.mark.usefixtures("ready")
    def test_it_is_asked_for_by_a_form_alone(self, owner):
        assert owner.get("/segments/people/file/").status_code == 405
