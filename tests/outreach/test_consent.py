"""Yes is said by a link that came to the address itself, once and in time; no is said at any time."""

from datetime import timedelta

import pytest
from django.db import transaction

from regulars.kernel.language import speaking
from regulars.outreach.errors import AskedAlready, NotContactable, SaidNo
from regulars.outreach.links import ANSWER, LEAVE, message_of, token
from regulars.outreach.models import Message, Question
from regulars.people.contact import contact_everywhere
from regulars.people.models import Consent, Contact, Identity, Suppression
from regulars.people.queries.consents import with_consent
from regulars.people.services import (
    add_customer,
    add_identity,
    merge,
    remove_identity,
    set_contact_rules,
    suppress,
    suppress_address,
    unmerge,
)
from tests.outreach.conftest import BY, NOON, deliver, letter, says, standing
from tests.outreach.words import DAY, agrees, asks, leaves, may, stands, taken_away

pytestmark = pytest.mark.django_db


def test_who_is_asked_has_not_agreed_until_they_press_the_button(inbox, ben):
    message = asks(ben)
    deliver()
    (mail,) = inbox.mails
    text = mail.get_body(("plain",)).get_content()
    assert f"https://cafe.example/answer/{token(ANSWER, message)}/" in text
    assert mail["Content-Language"] == "de"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert may(ben) == "no_consent"
    with speaking("de"):
        assert agrees(message)
    assert may(ben) == "allowed"
    word = Consent.objects.get()
    assert word.text_version.startswith("news-de-")
    assert str(message) in word.proof
    assert word.recorded_by == f"customer:{ben}"
    assert word.said_at == NOON
    assert "Café Ana" in Question.objects.get().text


def test_the_question_needs_no_consent_waits_for_nothing_and_takes_nothing_from_the_budget(
    inbox, ben
):
    asks(ben, now=NOON + timedelta(hours=12))
    deliver(hours=12)
    assert len(inbox.taken) == 1
    assert Contact.objects.get().purpose == "confirmation"


def test_the_link_counts_once_and_a_later_no_is_not_undone_by_it(inbox, agreed):
    message = asks(agreed, purpose="survey")
    deliver()
    assert agrees(message)
    assert agrees(message)
    assert Consent.objects.filter(purpose="survey").count() == 1
    says(agreed, given=False, purpose="survey", said_at=NOON)
    assert not agrees(message)
    assert may(agreed, "survey") == "no_consent"


def test_who_left_is_told_so_and_may_say_yes_again_in_time(inbox, ben):
    message = asks(ben)
    deliver()
    assert stands(message) == "asked"
    assert agrees(message)
    assert stands(message) == "agreed"
    leaves(message)
    assert (stands(message), stands(message, now=NOON + 14 * DAY)) == ("left", "over")
    assert not agrees(message, again=True, now=NOON + 14 * DAY)
    assert agrees(message, again=True, now=NOON + DAY)
    assert may(ben, now=NOON + DAY) == "allowed"
    assert [word.given for word in Consent.objects.order_by("said_at")] == [True, False, True]
    assert stands(message, now=NOON + 30 * DAY) == "agreed"


def test_a_no_to_the_question_itself_is_not_undone_by_a_page_that_was_open_before(inbox, ben):
    message = asks(ben)
    deliver()
    leaves(message)
    assert stands(message) == "left"
    assert not agrees(message)
    assert may(ben) == "no_consent"
    assert agrees(message, again=True)


def test_who_wants_nothing_by_mail_at_all_does_not_change_it_by_an_open_question(inbox, ben):
    one, other = asks(ben), asks(ben, purpose="survey")
    deliver()
    assert agrees(one)
    leaves(one, everything=True)
    for message in (one, other):
        assert stands(message) == "silent"
        assert not agrees(message, again=True)
        assert stands(message, now=NOON + 30 * DAY) == "silent"
    assert Consent.objects.filter(given=True).count() == 1
    assert (may(ben), may(ben, "survey")) == ("suppressed", "suppressed")


def test_nobody_is_thanked_whose_address_nothing_arrives_at_any_more(inbox, ben):
    one, other = asks(ben), asks(ben, purpose="survey")
    deliver()
    assert agrees(one)
    with transaction.atomic():
        suppress_address(identity_id=Identity.objects.get().id, **BY)
    assert (stands(one), stands(other)) == (None, None)
    assert not agrees(other)


def test_who_leaves_is_left_though_the_clock_went_ahead_when_they_agreed(inbox, ben):
    message = asks(ben)
    deliver()
    assert agrees(message, now=NOON + DAY)
    leaves(message, now=NOON + timedelta(hours=1))
    assert may(ben) == may(ben, now=NOON + 3 * DAY) == "no_consent"


