"""What comes back is read from a real mailbox, closes dead addresses, and is never taken twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.outbox.core import Delivered
from regulars.kernel.outbox.models import OutboxRow
from regulars.kernel.outbox.services import deliver_due
from regulars.outreach.delivery import KIND, MAIL
from regulars.outreach.holding import held
from regulars.outreach.models import MailAccount
from regulars.outreach.returned import Report, message_id, read_report
from regulars.outreach.services import take_report
from regulars.outreach.setting_up import Access, read_mailbox
from regulars.people.contact import may_contact
from regulars.people.models import Contact, Suppression
from tests.outreach.conftest import NOON, deliver, letter, set_up, standing
from tests.outreach.servers import PASSWORD, Box, imap_server
from tests.waiting import until_somebody_waits

OURS = UUID("0198c0de-0000-7000-8000-000000000001")


def report(ours=OURS, *, status="5.1.1", action="failed", kind="delivery-status", headers=True):
    """A report as mail servers write them (RFC 3464, RFC 5965)."""
    named = f"Message-ID: {message_id(ours, 'cafe.example')}\r\nSubject: Hello"
    told = (
        f"Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ben@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        if kind == "delivery-status"
        else f"Feedback-Type: {action}\r\nUser-Agent: x/1\r\nVersion: 1\r\n"
    )
    returned = (
        f"Content-Type: text/rfc822-headers\r\n\r\n{named}\r\n"
        if headers
        else f"Content-Type: message/rfc822\r\n\r\n{named}\r\n\r\nThe words.\r\n"
    )
    return (
        f"From: <mailer-daemon@mx.example.org>\r\nTo: hallo@cafe.example\r\nSubject: Returned\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"\r\n'
        f"\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{told}\r\n"
        f"--b\r\n{returned}\r\n--b--\r\n"
    ).encode()


def plain(subject="Hello", text="Is my cake ready?"):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ana@example.org", subject
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize("headers", [True, False])
@pytest.mark.parametrize(
    ("status", "action", "reason"),
    [
        ("5.1.1", "failed", "address_dead"),
        ("5.2.1", "Failed", "address_dead"),
        ("5.2.2", "failed", "mailbox_full"),
        ("5.7.1", "failed", "returned"),
        ("4.4.7", "failed", "returned"),
        ("5.1.8", "failed", "returned"),
        ("4.4.1", "delayed", None),
        ("2.1.5", "delivered", None),
    ],
)
def test_a_report_says_what_became_of_which_message(status, action, reason, headers):
    found = read_report(report(status=status, action=action, headers=headers))
    assert found == (Report(OURS, reason) if reason else None)


def test_a_complaint_is_one_and_praise_is_none():
    abuse = {"kind": "feedback-report", "headers": False}
    assert read_report(report(action="abuse", **abuse)) == Report(OURS, "complaint")
    assert read_report(report(action="not-spam", **abuse)) is None


def test_other_mail_is_left_alone():
    named = message_id(OURS, "cafe.example")
    theirs = report().replace(OURS.hex.encode(), b"somebody-elses")
    for mail in (plain(), plain(text=f"You wrote {named}"), theirs, b"", b"\xff\x00"):
        assert read_report(mail) is None


@given(st.binary(max_size=400))
def test_nothing_that_comes_breaks_the_reading(noise):
    read_report(noise)
    raw = report()
    read_report(raw[: len(noise)] + noise + raw[len(noise) * 2 :])


@pytest.fixture
def box():
    found, server = imap_server()
    yield found
    server.shutdown()
    server.server_close()


def with_mailbox(smtp_port: int, box: Box, **more) -> None:
    told = {
        "host": "127.0.0.1", "port": box.port, "security": "none",
        "username": "ana@cafe.example", "password": PASSWORD,
    } | more  # fmt: skip
    set_up(smtp_port, mailbox=Access(**told))


@pytest.mark.django_db
class TestTheMailbox:
    def read(self, days=0):
        return read_mailbox(now=NOON + timedelta(days=days))

    def test_a_dead_address_is_closed_and_the_contact_given_back(self, inbox, agreed, box):
        with_mailbox(inbox.port, box)
        message = letter(agreed)
        deliver()
        box.mails += [plain(), report(message)]
        assert self.read() is None
        assert standing(message) == ("bounced", "address_dead")
        assert Suppression.objects.get().identity.value == "ben@example.org"
        assert not Contact.objects.exists()
        answer = may_contact(customer_id=agreed, purpose="care", channel="email", now=NOON)
        assert answer.reason == "suppressed"

    def test_nothing_is_changed_in_the_mailbox_and_nothing_read_twice(self, inbox, agreed, box):
        with_mailbox(inbox.port, box)
        message = letter(agreed)
        deliver()
        box.mails += [plain(), report(message, status="5.2.2")]
        self.read()
        assert not any("BODY[]" in one and "PEEK" not in one for one in box.commands)
        assert any(one.startswith("EXAMINE") for one in box.commands)
        assert standing(message) == ("bounced", "mailbox_full")
        assert not Suppression.objects.exists()
        fetched = len([one for one in box.commands if "FETCH" in one])
        self.read(days=1)
        assert len([one for one in box.commands if "FETCH" in one]) == fetched
        box.mails.append(plain())
        self.read(days=2)
        assert len([one for one in box.commands if "FETCH" in one]) == fetched + 1

    def test_only_reports_are_read_and_only_their_beginning(self, inbox, agreed, box):
        with_mailbox(inbox.port, box)
        first, second = letter(agreed), letter(agreed)
        deliver()
        long = report(first, headers=False) + b"a cake as a picture\r\n" * 40_000
        box.mails += [plain(text="cake " * 100_000), long, report(second)]
        box.sizes[3] = 3_000_000  # what a server says of a mail too large to be a report
        self.read()
        assert [standing(one)[0] for one in (first, second)] == ["bounced", "sent"]
        bodies = [one for one in box.commands if "BODY.PEEK[]" in one]
        assert [(one.split()[2], "<0.262144>" in one) for one in bodies] == [("2", True)]

    def test_where_the_server_counts_anew_all_is_read_again_and_changes_nothing(
        self, inbox, agreed, box
    ):
        with_mailbox(inbox.port, box)
        message = letter(agreed)
        deliver()
        box.mails.append(report(message))
        self.read()
        box.validity = 2
        self.read()
        assert Suppression.objects.count() == 1
        assert MailAccount.objects.get().mailbox_validity == 2

    def test_who_complains_hears_no_more_by_mail(self, inbox, agreed, box):
        with_mailbox(inbox.port, box)
        message = letter(agreed)
        deliver()
        complaint = report(message, action="abuse", kind="feedback-report", headers=False)
        box.mails += [complaint, complaint]
        self.read()
        assert standing(message) == ("bounced", "complaint")
        (standing_one,) = Suppression.objects.all()
        assert (standing_one.reason, standing_one.channel) == ("complaint", "email")
        assert Contact.objects.count() == 1

    def test_a_report_ends_what_is_still_being_tried(self, inbox, agreed, box):
        with_mailbox(inbox.port, box)
        message = letter(agreed)
        inbox.answers["HANG_UP"] = ""
        deliver()
        box.mails.append(report(message))
        self.read()
        assert deliver(hours=10) == 0
        assert OutboxRow.objects.get().reason == "address_dead"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
    def test_a_report_and_the_outcome_of_a_delivery_never_wait_for_each_other(self, inbox, agreed):
        set_up(inbox.port)
        message = letter(agreed)

        def delivering():
            try:
                # As if it had just gone out: only what became of it is still to be written down.
                gone_out = replace(MAIL, attempt=lambda *_: Delivered())
                return deliver_due(deliverers={KIND: gone_out}, clock=lambda: NOON)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as beside:
            with transaction.atomic():
                assert held(message) is not None
                delivered = beside.submit(delivering)
                until_somebody_waits()
                take_report(report=Report(message, "address_dead"), now=NOON)
            assert delivered.result() == 1
        assert standing(message) == ("bounced", "address_dead")
        assert OutboxRow.objects.get().reason == "address_dead"

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"password": "guess"}, "login_wrong"),
            ({"port": 1}, "other_mailbox"),
            ({"host": "imap.invalid"}, "host_unknown"),
            ({"security": "starttls"}, "other_mailbox"),
            ({"security": "tls"}, "other_mailbox"),
        ],
    )
    def test_what_stands_in_the_way_is_kept_for_the_settings(self, cafe, box, wrong, reason):
        with_mailbox(587, box, **wrong)
        assert self.read().reason == reason
        assert MailAccount.objects.get().mailbox_problem == reason

    def test_a_mailbox_behind_tls_is_read(self, inbox, agreed, trust):
        found, server = imap_server(trust)
        with_mailbox(inbox.port, found, host="localhost", security="tls")
        message = letter(agreed)
        deliver()
        found.mails.append(report(message))
        try:
            assert self.read() is None
        finally:
            server.shutdown()
            server.server_close()
        assert standing(message)[0] == "bounced"

    def test_where_no_mailbox_is_set_none_is_read(self, inbox):
        assert self.read() is None
        assert MailAccount.objects.get().mailbox_read_at is None
