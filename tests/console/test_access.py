"""Who may come where: every role at every page, and strangers nowhere; no browser keeps a page."""

from functools import cache
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from tests.console.conftest import PASSWORD, show_again

from regulars.console.access import EMPLOYEES, MANAGERS, OWNERS, RULES, SENSITIVE, STRANGERS
from regulars.console.urls import urlpatterns
from regulars.people.models import Employee

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=1)
# Written out, so that a rule that is changed by mistake is seen.
OWNERS_ALONE = {
    "first_run_goal", "first_run_questions", "first_run_twenty", "first_run_tomorrow",
    "employees", "employee_add", "employee_leave", "employee_return", "employee_password",
    "mail", "mail_again", "customer_looks", "customer_erase",
    "second_step_later", "employee_position", "employee_step",
    "keys", "key_rotate", "key_revoke", "looks", "backups", "backup_file",
    "backup_restore",
}  # fmt: skip
NOT_FOR_ASSOCIATES = OWNERS_ALONE | {
    "settings", "segments", "segment_people", "segment_new", "segment", "segment_change",
    "segment_remove", "quadrants", "rhythm", "retention",
    "segment_file", "segment_people_file",
    "duplicates", "not_the_same", "merge_undone",
    "customer_data", "customer_merge", "customer_export", "customer_lift",
    "customers_export",
    "locations", "location_change", "contact_rules", "nobody", "nobody_back",
    "scores", "exports", "job_file",
    "imports", "import", "import_tried", "import_taken", "import_dropped",
    "attributes", "attribute_add", "attribute_choices", "attribute_retire", "attribute_again",
}  # fmt: skip
FOR_STRANGERS = {
    "account_login", "mfa_login_webauthn", "mfa_authenticate", "sign_out",
    "first_run_business", "first_run_language",
    "account_request_login_code", "account_confirm_login_code", "restored",
}  # fmt: skip


@cache
def console_routes() -> dict[str, object]:
    found, left = {}, [get_resolver()]
    while left:
        for pattern in left.pop().url_patterns:
            if isinstance(pattern, URLResolver):
                left.append(pattern)
            elif pattern.callback.__module__.startswith("regulars.console"):
                found[pattern.name] = pattern
    return found


def address(route: str) -> str:
    pattern = console_routes()[route].pattern
    ids = {name: 0 if name == "pk" else NOBODY for name in pattern.converters}
    return reverse(route, kwargs=ids)


def test_every_page_has_a_rule_and_every_rule_a_page():
    assert console_routes().keys() == RULES.keys()
    assert {pattern.name for pattern in urlpatterns} == RULES.keys()
    assert all(rule in (STRANGERS, EMPLOYEES, MANAGERS, OWNERS) for rule in RULES.values())


@pytest.mark.parametrize("route", sorted(RULES))
@pytest.mark.parametrize("role", Employee.ROLES)
def test_a_role_comes_where_its_rule_says_and_nowhere_else(signed_in, role, route):
    client = signed_in(role)
    allowed = (
        role == Employee.OWNER
        or (role == Employee.MANAGER and route not in OWNERS_ALONE)
        or route not in NOT_FOR_ASSOCIATES
    )
    for answer in (client.get(address(route)), client.post(address(route))):
        if answer.status_code != 405:
            assert (answer.status_code != 403) == allowed, answer.status_code
        assert answer.status_code < 500
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("route", sorted(RULES.keys() - FOR_STRANGERS))
def test_a_stranger_is_led_to_the_door(ready, route):
    for answer in (Client().get(address(route)), Client().post(address(route))):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")


def test_who_is_let_in_no_more_is_out_at_once(signed_in):
    associate = signed_in(Employee.ASSOCIATE)
    assert associate.get("/customers/").status_code == 200
    Employee.objects.filter(role=Employee.ASSOCIATE).update(is_active=False)
    assert associate.get("/customers/").headers["Location"] == "/sign-in/"


def test_a_stylesheet_is_kept(owner):
    assert "no-store" not in owner.get("/static/look/tokens.css").headers["Cache-Control"]


def test_the_way_shows_only_where_one_may_go(signed_in):
    shown = signed_in(Employee.ASSOCIATE).get("/").content.decode()
    assert "/settings/" not in shown
    assert "Decipher" in shown
    assert "Apply" not in shown
    assert "/settings/employees/" in signed_in(Employee.OWNER).get("/").content.decode()


def test_an_address_that_leads_nowhere_says_so(owner):
    answer = owner.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page." in answer.content.decode()


@pytest.mark.parametrize("route", sorted(SENSITIVE))
def test_before_what_matters_most_one_shows_again_that_it_is_oneself(signed_in, route):
    client, owner = signed_in(Employee.OWNER), Employee.objects.get(role=Employee.OWNER)
    show_again(client, owner, ago_seconds=16 * 60)
    answer = client.post(address(route))
    assert answer.headers["Location"].startswith("/sign-in/again/?next=")


def test_what_was_asked_for_is_done_once_it_was_shown(signed_in):
    client, owner = signed_in(Employee.OWNER), Employee.objects.get(role=Employee.OWNER)
    show_again(client, owner, ago_seconds=16 * 60)
    asked = client.post("/settings/employees/add/", {"name": "Ben", "role": "associate"})
    again = asked.headers["Location"]
    assert client.post(again, {"password": "wrong"}).status_code == 400
    assert not Employee.objects.filter(name="Ben").exists()
    shown = client.post(again, {"password": PASSWORD})
    assert "The one-time password of Ben" in shown.content.decode()
    assert Employee.objects.filter(name="Ben").exists()
