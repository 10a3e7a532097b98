"""``regulars user``: who works here, from the terminal; for whoever has lost every password too."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, opened
from regulars.kernel.language import gettext

if TYPE_CHECKING:
    from regulars.people.models import Employee

Login = Annotated[str, typer.Argument(help=gettext("What they sign in with."))]

user_app = typer.Typer(no_args_is_help=True)


@user_app.command(help=gettext("Add somebody; prints a password to hand over."))
@command
def add(
    name: Annotated[str, typer.Argument(help=gettext("As people call them."))],
    *,
    role: Annotated[
        Literal["owner", "manager", "associate"],
        typer.Option("--role", help=gettext("What they may do.")),
    ] = "associate",
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Add an employee."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.models import Employee  # noqa: PLC0415
    from regulars.people.passwords import one_time_password  # noqa: PLC0415
    from regulars.people.services import add_employee  # noqa: PLC0415

    password = one_time_password()
    with transaction.atomic():
        added = add_employee(
            name=name, role=role, password=password, is_one_time=True, now=datetime.now(UTC)
        )
    _hand_over(Employee.objects.get(id=added).login, password, json_=json_)


@user_app.command(name="list", help=gettext("Show who works here."))
@command
def list_(*, home: HomeOption = None, json_: JsonOption = False) -> None:
    """Show the employees."""
    opened(home)
    from regulars.credentials.second_step import who_have_a_second_step  # noqa: PLC0415
    from regulars.people.models import Employee  # noqa: PLC0415

    with_step = who_have_a_second_step()
    rows = [
        {
            "login": one.login,
            "name": one.name,
            "role": one.role,
            "active": one.is_active,
            "second_step": one.id in with_step,
            "one_time_password": one.one_time_since is not None,
        }
        for one in Employee.objects.order_by("login")
    ]
    if json_:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    roles = _roles()
    gone = gettext("{login}: {name}, {role}, no longer active")
    for row in rows:
        shown = gettext("{login}: {name}, {role}") if row["active"] else gone
        typer.echo(shown.format(login=row["login"], name=row["name"], role=roles[str(row["role"])]))
    if not rows:
        typer.echo(gettext("Nobody works here yet; regulars start sets the business up."))


@user_app.command(help=gettext("Give somebody another password; prints it to hand over."))
@command
def password(login: Login, *, home: HomeOption = None, json_: JsonOption = False) -> None:
    """Give an employee another password."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.passwords import one_time_password  # noqa: PLC0415
    from regulars.people.services import change_password  # noqa: PLC0415

    new, employee = one_time_password(), _of_login(login)
    with transaction.atomic():
        change_password(employee_id=employee.id, password=new, one_time_since=datetime.now(UTC))
    _hand_over(employee.login, new, json_=json_)


@user_app.command(help=gettext("Let somebody in no more; what they did stays theirs."))
@command
def deactivate(login: Login, *, home: HomeOption = None) -> None:
    """Let an employee in no more."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.services import deactivate_employee  # noqa: PLC0415

    employee = _of_login(login)
    with transaction.atomic():
        deactivate_employee(employee_id=employee.id, now=datetime.now(UTC))
    typer.echo(gettext("{name} can sign in no more.").format(name=employee.name))


@user_app.command(help=gettext("Let somebody in again."))
@command
def reactivate(login: Login, *, home: HomeOption = None) -> None:
    """Let an employee in again."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.services import reactivate_employee  # noqa: PLC0415

    employee = _of_login(login)
    with transaction.atomic():
        reactivate_employee(employee_id=employee.id)
    typer.echo(gettext("{name} can sign in again.").format(name=employee.name))


@user_app.command(help=gettext("Give somebody another role."))
@command
def role(
    login: Login,
    role_: Annotated[
        Literal["owner", "manager", "associate"],
        typer.Argument(metavar="ROLE", help=gettext("What they may do.")),
    ],
    *,
    home: HomeOption = None,
) -> None:
    """Give an employee another role."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.services import change_role  # noqa: PLC0415

    employee = _of_login(login)
    with transaction.atomic():
        change_role(employee_id=employee.id, role=role_)
    typer.echo(
        gettext("{login}: {name}, {role}").format(
            login=employee.login, name=employee.name, role=_roles()[role_]
        )
    )


@user_app.command(
    name="second-step",
    help=gettext("Take away the second step of somebody who has lost their phone."),
)
@command
def second_step(login: Login, *, home: HomeOption = None) -> None:
    """Take an employee's second step away, and sign them out."""
    opened(home)
    from django.db import transaction  # noqa: PLC0415

    from regulars.credentials.second_step import take_away  # noqa: PLC0415
    from regulars.people.services import end_sessions  # noqa: PLC0415

    employee = _of_login(login)
    with transaction.atomic():
        end_sessions(employee_id=employee.id)
        gone = take_away(employee.id)
    told = (
        gettext("{name} is signed out and signs in with the password alone.")
        if gone
        else gettext("{name} had no second step; they are signed out all the same.")
    )
    typer.echo(told.format(name=employee.name))


def _roles() -> dict[str, str]:
    return {
        "owner": gettext("owner"),
        "manager": gettext("manager"),
        "associate": gettext("associate"),
    }


def _of_login(login: str) -> "Employee":
    """The employee who signs in so.

    Raises:
        UnknownEmployee: Nobody does.
    """
    from regulars.people.errors import UnknownEmployee  # noqa: PLC0415
    from regulars.people.models import Employee  # noqa: PLC0415
    from regulars.people.names import folded_name  # noqa: PLC0415

    found = Employee.objects.filter(login=folded_name(login) or login).first()
    if found is None:
        raise UnknownEmployee
    return found


def _hand_over(login: str, new: str, *, json_: bool) -> None:
    if json_:
        sys.stdout.write(json.dumps({"login": login, "password": new}) + "\n")
        return
    typer.echo(
        gettext(
            "{login} signs in with {password}. It is shown this once; whoever gets it chooses another."
        ).format(login=login, password=new)
    )
