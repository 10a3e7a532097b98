"""Who works here, as what and where; and who looked at whom."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from regulars.console.door.forms import SignInForm
from regulars.kernel.actor import Actor
from regulars.people.audit import looked_at, looks, looks_at
from regulars.people.errors import (
    LastOwner,
    LocationTaken,
    LoginTaken,
    UnknownEmployee,
    UnknownKind,
    UnknownLocation,
    WeakPassword,
)
from regulars.people.models import Employee
from regulars.people.services import (
    add_customer,
    add_employee,
    add_location,
    change_locations,
    change_password,
    change_role,
    close_location,
    deactivate_employee,
    merge,
    reactivate_employee,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
GOOD = "der beste Kaffee"


def hire(name, role=Employee.ASSOCIATE, **more):
    return add_employee(name=name, role=role, password=GOOD, now=NOW, **more)


class TestEmployees:
    def test_they_sign_in_by_a_name_of_their_own(self):
        jo = Employee.objects.get(id=hire("Jo Núñez"))
        assert (jo.login, jo.role, jo.is_active) == ("jo nunez", Employee.ASSOCIATE, True)
        assert jo.check_password(GOOD)
        with pytest.raises(LoginTaken):
            hire("jo nuñez")
        hire("Jo Núñez", login="Jo 2")

    def test_a_thai_name_is_signed_in_with_in_thai_or_as_it_is_said(self):
        somchai = Employee.objects.get(id=hire("สมชาย ใจดี"))
        assert somchai.login == "somchai chaidi"
        for typed in ("สมชาย ใจดี", "Somchai  Chaidi"):
            form = SignInForm({"name": typed, "password": GOOD})
            form.cleaned_data = {"login": typed}
            assert form.clean_login() == somchai.login

    def test_a_password_that_is_guessed_soon_is_refused(self):
        jo = hire("Jo")
        for weak in ("short", "123456789", ""):
            with pytest.raises(WeakPassword, match="10 characters"):
                change_password(employee_id=jo, password=weak)
        with pytest.raises(WeakPassword):
            add_employee(name="Maximiliane", role=Employee.MANAGER, password="maximiliane", now=NOW)
        change_password(employee_id=jo, password="ein anderer Kaffee")
        assert Employee.objects.get(id=jo).check_password("ein anderer Kaffee")

    def test_they_work_somewhere_or_everywhere(self):
        harbour, market = (add_location(name=name, now=NOW) for name in ("Harbour", "Market"))
        jo = hire("Jo", locations=[harbour])
        change_locations(employee_id=jo, locations=[harbour, market])
        assert {place.name for place in Employee.objects.get(id=jo).locations.all()} == {
            "Harbour",
            "Market",
        }
        close_location(location_id=market, now=NOW)
        for gone in (market, uuid4()):
            with pytest.raises(UnknownLocation):
                change_locations(employee_id=jo, locations=[gone])
        with pytest.raises(UnknownLocation):
            close_location(location_id=market, now=NOW)
        with pytest.raises(LocationTaken):
            add_location(name="Harbour", now=NOW)

    def test_who_leaves_signs_in_no_more_and_may_come_back(self):
        hire("Ana", Employee.OWNER)
        jo = hire("Jo")
        deactivate_employee(employee_id=jo, now=NOW)
        deactivate_employee(employee_id=jo, now=NOW + timedelta(days=1))
        gone = Employee.objects.get(id=jo)
        assert (gone.is_active, gone.deactivated_at) == (False, NOW)
        reactivate_employee(employee_id=jo)
        assert Employee.objects.get(id=jo).is_active

    def test_somebody_always_owns_it(self):
        ana = hire("Ana", Employee.OWNER)
        for leave in (
            lambda: deactivate_employee(employee_id=ana, now=NOW),
            lambda: change_role(employee_id=ana, role=Employee.MANAGER),
        ):
            with pytest.raises(LastOwner):
                leave()
        ben = hire("Ben")
        change_role(employee_id=ben, role=Employee.OWNER)
        deactivate_employee(employee_id=ana, now=NOW)
        with pytest.raises(LastOwner):
            change_role(employee_id=ben, role=Employee.ASSOCIATE)

    def test_there_are_three_roles_and_nobody_unknown_has_one(self):
        with pytest.raises(UnknownKind):
            hire("Jo", "king")
        with pytest.raises(UnknownEmployee):
            change_role(employee_id=uuid4(), role=Employee.OWNER)


def test_every_look_leaves_a_line_for_whoever_asks_later():
    jo, kim = Actor("employee", "jo"), Actor("employee", "kim")
    ana, anna = (
        add_customer(name=name, region="DE", actor=jo, now=NOW) for name in ("Ana", "Anna")
    )
    looked_at(customer_id=ana, actor=jo, now=NOW)
    looked_at(customer_id=anna, what="export", actor=kim, now=NOW + timedelta(minutes=1))
    assert [look.customer_id for look in looks(by=jo, limit=9)] == [ana]
    merge(kept=ana, merged=anna, actor=jo, now=NOW)
    assert [(look.looked_by, look.what) for look in looks_at(anna)] == [
        ("employee:kim", "export"),
        ("employee:jo", "profile"),
    ]
    with pytest.raises(UnknownKind):
        looked_at(customer_id=ana, what="shoes", actor=jo, now=NOW)
