"""The settings are tried for real, and what is wrong is said in the owner's words; no password is ever told."""

import pytest
from django.conf import settings

from regulars.outreach.accounts import mail_account, opened
from regulars.outreach.errors import InvalidMailAccount, NoMailAccount, SenderNotArriving
from regulars.outreach.models import MailAccount
from regulars.outreach.reasons import sentence
from regulars.outreach.setting_up import Access, try_account
from regulars.people.errors import InvalidEmail, UnknownKind
from tests.outreach.conftest import NOON, set_up
from tests.outreach.servers import PASSWORD

pytestmark = pytest.mark.django_db
ANA = "ana@cafe.example"


def tried(to="owner@example.org"):
    trouble = try_account(to=to, now=NOON)
    return trouble.reason if trouble else None


def test_a_message_arrives_by_starttls_with_a_password(cafe, serving, trust):
    inbox = serving(tls=trust, login=True)
    set_up(inbox.port, security="starttls", host="localhost", username=ANA)
    assert tried() is None
    (mail,) = inbox.mails
    assert mail["To"] == "owner@example.org"
    assert "List-Unsubscribe" not in mail
    assert mail["Auto-Submitted"] == "auto-generated"
    assert MailAccount.objects.get().worked_at == NOON


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd takes only STARTTLS for TLS
def test_a_message_arrives_by_tls_from_the_first_byte(cafe, serving, trust):
    inbox = serving(tls=trust, implicit=True, login=True)
    set_up(inbox.port, security="tls", host="localhost", username=ANA)
    assert tried() is None
    assert len(inbox.taken) == 1


def test_the_password_for_sending_is_given_to_no_other_server_unless_it_is_typed_again(cafe):
    set_up(587, host="mail.cafe.example", username=ANA)
    elsewhere = Access(
        host="imap.elsewhere.example", port=993, security="tls", username="", password=""
    )
    with pytest.raises(InvalidMailAccount):
        set_up(587, host="mail.cafe.example", username=ANA, password="", mailbox=elsewhere)
    assert MailAccount.objects.get().mailbox_host == ""
    set_up(587, host="mail.cafe.example", username=ANA, mailbox=elsewhere)
    assert MailAccount.objects.get().mailbox_host == "imap.elsewhere.example"


def test_a_sender_whom_no_server_can_be_told_is_not_kept(cafe):
    with pytest.raises(SenderNotArriving):
        set_up(587, sender_address="jörg@münchen.example")
    assert not MailAccount.objects.exists()
    set_up(587, sender_address="joerg@münchen.example")
    assert MailAccount.objects.get().sender_address == "joerg@xn--mnchen-3ya.example"


class TestWhatIsWrongIsSaid:
    def test_a_wrong_password(self, cafe, serving, trust):
        inbox = serving(tls=trust, login=True)
        set_up(inbox.port, security="starttls", host="localhost", username=ANA, password="guess")
        assert tried() == "login_wrong"
        assert MailAccount.objects.get().problem == "login_wrong"

    def test_no_password_where_one_is_wanted(self, cafe, serving, trust):
        set_up(serving(tls=trust, login=True).port, security="starttls", host="localhost")
        assert tried() == "login_needed"

    def test_a_host_that_is_not_there(self, cafe):
        set_up(587, host="mail.invalid")
        assert tried() == "host_unknown"

    def test_a_port_where_nobody_listens(self, cafe):
        set_up(1)
        assert tried() == "port_closed"

    def test_a_certificate_that_nobody_vouches_for(self, cafe, serving, trusted):
        set_up(serving(tls=trusted[0]).port, security="starttls", host="localhost")
        assert tried() == "certificate"

    def test_a_server_that_has_no_starttls(self, cafe, serving):
        set_up(serving().port, security="starttls")
        assert tried() == "no_starttls"

    def test_tls_where_plain_is_spoken(self, cafe, serving):
        set_up(serving().port, security="tls")
        assert tried() == "other_security"

    def test_a_password_where_none_can_be_given(self, cafe, serving):
        set_up(serving().port, username=ANA)
        assert tried() == "login_not_offered"

    @pytest.mark.parametrize(
        ("command", "said", "reason"),
        [
            ("MAIL", "553 5.7.1 not your address", "sender_refused"),
            ("MAIL", "530 5.7.0 sign in first", "login_needed"),
            ("RCPT", "550 5.1.1 nobody there", "address_dead"),
            ("RCPT", "554 5.7.1 relay access denied", "recipient_refused"),
            ("DATA", "554 5.7.1 looks like spam", "message_refused"),
            ("DATA", "550 5.4.5 daily sending quota exceeded", "too_many"),
            ("MAIL", "421 4.7.0 try later", "too_many"),
        ],
    )
    def test_what_the_server_refuses(self, cafe, serving, command, said, reason):
        inbox = serving()
        inbox.answers[command] = said
        set_up(inbox.port)
        trouble = try_account(to="owner@example.org", now=NOON)
        assert (trouble.reason, trouble.said) == (reason, said)
        told = sentence(reason, host="h", port=25, sender="s")
        assert "{" not in told
        assert told.endswith(".")

    def test_an_address_that_is_none(self, cafe, serving):
        set_up(serving().port)
        for wrong in ("", "owner", "a@b\r\nBcc: c@d.example"):
            with pytest.raises(InvalidEmail):
                try_account(to=wrong, now=NOON)

    def test_no_account_at_all(self, cafe):
        with pytest.raises(NoMailAccount):
            try_account(to="owner@example.org", now=NOON)


class TestThePassword:
    def test_it_is_sealed_and_in_nothing_that_is_printed(self, cafe):
        set_up(587, username=ANA)
        kept = mail_account()
        assert PASSWORD not in kept.password
        assert opened(kept.password) == PASSWORD
        assert PASSWORD not in repr(Access(host="h", port=1, security="tls", username="u"))

    def test_it_stays_with_its_server_and_user_name_and_goes_to_no_other(self, cafe):
        set_up(587, username=ANA)
        set_up(465, username=ANA, password="", security="tls")
        assert opened(mail_account().password) == PASSWORD
        for changed in ({"host": "evil.example"}, {"username": "eve"}):
            with pytest.raises(InvalidMailAccount):
                set_up(587, **({"username": ANA, "password": ""} | changed))
        assert mail_account().host == "127.0.0.1"

    def test_with_another_secret_it_has_to_be_typed_again(self, cafe, monkeypatch):
        set_up(587, username=ANA)
        monkeypatch.setattr(settings, "SECRET_KEY", "another")
        assert tried() == "password_lost"


def test_what_cannot_be_an_account_is_refused(cafe):
    for wrong in ({"host": "a b"}, {"host": "a/b"}, {"port": 0}, {"port": 65_536}):
        with pytest.raises(InvalidMailAccount):
            set_up(**({"port": 587} | wrong))
    with pytest.raises(InvalidEmail):
        set_up(587, sender_address="nobody")
    with pytest.raises(UnknownKind):
        set_up(587, security="rot13")
    assert mail_account() is None
