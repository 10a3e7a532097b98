"""May we write? What holds now, what was said, what forbids it, and who may lift that."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.console.customer.test_customer import post
from tests.console.customer.test_known import known

from regulars.kernel.actor import SYSTEM
from regulars.outreach.services import BY_LINK
from regulars.people.contact import may_contact
from regulars.people.models import Business, Consent, Employee, Identity, Suppression
from regulars.people.services import add_identity, record_consent, remove_identity

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
AGREED = {
    "given": "yes",
    "purpose": "news",
    "channel": "phone",
    "text_version": "2026-01",
    "proof": "at the counter",
    "day": "2026-03-01",
}


@pytest.fixture(autouse=True)
def _any_hour(ready):
    Business.objects.update(quiet_from="03:00", quiet_until="03:00")


def contact(client, customer, **asked) -> str:
    return known(client, customer, "contact", **asked)


def allowed(customer):
    return may_contact(
        customer_id=UUID(customer), purpose="news", channel="phone", now=datetime.now(UTC)
    ).allowed


def test_consent_is_noted_with_text_source_and_day_and_withdrawn_again(owner, town):
    ben = town["Ben Vogel"]
    assert "Nobody asked yet" in contact(owner, ben)
    answer = post(owner, ben, "consent", **AGREED)
    assert answer.headers["Location"].endswith("/contact/?said=consent")
    page = contact(owner, ben)
    assert "agreed on 1 March 2026 · text 2026-01 · at the counter" in page
    assert "They may be contacted." in page
    assert allowed(ben)
    post(owner, ben, "consent", **AGREED | {"given": "no", "day": "2026-03-02"})
    assert "They withdrew" in contact(owner, ben)
    assert not allowed(ben)
    assert Consent.objects.count() == 2  # nothing is written over


def test_after_going_back_in_the_browser_a_no_is_a_no_however_often_they_changed_their_mind(
    owner, town
):
    ben, key = town["Ben Vogel"], str(uuid4())  # of the page that Back brings again
    for given in ("yes", "no", "yes", "no"):
        answer = post(owner, ben, "consent", **AGREED | {"given": given, "key": key, "day": ""})
        assert answer.headers["Location"].endswith("said=consent")
        assert allowed(ben) == (given == "yes")
    assert (
        post(owner, ben, "consent", **AGREED | {"given": "no", "key": key, "day": ""})
        .headers["Location"]
        .endswith("said=again")
    )
    assert Consent.objects.count() == 4


def test_a_no_told_of_a_day_holds_against_the_yes_of_that_day(owner, town):
    ben, yesterday = town["Ben Vogel"], datetime.now(BERLIN).date() - timedelta(days=1)
    post(owner, ben, "consent", **AGREED | {"day": str(yesterday)})
    said_at = datetime.combine(yesterday, time(15), tzinfo=BERLIN)
    record_consent(
        customer_id=UUID(ben), purpose="news", channel="phone", given=True, text_version="1",
        proof="link", said_at=said_at, actor=SYSTEM, now=datetime.now(UTC),
    )  # fmt: skip
    assert allowed(ben)
    no = {"given": "no", "day": str(yesterday), "text_version": "", "proof": "told Mia"}
    post(owner, ben, "consent", **AGREED | no)
    assert "They withdrew" in contact(owner, ben)
    assert not allowed(ben)
    post(owner, ben, "consent", **AGREED | {"day": str(yesterday)})
    assert not allowed(ben)  # nobody knows which of a day came first
    post(owner, ben, "consent", **AGREED | {"day": ""})
    assert allowed(ben)


def test_what_is_said_today_is_the_latest_word_though_a_clock_went_ahead(owner, town):
    ben, ahead = town["Ben Vogel"], datetime.now(UTC) + timedelta(days=1)
    record_consent(
        customer_id=UUID(ben), purpose="news", channel="phone", given=True, text_version="1",
        proof="link", said_at=ahead, actor=SYSTEM, now=ahead,
    )  # fmt: skip
    assert allowed(ben)
    post(owner, ben, "consent", **AGREED | {"given": "no", "day": "", "text_version": ""})
    assert not allowed(ben)
    assert "text " not in contact(owner, ben).partition("withdrew on")[2][:40]


def test_which_address_agreed_by_a_link_is_said_and_that_it_is_gone(owner, town):
    ben = UUID(town["Ben Vogel"])
    say = {"actor": SYSTEM, "now": datetime.now(UTC)}
    add_identity(customer_id=ben, kind="email", value="ben@example.org", region=None, **say)
    record_consent(
        customer_id=ben, purpose="news", channel="email", given=True, text_version="1",
        proof=f"{BY_LINK} 1", said_at=None,
        identity_id=Identity.objects.get(kind="email").id, **say,
    )  # fmt: skip
    assert "by the link in a message to ben@example.org" in contact(owner, ben)
    remove_identity(customer_id=ben, kind="email", value="ben@example.org", region=None)
    page = contact(owner, ben)
    assert "Only an address agreed that is not used any more" in page
    assert "by the link in a message" in page
    assert "ben@example.org" not in page


def test_the_form_is_filled_in_by_what_was_chosen(owner, town):
    page = contact(owner, town["Ben Vogel"], purpose="survey", channel="email", given="no")
    for chosen in ("survey", "email", "no"):
        assert f'<option value="{chosen}" selected>' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_version": ""},
        {"proof": " "},
        {"purpose": "debts"},
        {"channel": "telegraph"},
        {"day": "2999-01-01"},
        {"given": ""},
        {"proof": "x" * 501},
    ],
)
def test_what_cannot_be_a_consent_is_said_and_not_kept(owner, town, wrong):
    answer = post(owner, town["Ben Vogel"], "consent", **AGREED | wrong)
    assert answer.status_code == 400
    assert "problem" in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_profile_is_one_for_all_channels(owner, town):
    post(owner, town["Ben Vogel"], "consent", **AGREED | {"purpose": "profile"})
    assert Consent.objects.get().channel == ""


def test_a_double_click_is_one_word(owner, town):
    key = str(uuid4())
    said = [post(owner, town["Cem"], "consent", **AGREED, key=key) for _ in range(2)]
    assert said[1].headers["Location"].endswith("again")
    assert Consent.objects.count() == 1


def test_who_wants_to_be_left_alone_is_until_a_manager_lifts_it(owner, signed_in, town):
    ben, associate = town["Ben Vogel"], signed_in(Employee.ASSOCIATE)
    post(owner, ben, "consent", **AGREED)
    post(associate, ben, "suppress", channel="everywhere", reason="never")
    assert not allowed(ben)
    page = contact(associate, ben)
    assert "On no channel at all" in page
    assert "Not on every channel" in page
    assert "Lift the ban" not in page
    barrier = Suppression.objects.get()
    lift = f"/customers/{ben}/suppress/{barrier.id}/lift/"
    assert associate.post(lift).status_code == 403
    assert "Lift the ban" in contact(signed_in(Employee.MANAGER), ben)
    assert signed_in(Employee.MANAGER).post(lift).headers["Location"].endswith("said=lifted")
    assert allowed(ben)
    assert owner.post(lift).status_code == 404


def test_the_part_asks_as_often_whatever_was_said(owner, town, django_assert_max_num_queries):
    for channel in ("phone", "email", "sms", "post"):
        for purpose in ("news", "care", "survey", "community"):
            told = AGREED | {"channel": channel, "purpose": purpose}
            post(owner, town["Ben Vogel"], "consent", **told)
    with django_assert_max_num_queries(36):
        contact(owner, town["Ben Vogel"])
