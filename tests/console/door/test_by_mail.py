"""Signing in by a code that is mailed, and an address that is shown to be one's own first."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.console.conftest import NOW, PASSWORD, came_in, show_again
from tests.console.door.test_second_step import code_of
from tests.console.door.test_second_step import set_up as set_up_app
from tests.outreach.conftest import serving, set_up
from tests.outreach.servers import Inbox

from regulars.credentials.lockout import MOST_BY_LOGIN
from regulars.kernel.outbox.models import OutboxRow
from regulars.kernel.outbox.services import deliver_due
from regulars.outreach.models import EmployeeMail, MailAccount
from regulars.outreach.to_employees import CODE_MINUTES, hold_codes_back
from regulars.people.errors import EmployeeAddressTaken
from regulars.people.models import Business, Employee
from regulars.people.services import (
    add_employee,
    confirm_address,
    deactivate_employee,
    note_address,
)
from regulars.project.mailing import DELIVERERS

__all__ = ["serving"]
pytestmark = pytest.mark.django_db
BEN = "ben@example.org"


@pytest.fixture
def inbox(ready: Business, serving: Callable[..., Inbox]) -> Inbox:
    """Mail is set up, and a message went out by it."""
    found = serving()
    set_up(found.port)
    MailAccount.objects.update(worked_at=NOW)
    return found


@pytest.fixture
def ben(ready: Business) -> Employee:
    """Somebody with an address that is theirs."""
    added = add_employee(name="Ben", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    confirm_address(employee_id=added, email=BEN, now=NOW)
    return Employee.objects.get(id=added)


def deliver(minutes: float = 0) -> None:
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    deliver_due(deliverers=DELIVERERS, clock=lambda: now)


def code_in(inbox: Inbox) -> str:
    text = inbox.mails[-1].get_body(("plain",)).get_content()
    return re.search(r"^ *(\d{4} \d{4})\r?$", text, re.MULTILINE)[1]


def asked_for(name: str, address: str = "192.0.2.7", **more: str) -> Client:
    """Somebody who has asked for a code, and is asked for it."""
    person = Client(REMOTE_ADDR=address)
    answer = person.post("/sign-in/by-mail/", {"name": name, **more})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].startswith("/sign-in/code/")
    return person


@pytest.mark.parametrize("told", ["Ben", "ben", BEN, " Ben@Example.org "])
def test_a_code_comes_to_whoever_asks_by_name_or_address_and_lets_them_in(
    inbox: Inbox, ben: Employee, told: str
) -> None:
    assert "Mail me a code instead" in Client().get("/sign-in/").content.decode()
    person = asked_for(told)
    deliver()
    ((to, mail),) = inbox.taken
    assert to == [BEN]
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Your code for Café Ana", "auto-generated")
    assert "List-Unsubscribe" not in mail
    assert "Look into your mail" in person.get("/sign-in/code/").content.decode()
    assert person.post("/sign-in/code/", {"code": code_in(inbox)}).headers["Location"] == "/"
    assert person.get("/").status_code == 200
    assert not EmployeeMail.objects.exists(), "what was sent is kept no longer"


def test_the_code_is_of_use_in_the_browser_that_asked_for_it_and_nowhere_else(
    inbox: Inbox, ben: Employee
) -> None:
    asked_for("Ben")
    deliver()
    other = asked_for("Ben")
    answer = other.post("/sign-in/code/", {"code": code_in(inbox)})
    assert "This is not the code of our latest message." in answer.content.decode()


def test_nobody_learns_who_works_here_or_has_an_address(inbox: Inbox, ben: Employee) -> None:
    add_employee(name="Cem", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    pages = []
    for name in ("Ben", "Cem", "Nobody", "nobody@example.org"):
        person = asked_for(name)
        page = person.get("/sign-in/code/")
        wrong = [person.post("/sign-in/code/", {"code": "0000 0000"}) for _ in range(3)]
        shown = [re.sub(r'value="\w{64}"', "", one.content.decode()) for one in (page, *wrong)]
        pages.append((shown, [one.status_code for one in wrong], wrong[-1].headers.get("Location")))
    assert all(one == pages[0] for one in pages)
    assert pages[0][1:] == ([400, 400, 302], "/sign-in/by-mail/?said=tries")
    assert OutboxRow.objects.count() == 4, "as much is done for nobody as for somebody"
    deliver()
    assert [to for to, _ in inbox.taken] == [[BEN]]


def test_an_empty_code_lets_nobody_in_who_is_nobody(inbox: Inbox, ben: Employee) -> None:
    for code in ("", " ", "0", "\x00"):
        person = asked_for("Nobody" + code.replace("\x00", "x"))
        assert person.post("/sign-in/code/", {"code": code}).status_code == 400


def test_five_wrong_codes_shut_the_door_and_asking_again_does_not_open_it(
    inbox: Inbox, ben: Employee
) -> None:
    tried = 0
    while tried < MOST_BY_LOGIN:
        person = asked_for("Ben")
        for _ in range(2):
            answer = person.post("/sign-in/code/", {"code": "00000000"})
            tried += 1
            if tried == MOST_BY_LOGIN:
                break
    assert answer.status_code == 429
    assert "Try again in 15 minutes." in answer.content.decode()
    deliver()
    assert person.post("/sign-in/code/", {"code": code_in(inbox)}).status_code == 429
    assert (
        Client(REMOTE_ADDR="192.0.2.9")
        .post("/sign-in/", {"name": "Ben", "password": PASSWORD})
        .headers["Location"]
        == "/"
    ), "the password still does"


def test_after_five_messages_in_a_quarter_of_an_hour_no_other_is_sent(
    inbox: Inbox, ben: Employee
) -> None:
    for _ in range(MOST_BY_LOGIN):
        asked_for("Ben")
    answer = Client(REMOTE_ADDR="192.0.2.8").post("/sign-in/by-mail/", {"name": "ben "})
    assert answer.status_code == 429
    assert EmployeeMail.objects.count() == 1, "an earlier code that waits gives way"
    deliver()
    assert len(inbox.taken) == 1


def test_a_code_that_comes_too_late_is_not_sent_and_lets_nobody_in(
    inbox: Inbox, ben: Employee
) -> None:
    person = asked_for("Ben")
    deliver(minutes=CODE_MINUTES + 1)
    assert not inbox.taken
    assert not EmployeeMail.objects.exists()
    session = person.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 16 * 60
    session.save()
    answer = person.post("/sign-in/code/", {"code": "00000000"})
    assert answer.headers["Location"] == "/sign-in/by-mail/"


def test_a_second_step_is_asked_for_as_after_a_password(inbox: Inbox, ben: Employee) -> None:
    secret, _ = set_up_app(came_in(ben))
    person = asked_for("Ben")
    deliver()
    answer = person.post("/sign-in/code/", {"code": code_in(inbox)})
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert person.get("/").headers["Location"].startswith("/sign-in/")
    assert (
        person.post("/sign-in/second-step/", {"code": code_of(secret, steps=1)}).headers["Location"]
        == "/"
    )


def test_who_has_forgotten_the_password_comes_in_to_choose_another(
    inbox: Inbox, ben: Employee
) -> None:
    assert "Forgotten the password?" in Client().get("/sign-in/").content.decode()
    person = asked_for("Ben", next="/password/")
    deliver()
    told = {"code": code_in(inbox), "next": "/password/"}
    assert person.post("/sign-in/code/", told).headers["Location"] == "/password/"
    assert person.post("/password/", {"password": "tea with Cem"}).status_code == 302
    again = Client().post("/sign-in/", {"name": "Ben", "password": "tea with Cem"})
    assert again.headers["Location"] == "/"


def test_a_code_leads_to_no_other_site(inbox: Inbox, ben: Employee) -> None:
    person = asked_for("Ben", next="https://else.example/")
    deliver()
    told = {"code": code_in(inbox), "next": "https://else.example/"}
    assert person.post("/sign-in/code/", told).headers["Location"] == "/"


def test_it_is_offered_where_mail_works_and_somebody_has_an_address(
    inbox: Inbox, ben: Employee
) -> None:
    def is_offered() -> bool:
        shown = "by-mail" in Client().get("/sign-in/").content.decode()
        assert (Client().get("/sign-in/by-mail/").status_code == 200) == shown
        return shown

    assert is_offered()
    MailAccount.objects.update(problem="wrong_password")
    assert not is_offered()
    MailAccount.objects.update(problem="", worked_at=None)
    assert not is_offered(), "nothing has gone out yet"
    MailAccount.objects.update(worked_at=NOW)
    note_address(employee_id=ben.id, email="other@example.org")
    assert not is_offered(), "nobody has shown that it is theirs"


def test_who_has_left_gets_no_code_and_their_address_is_forgotten(
    inbox: Inbox, ben: Employee
) -> None:
    add_employee(name="Ana", role=Employee.OWNER, password=PASSWORD, now=NOW)
    asked_for("Ben")
    deactivate_employee(employee_id=ben.id, now=NOW)
    deliver()
    assert not inbox.taken
    assert Employee.objects.get(id=ben.id).email == ""


def test_ones_own_address_is_kept_once_a_code_came_there(inbox: Inbox, ready: Business) -> None:
    added = add_employee(name="Cem", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    cem = Employee.objects.get(id=added)
    person = came_in(cem)
    wrong = person.post("/me/address/", {"email": "cem@"})
    assert wrong.status_code == 400
    assert "is not an e-mail address" in wrong.content.decode()
    answer = person.post("/me/address/", {"email": "Cem@Example.org"})
    assert answer.headers["Location"] == "/me/address/code/"
    deliver()
    assert inbox.taken[0][0] == ["cem@example.org"]
    cem.refresh_from_db()
    assert cem.email == "", "not theirs yet"
    assert person.post("/me/address/code/", {"code": "12345678"}).status_code == 400
    answer = person.post("/me/address/code/", {"code": code_in(inbox)})
    assert answer.headers["Location"] == "/me/?said=address"
    cem.refresh_from_db()
    assert cem.email == "cem@example.org"
    assert "come to cem@example.org" in person.get("/me/").content.decode()


def test_the_address_before_is_told_when_another_takes_its_place(
    inbox: Inbox, ben: Employee
) -> None:
    person = came_in(ben)
    person.post("/me/address/", {"email": "new@example.org"})
    deliver()
    person.post("/me/address/code/", {"code": code_in(inbox)})
    deliver()
    to, mail = inbox.taken[-1]
    assert to == [BEN]
    assert "no longer come to this address" in mail.get_body(("plain",)).get_content()
    assert person.post("/me/address/forget/").headers["Location"] == "/me/?said=no_address"
    deliver()
    assert inbox.taken[-1][0] == ["new@example.org"]
    assert Employee.objects.get(id=ben.id).email == ""


def test_an_address_is_one_persons(inbox: Inbox, ben: Employee) -> None:
    added = add_employee(name="Cem", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    answer = came_in(Employee.objects.get(id=added)).post("/me/address/", {"email": BEN})
    assert answer.status_code == 400
    assert "Somebody else who works here has this address." in answer.content.decode()
    with pytest.raises(EmployeeAddressTaken):
        confirm_address(employee_id=added, email=BEN, now=NOW)


def test_before_the_address_changes_one_shows_again_that_it_is_oneself(
    inbox: Inbox, ben: Employee
) -> None:
    person = came_in(ben)
    show_again(person, ben, ago_seconds=60 * 60)
    answer = person.get("/me/address/")
    assert answer.headers["Location"].startswith("/sign-in/again/")


def test_an_owner_notes_an_address_and_no_code_goes_there_before_it_is_confirmed(
    inbox: Inbox, owner: Client
) -> None:
    added = add_employee(name="Cem", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    position = f"/settings/employees/{added}/position/"
    told = {"role": Employee.ASSOCIATE, "email": "cem@example.org"}
    assert owner.post(position, told).status_code == 302
    cem = Employee.objects.get(id=added)
    assert (cem.email, cem.email_confirmed_at) == ("cem@example.org", None)
    confirm_address(employee_id=Employee.objects.get(role="owner").id, email=BEN, now=NOW)
    asked_for("Cem")
    deliver()
    assert not inbox.taken
    page = came_in(cem).get("/me/").content.decode()
    assert "cem@example.org was noted for you." in page
    assert owner.post(position, told | {"email": "cem@"}).status_code == 400
    assert owner.post(position, told | {"email": ""}).status_code == 302
    assert Employee.objects.get(id=added).email == ""


def test_a_restored_backup_mails_no_codes(inbox: Inbox, ben: Employee) -> None:
    asked_for("Ben")
    hold_codes_back(now=datetime.now(UTC))
    deliver()
    assert not inbox.taken
    assert not EmployeeMail.objects.exists()


def test_the_database_tells_nobody_a_code_that_waits(inbox: Inbox, ben: Employee) -> None:
    asked_for("Ben")
    (waiting,) = EmployeeMail.objects.values()
    deliver()
    code = code_in(inbox)
    assert code not in str(waiting)
    assert code.replace(" ", "") not in str(waiting)
