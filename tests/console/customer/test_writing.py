"""An employee writes to a customer where the gate is open, and reads why it is not where it is shut."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from tests.outreach.conftest import set_up

from regulars.kernel.actor import SYSTEM
from regulars.kernel.outbox.models import OutboxRow
from regulars.outreach.models import MailAccount, Message, Question
from regulars.people.models import Business
from regulars.people.services import add_identity, record_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(town):
    """Ben, with an address; mail is set up."""
    Business.objects.update(
        public_address="https://cafe.example", quiet_from="00:00", quiet_until="00:00"
    )
    set_up(587)
    add_identity(
        customer_id=town["Ben Vogel"],
        kind="email",
        value="ben@posteo.de",
        region="DE",
        actor=SYSTEM,
        now=timezone.now(),
    )
    return town["Ben Vogel"]


def agrees(customer, *, given=True):
    now = timezone.now()
    with transaction.atomic():
        record_consent(
            customer_id=customer, purpose="care", channel="email", given=given, text_version="1",
            proof="form", said_at=now, actor=SYSTEM, now=now,
        )  # fmt: skip


def written(**more):
    return {
        "key": str(uuid4()), "language": "de", "subject": "Danke", "text": "Danke, Ben.",
    } | more  # fmt: skip


def shown(client, customer, query=""):
    answer = client.get(f"/customers/{customer}/write/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_reason_stands_where_the_form_would_be(owner, ben):
    page = shown(owner, ben)
    assert "They have not agreed to this." in page
    assert 'name="subject"' not in page
    assert "Ask whether they want to hear from you" in page
    Business.objects.update(public_address="")
    assert "customers cannot reach this installation yet" in shown(owner, ben)
    MailAccount.objects.all().delete()
    page = shown(owner, ben)
    assert "No mail account is set up." in page
    assert "Ask whether" not in page
    answer = owner.post(f"/customers/{ben}/write/", written())
    assert answer.status_code == 409
    assert not Message.objects.exists()


def test_who_has_no_address_is_not_asked_by_mail(owner, ben, town):
    page = shown(owner, town["Cem"])
    assert "We know no way to reach them there." in page
    assert "Ask whether" not in page


def test_a_letter_is_written_once_and_listed_with_what_became_of_it(owner, ben):
    agrees(ben)
    sent = written()
    for said in ("written", "again"):
        answer = owner.post(f"/customers/{ben}/write/", sent)
        assert answer.headers["Location"] == f"/customers/{ben}/write/?said={said}"
    message = Message.objects.get()
    assert (message.subject, message.language) == ("Danke", "de")
    assert message.written_by.startswith("employee:")
    assert OutboxRow.objects.get().subject_id == message.id
    page = shown(owner, ben, "?said=written")
    assert "It is on its way." in page
    assert "Waits to be sent" in page
    assert 'value="de" selected' in page


@pytest.mark.parametrize(
    ("occasion", "begins"),
    [("thank", "you told others about us"), ("miss", "and we noticed"), ("else", "Hello Ben")],
)
def test_a_letter_begins_by_its_occasion(owner, ben, occasion, begins):
    agrees(ben)
    page = shown(owner, ben, f"?occasion={occasion}")
    assert begins in page
    assert "Café Ana" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subject", "", "Write what it is about"),
        ("text", " ", "Write the message first."),
        ("text", "x" * 5_001, "Say it in fewer words."),
        ("language", "fr", "Choose one of these."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(owner, ben, field, value, said):
    agrees(ben)
    answer = owner.post(f"/customers/{ben}/write/", written(**{field: value}))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Message.objects.exists()


def test_todays_list_leads_to_a_thank_you_where_mail_is_set_up(owner, ben):
    link = f"/customers/{ben}/write/?occasion=thank"
    assert link in owner.get("/").content.decode()
    MailAccount.objects.all().delete()
    assert link not in owner.get("/").content.decode()


def test_they_are_asked_by_mail_once(owner, ben):
    asks = {"key": str(uuid4()), "purpose": "care", "language": "th"}
    answer = owner.post(f"/customers/{ben}/ask/", asks)
    assert answer.headers["Location"].endswith("said=asked")
    assert owner.post(f"/customers/{ben}/ask/", asks).headers["Location"].endswith("again")
    answer = owner.post(f"/customers/{ben}/ask/", asks | {"key": str(uuid4())})
    assert answer.status_code == 409
    assert "it comes once" in answer.content.decode()
    assert Question.objects.get().message.language == "th"
    assert "They agreed" not in shown(owner, ben)
    agrees(ben)
    Question.objects.update(answered_at=timezone.now())
    assert "They agreed" in shown(owner, ben)
    assert "withdrew later" not in shown(owner, ben)
    agrees(ben, given=False)
    assert "They agreed, and withdrew later" in shown(owner, ben)


def test_what_could_not_be_sent_is_tried_again_from_the_settings(owner, ben):
    agrees(ben)
    owner.post(f"/customers/{ben}/write/", written())
    message = Message.objects.get()
    OutboxRow.objects.all().delete()
    Message.objects.update(state="failed", reason="login_wrong")
    page = owner.get("/settings/mail/").content.decode()
    assert "does not know this user name" in page
    owner.post(f"/settings/mail/{message.id}/again/")
    assert OutboxRow.objects.get().subject_id == message.id
    assert owner.post(f"/settings/mail/{message.id}/again/").status_code == 404
