"""What is remembered says who said so and when, fits its form, and is forgotten when asked."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.kernel.faults import InvalidText, TooLong
from regulars.kernel.language import speaking
from regulars.people.errors import (
    AttributeDiffers,
    AttributeTaken,
    ConsentMissing,
    InvalidAttribute,
    InvalidDay,
    InvalidDefinition,
    RegularsError,
    TextMissing,
    TooManyChoices,
    UnknownAttribute,
    UnknownCustomer,
    UnknownEntry,
    UnknownKind,
)
from regulars.people.models import Attribute, NameKey
from regulars.people.queries import profile, prospects, recognise_by_name
from regulars.people.remembering import (
    attribute_value,
    day_of_year,
    first_part,
    plain_text,
    subject_of,
)
from regulars.people.services import (
    add_choices,
    add_customer,
    add_date,
    add_note,
    add_preference,
    change_date,
    change_note,
    change_preference,
    define_attribute,
    merge,
    record_consent,
    remove_attribute,
    remove_date,
    remove_note,
    remove_preference,
    rename,
    retire_attribute,
    set_attribute,
)

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
JO, KIM = Actor("employee", "jo"), Actor("employee", "kim")


def add(name):
    return add_customer(name=name, region="DE", actor=JO, now=NOW)


@pytest.mark.django_db
class TestRemembering:
    def test_a_preference_is_told_put_in_other_words_and_forgotten(self):
        ana = add("Ana")
        need = add_preference(customer_id=ana, kind="needs", text=" a ramp ", actor=JO, now=NOW)
        add_preference(customer_id=ana, kind="likes", text="tea", actor=JO, now=NOW)
        assert [(one.kind, one.text) for one in profile(ana).preferences] == [
            ("likes", "tea"),
            ("needs", "a ramp"),
        ]
        change_preference(customer_id=ana, preference_id=need, text="a lift", actor=KIM, now=LATER)
        lift = profile(ana).preferences[1]
        assert (lift.text, lift.said_by, lift.said_at) == ("a lift", "employee:kim", LATER)
        remove_preference(customer_id=ana, preference_id=need)
        assert [one.text for one in profile(ana).preferences] == ["tea"]

    def test_notes_stand_the_latest_first(self):
        ana = add("Ana")
        first = add_note(customer_id=ana, text="her son is called Ben", actor=JO, now=NOW)
        second = add_note(customer_id=ana, text="moved away", actor=JO, now=LATER)
        assert [note.id for note in profile(ana).notes] == [second, first]
        change_note(customer_id=ana, note_id=second, text="moved back", actor=KIM, now=LATER)
        remove_note(customer_id=ana, note_id=first)
        assert [(note.text, note.said_by) for note in profile(ana).notes] == [
            ("moved back", "employee:kim")
        ]

    def test_a_birthday_needs_no_year(self):
        ana = add("Ana")
        day = add_date(customer_id=ana, label="birthday", month=2, day=29, actor=JO, now=NOW)
        change_date(customer_id=ana, date_id=day, month=2, day=28, year=1990, actor=JO, now=NOW)
        (kept,) = profile(ana).dates
        assert (kept.label, kept.month, kept.day, kept.year) == ("birthday", 2, 28, 1990)
        remove_date(customer_id=ana, date_id=day)
        assert profile(ana).dates == ()

    def test_what_is_another_customers_cannot_be_touched(self):
        ana, ben = add("Ana"), add("Ben")
        need = add_preference(customer_id=ana, kind="needs", text="a ramp", actor=JO, now=NOW)
        note = add_note(customer_id=ana, text="hello", actor=JO, now=NOW)
        day = add_date(customer_id=ana, label="birthday", month=5, day=1, actor=JO, now=NOW)
        for forget in (
            lambda: remove_preference(customer_id=ben, preference_id=need),
            lambda: remove_note(customer_id=ben, note_id=note),
            lambda: remove_date(customer_id=ben, date_id=day),
            lambda: remove_attribute(customer_id=ben, key="pet"),
        ):
            with pytest.raises(UnknownEntry):
                forget()
        with pytest.raises(UnknownCustomer):
            add_note(customer_id=uuid4(), text="hello", actor=JO, now=NOW)

    def test_a_new_name_is_what_they_are_found_by(self):
        ana = add("Ana Sommer")
        rename(customer_id=ana, name="Ana Winter")
        assert profile(ana).name == "Ana Winter"
        assert [found.customer_id for found in recognise_by_name("Winter")] == [ana]
        assert recognise_by_name("Sommer") == ()
        assert not NameKey.objects.filter(called="sommer").exists()

    def test_who_has_not_bought_is_a_prospect_until_they_do(self):
        ana, ben, anna = add("Ana"), add("Ben"), add("Anna")
        assert profile(ana).is_prospect
        record(
            incoming=[
                Incoming(
                    type="purchase.completed",
                    source="till",
                    key="1",
                    occurred_at=NOW,
                    customer_id=anna,
                    data={"total": {"amount_minor": 0, "currency": "EUR"}},
                )
            ],
            region="DE",
            actor=JO,
            now=NOW,
        )
        assert {one.id for one in prospects()} == {ana, ben}
        merge(kept=ana, merged=anna, actor=JO, now=NOW)
        assert {one.id for one in prospects()} == {ben}
        assert not profile(ana).is_prospect


@pytest.mark.django_db
class TestAttributes:
    def define(self, key="pet", kind="text", **more):
        define_attribute(key=key, name=key.title(), kind=kind, now=NOW, **more)

    def told(self, customer):
        return {one.attribute.key: one.value for one in profile(customer).attributes}

    def test_the_business_defines_what_it_wants_to_know(self):
        ana = add("Ana")
        self.define("pet", "choice", choices=["dog", "cat"])
        self.define("children", "number")
        self.define("vegan", "yes_no")
        self.define("since", "date")
        for key, value in (
            *(("pet", "dog"), ("pet", "cat"), ("children", 2), ("vegan", False)),
            ("since", "2019-05-01"),
        ):
            set_attribute(customer_id=ana, key=key, value=value, actor=JO, now=NOW)
        assert self.told(ana) == {
            "pet": "cat", "children": 2, "vegan": False, "since": "2019-05-01",
        }  # fmt: skip
        remove_attribute(customer_id=ana, key="vegan")
        retire_attribute(key="pet", now=NOW)
        assert self.told(ana).keys() == {"pet", "children", "since"}
        with pytest.raises(UnknownAttribute):
            set_attribute(customer_id=ana, key="pet", value="dog", actor=JO, now=NOW)

    def test_what_needs_consent_is_kept_with_it_alone_and_goes_when_it_is_withdrawn(self):
        ana = add("Ana")
        self.define("religion", needs_consent=True)
        self.define("pet")
        set_attribute(customer_id=ana, key="pet", value="dog", actor=JO, now=NOW)
        tell = {"customer_id": ana, "key": "religion", "value": "x", "actor": JO, "now": NOW}
        with pytest.raises(ConsentMissing):
            set_attribute(**tell)
        says = {
            "customer_id": ana, "purpose": "profile", "channel": "", "text_version": "1",
            "proof": "at the counter", "actor": JO,
        }  # fmt: skip
        record_consent(given=True, said_at=NOW, now=NOW, **says)
        set_attribute(**tell)
        assert self.told(ana) == {"pet": "dog", "religion": "x"}
        record_consent(given=False, said_at=LATER, now=LATER, **says)
        assert self.told(ana) == {"pet": "dog"}

    def test_of_two_who_are_one_the_later_word_counts(self):
        ana, anna = add("Ana"), add("Anna")
        self.define()
        set_attribute(customer_id=anna, key="pet", value="cat", actor=JO, now=LATER)
        set_attribute(customer_id=ana, key="pet", value="dog", actor=JO, now=NOW)
        merge(kept=ana, merged=anna, actor=JO, now=LATER)
        assert self.told(ana) == {"pet": "cat"}

    def test_what_is_asked_no_more_is_taken_up_with_its_values(self):
        ana = add("Ana")
        self.define("pet", "choice", choices=["dog", "cat"])
        set_attribute(customer_id=ana, key="pet", value="dog", actor=JO, now=NOW)
        retire_attribute(key="pet", now=NOW)
        for kind, more in (
            ("text", {}),
            ("choice", {"choices": ["dog"], "needs_consent": True}),
        ):
            with pytest.raises(AttributeDiffers):
                self.define("pet", kind, **more)
        self.define("pet", "choice", choices=["owl", "cat"])
        assert self.told(ana) == {"pet": "dog"}
        set_attribute(customer_id=ana, key="pet", value="owl", actor=JO, now=LATER)
        assert self.told(ana) == {"pet": "owl"}
        assert Attribute.objects.get().choices == ["dog", "cat", "owl"]
        with pytest.raises(AttributeTaken):
            self.define("pet", "choice", choices=["dog"])

    def test_choices_are_added_to_and_none_goes(self):
        self.define("pet", "choice", choices=["dog"])
        self.define("age", "number")
        add_choices(key="pet", choices=["cat", " dog "])
        assert Attribute.objects.get(key="pet").choices == ["dog", "cat"]
        with pytest.raises(TooManyChoices):
            add_choices(key="pet", choices=[str(number) for number in range(99)])
        for key, choices, error in (
            ("age", ["one"], InvalidDefinition),
            ("pet", ["owl", "owl"], InvalidDefinition),
            ("pet", [" "], TextMissing),
            ("none", ["owl"], UnknownAttribute),
        ):
            with pytest.raises(error):
                add_choices(key=key, choices=choices)

    def test_what_cannot_be_defined_is_refused(self):
        self.define()
        with pytest.raises(AttributeTaken):
            self.define()
        for key, kind, more in (
            ("Pet", "text", {}),
            ("a", "choice", {}),
            ("a", "text", {"choices": ["b"]}),
        ):
            with pytest.raises(InvalidDefinition):
                self.define(key, kind, **more)
        with pytest.raises(UnknownKind):
            self.define("a", "picture")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("number", "5"),
        ("number", True),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 2**53),
        ("yes_no", "yes"),
        ("yes_no", 1),
        ("date", "2026-02-30"),
        ("date", 20260101),
        ("choice", "c"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, value):
    with pytest.raises(InvalidAttribute, match="does not fit “pet”"):
        attribute_value(value, key="pet", kind=kind, choices=["a", "b"])


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [(2, 30, None), (13, 1, None), (0, 1, None), (4, 31, None), (2, 29, 2025), (7, 1, 2026)],
)
def test_a_day_that_is_in_no_calendar_or_still_to_come_is_refused(month, day, year):
    with pytest.raises(InvalidDay):
        day_of_year(month=month, day=day, year=year, today=NOW.date())


@pytest.mark.parametrize(
    ("language", "year", "said"),
    [
        ("en", None, "30 February is"),
        ("en", 2026, "30 February 2026 is"),
        ("de", 2026, "30. Februar 2026 "),
        ("es", 2026, "30 de febrero de 2026 "),
        ("th", 2026, "30 กุมภาพันธ์ 2026 "),
    ],
)
def test_a_day_that_is_none_is_said_as_its_reader_writes_days(language, year, said):
    with pytest.raises(InvalidDay) as refused:
        day_of_year(month=2, day=30, year=year, today=NOW.date())
    with speaking(language):
        assert said in str(refused.value)


@given(st.dates(min_value=date(1850, 1, 1), max_value=NOW.date()))
def test_every_day_that_was_is_a_day(day):
    day_of_year(month=day.month, day=day.day, year=day.year, today=NOW.date())
    day_of_year(month=day.month, day=day.day, year=None, today=NOW.date())


def test_texts_that_cannot_be_kept_are_refused_in_words():
    for text, error in ((" ", TextMissing), ("x" * 11, TooLong), ("a\0", InvalidText)):
        with pytest.raises(error, match="“note”"):
            plain_text(text, field="note", most=10)
    with pytest.raises(InvalidText):
        plain_text("\ud800", field="note", most=10)


@given(st.text(max_size=30))
def test_keeping_a_text_twice_changes_nothing(text):
    try:
        kept = plain_text(text, field="note", most=30)
    except RegularsError:
        return
    assert plain_text(kept, field="note", most=30) == kept


@pytest.mark.django_db
def test_what_was_put_under_the_wrong_kind_or_name_is_put_right():
    ana = add_customer(name="Ana", region="DE", actor=JO, now=NOW)
    like = add_preference(customer_id=ana, kind="likes", text="nuts", actor=JO, now=NOW)
    day = add_date(customer_id=ana, label="brithday", month=2, day=3, actor=JO, now=NOW)
    by = {"customer_id": ana, "actor": KIM, "now": LATER}
    change_preference(preference_id=like, kind="avoids", text="all nuts", **by)
    change_date(date_id=day, label="birthday", month=2, day=4, **by)
    (told,), (kept,) = profile(ana).preferences, profile(ana).dates
    assert (told.kind, told.text, told.said_by) == ("avoids", "all nuts", str(KIM))
    assert (kept.label, kept.month, kept.day) == ("birthday", 2, 4)
    with pytest.raises(UnknownKind):
        change_preference(preference_id=like, kind="debts", text="50", **by)


@pytest.mark.parametrize(
    "text",
    ["Oat milk", "oat  milk, no sugar", "OAT MILK (cold)", "Oat milk.", "ｏａｔ milk – always"],
)
def test_who_wants_the_same_is_told_to_want_the_same(text):
    assert subject_of(text) == "oat milk"


def test_what_is_wanted_is_called_as_somebody_put_it():
    assert first_part("Hafermilch, kalt") == "Hafermilch"
    assert first_part(", (no sugar)") == "no sugar"
    assert first_part("...") == "..."


@given(st.text(min_size=1, max_size=200))
def test_everything_is_about_something_short_and_the_same_again(text):
    subject = subject_of(text)
    assert len(subject) <= 200
    assert subject_of(subject) == subject