def test_after_two_weeks_it_is_too_late(inbox, ben):
    message = asks(ben)
    deliver()
    assert not agrees(message, now=NOON + 14 * DAY)
    assert not Consent.objects.exists()


def test_what_would_arrive_too_late_is_not_sent(inbox, ben):
    message = asks(ben)
    deliver(hours=14 * 24)
    assert inbox.taken == []
    assert standing(message) == ("refused", "expired")


def test_a_link_to_an_address_that_is_theirs_no_more_opens_nothing(inbox, ben):
    message = asks(ben)
    deliver()
    taken_away(ben)
    assert not agrees(message)
    with transaction.atomic():
        add_identity(customer_id=ben, kind="email", value="ben@example.org", region=None, **BY)
    assert not agrees(message)


class TestAYesIsOfTheAddressThatSaidIt:
    @pytest.fixture
    def said_yes(self, inbox, ben):
        """Ben agreed by the link in the message to ben@example.org."""
        message = asks(ben, purpose="care")
        deliver()
        assert agrees(message)
        inbox.taken.clear()
        return ben

    @staticmethod
    def has_too(customer, value, *, instead_of=None):
        with transaction.atomic():
            add_identity(customer_id=customer, kind="email", value=value, region=None, **BY)
            if instead_of:
                remove_identity(customer_id=customer, kind="email", value=instead_of, region=None)

    def test_letters_go_there_though_another_was_told_since(self, inbox, said_yes):
        self.has_too(said_yes, "other@example.org")
        letter(said_yes)
        deliver()
        assert [to for to, _ in inbox.taken] == [["ben@example.org"]]

    def test_and_to_no_other_when_it_was_a_mistake_until_that_is_asked(self, inbox, said_yes):
        waiting = letter(said_yes)
        assert [one["shown_id"] for one in with_consent("care", "email")] == [said_yes]
        self.has_too(said_yes, "b.vogel@example.org", instead_of="ben@example.org")
        assert not with_consent("care", "email")
        deliver()
        assert standing(waiting) == ("refused", "no_consent")
        assert may(said_yes, "care") == "no_consent"
        assert contact_everywhere(customer_id=said_yes, now=NOON)["care", "email"].reason == (
            "no_consent"
        )
        with pytest.raises(NotContactable):
            letter(said_yes)
        self.has_too(said_yes, "ben@example.org")  # given again, it is another's word
        assert may(said_yes, "care") == "no_consent"
        with transaction.atomic():
            remove_identity(
                customer_id=said_yes, kind="email", value="ben@example.org", region=None
            )
        again = asks(said_yes, purpose="care")
        deliver()
        assert agrees(again)
        letter(said_yes)
        deliver()
        assert {to[0] for to, _ in inbox.taken} == {"b.vogel@example.org"}

    def test_it_stays_with_the_address_when_they_turn_out_to_be_two(self, inbox, ben):
        with transaction.atomic():
            other = add_customer(
                name="Cem", identities=[("email", "cem@example.org")], region="DE", **BY
            )
            log = merge(kept=ben, merged=other, **BY)
        message = asks(ben, purpose="care")
        deliver()
        assert [to for to, _ in inbox.taken] == [["cem@example.org"]]
        assert agrees(message)
        assert [one["shown_id"] for one in with_consent("care", "email")] == [ben]
        assert may(ben, "care") == "allowed"
        with transaction.atomic():
            unmerge(merge_id=log, **BY)
        assert (may(ben, "care"), may(other, "care")) == ("no_consent", "allowed")
        assert [one["shown_id"] for one in with_consent("care", "email")] == [other]
        letter(other)
        deliver()
        assert [to for to, _ in inbox.taken[1:]] == [["cem@example.org"]]

    def test_and_not_when_nothing_arrives_there_any_more(self, inbox, said_yes):
        self.has_too(said_yes, "other@example.org")
        (address,) = Identity.objects.filter(value="ben@example.org")
        suppress_address(identity_id=address.id, **BY)
        assert may(said_yes, "care") == "no_consent"
        assert asks(said_yes, purpose="care")

    def test_what_they_said_themselves_is_for_every_address(self, inbox, said_yes):
        self.has_too(said_yes, "other@example.org", instead_of="ben@example.org")
        says(said_yes, said_at=NOON)
        letter(said_yes)
        deliver()
        assert [to for to, _ in inbox.taken] == [["other@example.org"]]


def test_of_two_questions_to_who_turns_out_to_be_one_person_one_goes_out(inbox, ben):
    with transaction.atomic():
        other = add_customer(
            name="Cem", identities=[("email", "cem@example.org")], region="DE", **BY
        )
    first, second, thanks = asks(other), asks(ben), asks(ben, purpose="care")
    with transaction.atomic():
        merge(kept=ben, merged=other, **BY)
    deliver()
    assert [standing(one)[0] for one in (first, second, thanks)] == ["sent", "refused", "sent"]
    assert standing(second)[1] == "asked_already"
    assert len(inbox.taken) == 2


