"""Who may come where: every role at every page, and strangers nowhere."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from regulars.console.access import EMPLOYEES, MANAGERS, OWNERS, RULES, STRANGERS
from regulars.console.urls import urlpatterns
from regulars.people.models import Employee

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=1)
# Written out, so that a rule that is changed by mistake is seen.
OWNERS_ALONE = {
    "first_run_goal", "first_run_questions", "first_run_twenty", "first_run_tomorrow",
    "employees", "employee_add", "employee_leave", "employee_return", "employee_password",
    "mail", "mail_again", "customer_looks", "customer_erase",
}  # fmt: skip
NOT_FOR_ASSOCIATES = OWNERS_ALONE | {
    "settings", "segments", "segment_people", "duplicates", "not_the_same", "merge_undone",
    "customer_data", "customer_merge", "customer_export", "customer_lift",
}  # fmt: skip
FOR_STRANGERS = {"sign_in", "sign_out", "first_run_business", "first_run_language"}


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
    return reverse(route, kwargs=dict.fromkeys(pattern.converters, NOBODY))


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
    for answer in (client.get(address(route)), signed_in(role).post(address(route))):
        if answer.status_code != 405:
            assert (answer.status_code != 403) == allowed, answer.status_code
        assert answer.status_code < 500


@pytest.mark.parametrize("route", sorted(RULES.keys() - FOR_STRANGERS))
def test_a_stranger_is_led_to_the_door(ready, route):
    for answer in (Client().get(address(route)), Client().post(address(route))):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")


def test_who_is_let_in_no_more_is_out_at_once(signed_in):
    associate = signed_in(Employee.ASSOCIATE)
    assert associate.get("/customers/").status_code == 200
    Employee.objects.filter(role=Employee.ASSOCIATE).update(is_active=False)
    assert associate.get("/customers/").headers["Location"] == "/sign-in/"


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
