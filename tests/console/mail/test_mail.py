"""Mail is set up by its owner in the browser: tried for real, its password never shown again."""

import pytest
from django.test import Client
from tests.outreach.conftest import serving, trust, trusted
from tests.outreach.servers import PASSWORD

from regulars.outreach.accounts import opened
from regulars.outreach.models import MailAccount
from regulars.people.models import Business, Employee

__all__ = ["serving", "trust", "trusted"]
pytestmark = pytest.mark.django_db
ANA = "ana@cafe.example"


def told(port=587, **more):
    return {
        "provider": "own", "host": "127.0.0.1", "port": str(port), "security": "none",
        "username": "", "password": "", "sender_name": "Café Ana", "sender_address": ANA,
        "imprint": "Hauptstraße 1", "public_address": "", "to": "owner@example.org",
    } | more  # fmt: skip


def test_the_page_says_what_is_missing_until_nothing_is(owner, serving, settings):
    settings.ALLOWED_HOSTS = ["testserver", "cafe.example"]
    inbox = serving()
    page = owner.get("/settings/mail/").content.decode()
    assert "An account to send from" in page
    assert owner.post("/settings/mail/", told(inbox.port)).headers["Location"].endswith("said=kept")
    page = owner.get("/settings/mail/").content.decode()
    assert "A test: nothing has gone out yet" in page
    assert "An address on the internet" in page
    for address, missing in (("https://else.example", True), ("https://cafe.example", False)):
        answer = owner.post(
            "/settings/mail/", told(inbox.port, public_address=address, **{"try": "1"})
        )
        page = owner.get(answer.headers["Location"]).content.decode()
        assert "the message is there" in page
        assert ("add it to REGULARS_HOSTS" in page) == missing
    assert "Still missing" not in page
    assert "Mail works." in page
    assert Business.objects.get().public_address == "https://cafe.example"
    assert [mail["To"] for mail in inbox.mails] == ["owner@example.org"] * 2


def test_what_went_wrong_is_said_in_words_and_what_was_typed_is_kept(owner, serving, trust):
    inbox = serving(tls=trust, login=True)
    more = {"host": "localhost", "security": "starttls", "username": ANA, "try": "1"}
    answer = owner.post("/settings/mail/", told(inbox.port, password="guess", **more))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "localhost does not know this user name with this password." in page
    assert "535" in page
    assert 'value="localhost"' in page
    assert "guess" not in page
    answer = owner.post("/settings/mail/", told(inbox.port, password=PASSWORD, **more))
    assert answer.headers["Location"].endswith("said=tried")


def test_the_password_is_never_shown_and_stays_where_it_is_not_typed(owner):
    owner.post("/settings/mail/", told(username=ANA, password=PASSWORD))
    page = owner.get("/settings/mail/").content.decode()
    assert PASSWORD not in page
    assert MailAccount.objects.get().password not in page
    owner.post("/settings/mail/", told(username=ANA, sender_name="Ana"))
    assert opened(MailAccount.objects.get().password) == PASSWORD
    answer = owner.post("/settings/mail/", told(username=ANA, host="else.example"))
    assert "Type the password again" in answer.content.decode()
    assert MailAccount.objects.get().host == "127.0.0.1"


def test_a_provider_brings_its_servers(owner):
    more = {"provider": "gmail", "host": "", "port": "", "username": ANA, "returned": "1"}
    owner.post("/settings/mail/", told(password="x", **more))
    kept = MailAccount.objects.get()
    assert (kept.host, kept.port, kept.security) == ("smtp.gmail.com", 587, "starttls")
    assert (kept.mailbox_host, kept.mailbox_port) == ("imap.gmail.com", 993)
    owner.post("/settings/mail/", told(password="x", **(more | {"returned": ""})))
    assert MailAccount.objects.get().mailbox_host == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("host", "", "Write the name of the server"),
        ("host", "a b", "cannot be used for mail"),
        ("port", "70000", "Write the port"),
        ("port", "²", "Write the port"),
        ("sender_address", "ana", "This is not an e-mail address."),
        ("sender_address", "jörg@münchen.example", "before the @"),
        ("sender_name", "", "Write who the mail is from."),
        ("to", "a@b@c", "This is not an e-mail address."),
        ("public_address", "http://cafe.example", "has to begin with https://"),
        ("public_address", "https://cafe.example/x", "without anything behind it"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(owner, field, value, said):
    answer = owner.post("/settings/mail/", told() | {field: value})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not MailAccount.objects.exists()


def test_it_is_the_owners_alone(signed_in):
    for role in (Employee.MANAGER, Employee.ASSOCIATE):
        assert signed_in(role).get("/settings/mail/").status_code == 403
        assert signed_in(role).post("/settings/mail/", told()).status_code == 403
    assert Client().get("/settings/mail/").status_code == 302
