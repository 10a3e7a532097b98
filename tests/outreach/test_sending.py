"""No message without consent; every message with the way out; nothing lost, nothing sent behind an erasure."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import transaction

from regulars.kernel.actor import SYSTEM
from regulars.kernel.outbox.core import Delivered
from regulars.kernel.outbox.models import OutboxRow
from regulars.outreach import delivery, smtp
from regulars.outreach.errors import NoMailAccount, NotContactable, UnknownMessage
from regulars.outreach.models import MailAccount, Message
from regulars.outreach.queries import messages_to, not_sent
from regulars.outreach.services import hold_back, send_again
from regulars.people.contact import may_contact
from regulars.people.errors import TextMissing, UnknownKind
from regulars.people.export import everything
from regulars.people.models import Business, Contact, Customer, Identity, Suppression
from regulars.people.services import add_identity, erase, set_public_address
from regulars.project.checks import findings
from tests.outreach.conftest import BY, NOON, deliver, letter, says, set_up, standing

pytestmark = pytest.mark.django_db


def test_a_letter_arrives_with_its_words_its_sender_and_the_way_out(inbox, agreed):
    message = letter(agreed)
    assert deliver() == 1
    ((recipients, mail),) = inbox.taken
    assert recipients == ["ben@example.org"]
    assert parseaddr(str(mail["From"])) == ("Café Ana, Köln", "hallo@cafe.example")
    assert mail["Subject"] == "Thank you, Ben"
    assert mail["Content-Language"] == "en"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip(" <>")
    assert link.startswith(f"https://cafe.example/leave/{message.hex}")
    assert "ben" not in link, "an address stands in no log of those who visit a page"
    text = mail.get_body(("plain",)).get_content().replace("\r", "")
    html = mail.get_body(("html",)).get_content()
    for shown in (text, html):
        assert "Cem came because of you." in shown
        assert "Hauptstraße 1, 50667 Köln" in shown
        assert link in shown
        assert "agreed that Café Ana writes to you by e-mail: personal messages." in shown
    assert "coffee is <on> us.\nAna" in text
    assert "coffee is &lt;on&gt; us.<br>Ana" in html
    assert standing(message) == ("sent", "")
    assert Contact.objects.get().purpose == "care"
    assert MailAccount.objects.get().worked_at == NOON


def test_the_frame_of_a_letter_speaks_the_language_of_its_reader(inbox, agreed):
    letter(agreed, language="th", text="ขอบคุณค่ะ")
    deliver()
    assert "ขอบคุณค่ะ" in inbox.mails[0].get_body(("html",)).get_content()
    assert 'lang="th"' in inbox.mails[0].get_body(("html",)).get_content()
    assert Customer.objects.get(id=agreed).language == "th"
    with pytest.raises(UnknownKind):
        letter(agreed, language="fr")


@pytest.mark.parametrize(
    "subject", ["ขอบคุณที่แวะมาหาเราอีกครั้งนะคะเราคิดถึงคุณมากจริงๆ", "Grüße", "Thank you"]
)
def test_a_subject_begins_in_its_first_line_whatever_its_letters(inbox, agreed, subject):
    letter(agreed, subject=subject)
    deliver()
    ((_, mail),) = inbox.taken
    assert mail["Subject"] == subject
    head = mail.as_string().partition("\n\n")[0].splitlines()
    (first,) = (line for line in head if line.startswith("Subject:"))
    assert first.removeprefix("Subject:").strip()


def test_nobody_writes_in_vain(inbox, ben):
    with pytest.raises(NotContactable) as told:
        letter(ben)
    assert "They have not agreed to this." in str(told.value)
    says(ben)
    with pytest.raises(TextMissing):
        letter(ben, text="  ")
    Business.objects.update(public_address="")
    with pytest.raises(NotContactable):
        letter(ben)
    set_public_address(address="https://cafe.example")
    MailAccount.objects.all().delete()
    with pytest.raises(NoMailAccount):
        letter(ben)
    assert not OutboxRow.objects.exists()


def test_who_takes_their_consent_back_in_the_meantime_gets_nothing(inbox, agreed):
    message = letter(agreed)
    says(agreed, given=False, said_at=NOON)
    deliver()
    assert inbox.taken == []
    assert standing(message) == ("refused", "no_consent")
    assert not Contact.objects.exists()
    assert OutboxRow.objects.get().reason == "no_consent"


def test_what_is_written_at_night_goes_out_in_the_morning(inbox, agreed):
    message = letter(agreed, now=NOON + timedelta(hours=12))
    assert deliver(hours=12) == 1
    assert standing(message) == ("waiting", "quiet_hours")
    assert deliver(hours=19.9) == 0
    assert deliver(hours=20) == 1
    assert standing(message) == ("sent", "")


def test_a_failed_try_is_made_good_with_the_same_message_id_and_one_contact(inbox, agreed):
    message = letter(agreed)
    inbox.answers["DATA"] = "451 4.3.0 not now"
    deliver()
    assert standing(message) == ("waiting", "too_many")
    inbox.answers = {"HANG_UP": ""}  # takes it, and breaks off before it says so
    deliver(hours=1)
    assert standing(message) == ("waiting", "hung_up")
    inbox.answers = {}
    deliver(hours=2)
    assert standing(message) == ("sent", "")
    assert [str(mail["Message-ID"]).strip() for mail in inbox.mails] == [
        f"<{message.hex}@cafe.example>"
    ] * 2
    assert Contact.objects.count() == 1
    assert deliver(hours=100) == 0


def test_who_is_killed_after_sending_sends_the_same_message_again_and_counts_it_once(
    inbox, agreed, monkeypatch
):
    letter(agreed)

    def killed(*told):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(smtp, "Delivered", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert len(inbox.taken) == 1
    assert deliver(hours=1) == 1
    assert len({str(mail["Message-ID"]) for mail in inbox.mails}) == 1
    assert Contact.objects.count() == 1
    assert OutboxRow.objects.get().ended_as == "delivered"


def test_a_message_that_was_sent_is_not_sent_again_by_whoever_comes_late(inbox, agreed):
    message = letter(agreed)
    deliver()
    assert delivery.attempt(message, NOON) == Delivered()
    assert len(inbox.taken) == 1


@pytest.mark.parametrize(
    ("said", "state", "reason", "is_dead"),
    [
        ("550 5.1.1 no such user", "bounced", "address_dead", True),
        ("550 no such user here", "bounced", "address_dead", True),
        ("550 5.2.1 mailbox disabled", "bounced", "address_dead", True),
        ("550 5.7.1 relaying denied", "failed", "recipient_refused", False),
        ("550 message blocked by policy", "failed", "recipient_refused", False),
        ("552 5.2.2 mailbox full", "failed", "mailbox_full", False),
        ("450 4.2.1 greylisted", "waiting", "too_many", False),
    ],
)
def test_only_what_is_surely_about_the_address_counts_against_it(
    inbox, agreed, said, state, reason, is_dead
):
    message = letter(agreed)
    inbox.answers["RCPT"] = said
    deliver()
    assert standing(message) == (state, reason)
    assert Suppression.objects.filter(reason="bounce").exists() == is_dead
    answer = may_contact(customer_id=agreed, purpose="care", channel="email", now=NOON)
    assert answer.reason == ("suppressed" if is_dead else "allowed")
    assert Contact.objects.exists() == (state == "waiting")


def test_an_address_that_would_be_told_as_another_is_told_to_no_server(inbox, agreed):
    Identity.objects.update(value="ана@weber.example")
    message = letter(agreed)
    deliver()
    assert inbox.taken == []
    assert standing(message) == ("failed", "other_address")
    assert not Suppression.objects.exists()  # nobody knows that it is dead
    assert not Contact.objects.exists()


def test_a_dead_address_closes_itself_and_the_next_letter_goes_to_another(inbox, agreed):
    with transaction.atomic():
        add_identity(
            customer_id=agreed,
            kind="email",
            value="ben@new.example",
            region="DE",
            actor=SYSTEM,
            now=NOON + timedelta(days=1),
        )
    letter(agreed)
    inbox.answers["RCPT"] = "550 5.1.1 gone"
    deliver()
    inbox.answers.clear()
    letter(agreed)
    deliver()
    assert [recipients for recipients, _ in inbox.taken] == [["ben@example.org"]]


def test_what_is_given_up_says_why_and_can_be_sent_again(inbox, agreed):
    message = letter(agreed)
    inbox.answers["MAIL"] = "550 5.7.60 not allowed to send as this"
    for hours in range(80):
        deliver(hours=hours)
    assert standing(message) == ("failed", "sender_refused")
    assert MailAccount.objects.get().problem == "sender_refused"
    assert [one.id for one in not_sent()] == [message]
    assert not Contact.objects.exists()
    inbox.answers.clear()
    with transaction.atomic():
        send_again(message_id=message, now=NOON)
    deliver(hours=80)
    assert standing(message) == ("sent", "")
    assert MailAccount.objects.get().problem == ""
    with pytest.raises(UnknownMessage), transaction.atomic():
        send_again(message_id=message, now=NOON)


def test_erasing_somebody_leaves_ids_in_the_outbox_and_sends_nothing(inbox, agreed):
    letter(agreed)
    told = everything(agreed)
    assert told["messages"][0]["text"].startswith("Cem came")
    with transaction.atomic():
        erase(customer_id=agreed, **BY)
    assert not Message.objects.exists()
    deliver()
    assert inbox.taken == []
    row = OutboxRow.objects.get()
    assert (row.ended_as, row.reason) == ("refused", "gone")
    values = " ".join(str(value) for value in OutboxRow.objects.values_list().get())
    assert "ben" not in values.lower()


def test_while_nobody_serves_it_waits_and_says_what_is_wrong(cafe, agreed, serving):
    inbox = serving()
    set_up(1)
    message = letter(agreed)
    deliver()
    assert standing(message) == ("waiting", "port_closed")
    assert MailAccount.objects.get().problem == "port_closed"
    set_up(inbox.port)
    deliver(hours=1)
    assert standing(message) == ("sent", "")


def test_the_messages_to_a_person_are_listed_the_latest_first(inbox, agreed):
    first, second = letter(agreed), letter(agreed, now=NOON + timedelta(minutes=1))
    assert [one.id for one in messages_to(agreed)] == [second, first]


def test_what_a_restored_backup_has_waiting_goes_out_only_when_somebody_says_so(inbox, agreed):
    message = letter(agreed)
    with transaction.atomic():
        assert hold_back(now=NOON) == 1
    assert deliver(hours=1) == 0
    assert standing(message) == ("failed", "restored")
    with transaction.atomic():
        send_again(message_id=message, now=NOON)
    deliver(hours=1)
    assert len(inbox.taken) == 1


def test_the_check_says_what_has_waited_for_long_and_why(inbox, agreed, tmp_path):
    def told():
        return [one.sentence for one in findings(tmp_path) if one.code == "mail_waits"]

    letter(agreed)
    (said,) = told()  # NOON is long ago
    assert "more than an hour" in said
    assert "regulars worker" in said
    inbox.answers["MAIL"] = "550 5.7.60 not as this"
    deliver()
    (said,) = told()
    assert "does not let you send as hallo@cafe.example" in said
    inbox.answers.clear()
    deliver(hours=1)
    assert told() == []