def test_nor_does_one_to_who_was_asked_or_said_yes_or_no_meanwhile(inbox, ben):
    with transaction.atomic():
        other = add_customer(
            name="Cem", identities=[("email", "cem@example.org")], region="DE", **BY
        )
    asks(other)
    deliver()
    late, agreed_to, declined = (asks(ben, purpose=one) for one in ("news", "care", "survey"))
    says(ben, purpose="care", said_at=NOON)
    says(ben, purpose="survey", given=False, said_at=NOON)
    with transaction.atomic():
        merge(kept=ben, merged=other, **BY)
    deliver()
    assert [standing(one) for one in (late, agreed_to, declined)] == [
        ("refused", "asked_already")
    ] * 3


def test_the_question_says_that_it_comes_once_and_it_does(inbox, ben):
    asks(ben)
    with pytest.raises(AskedAlready):
        asks(ben)
    deliver()
    (mail,) = inbox.mails
    said = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Wir fragen Sie das nicht noch einmal." in said
    for days in (1, 8, 15, 400):
        with pytest.raises(AskedAlready):
            asks(ben, now=NOON + days * DAY)
    assert asks(ben, purpose="care")


def test_who_never_got_the_question_may_be_asked_again(inbox, ben):
    late = asks(ben)
    deliver(hours=14 * 24)
    assert standing(late) == ("refused", "expired")
    assert asks(ben, now=NOON + 14 * DAY)
    deliver(hours=14 * 24)
    assert len(inbox.taken) == 1
    # It went to somebody else's mailbox: the address was wrong, and is corrected.
    with transaction.atomic():
        remove_identity(customer_id=ben, kind="email", value="ben@example.org", region=None)
        add_identity(customer_id=ben, kind="email", value="b.vogel@example.org", region=None, **BY)
    assert asks(ben, now=NOON + 15 * DAY)


def test_nobody_is_asked_who_has_given_their_word(inbox, ben):
    says(ben, purpose="survey")
    with pytest.raises(AskedAlready):
        asks(ben, purpose="survey")
    says(ben, purpose="community", given=False)
    with pytest.raises(SaidNo):
        asks(ben, purpose="community")
    with transaction.atomic():
        suppress(customer_id=ben, reason="never", **BY)
    with pytest.raises(NotContactable):
        asks(ben, now=NOON + 30 * DAY)


class TestSayingNo:
    def test_it_counts_for_its_kind_at_once_and_once(self, inbox, agreed):
        message = letter(agreed)
        waiting = letter(agreed, now=NOON + timedelta(hours=12))
        deliver()
        for _ in range(2):
            leaves(message)
        assert may(agreed, "care") == "no_consent"
        assert may(agreed, "news") == "allowed"
        assert Consent.objects.filter(given=False).count() == 1
        deliver(hours=30)
        assert standing(waiting)[0] in ("sent", "refused")
        assert len(inbox.taken) <= 2
        with pytest.raises(NotContactable):
            letter(agreed)

    def test_or_for_everything(self, inbox, agreed):
        message = letter(agreed)
        deliver()
        for _ in range(2):
            leaves(message, everything=True)
        # What nobody has asked for yet is not asked for either.
        assert {may(agreed, purpose) for purpose in ("care", "news", "survey")} == {"suppressed"}
        assert Suppression.objects.count() == 1
        with pytest.raises(NotContactable):
            asks(agreed, purpose="survey")

    def test_of_a_message_that_is_gone_there_is_nothing_to_take_back(self, inbox, agreed):
        message = letter(agreed)
        Message.objects.all().delete()
        leaves(message)
        assert may(agreed, "care") == "allowed"


def test_nobody_can_make_a_link_up(agreed, inbox):
    message = letter(agreed)
    for what in (ANSWER, LEAVE):
        assert message_of(what, token(what, message)) == message
        other = LEAVE if what == ANSWER else ANSWER
        for wrong in (message.hex, f"{message.hex}.x", token(other, message), "", "\0", "ä" * 500):
            assert message_of(what, wrong) is None


def test_the_budget_holds_for_letters(inbox, agreed):
    night = NOON.time().replace(hour=0)
    set_contact_rules(quiet_from=night, quiet_until=night, contacts_most=1, contacts_days=7)
    first, second = letter(agreed), letter(agreed)
    deliver()
    assert {standing(first), standing(second)} == {("sent", ""), ("refused", "contact_budget")}
    assert len(inbox.taken) == 1
