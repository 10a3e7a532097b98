"""Who may come in, through a restore: a backup brings back what was known, not who may come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from regulars.credentials.keys import forget
from regulars.credentials.models import ApiKey
from regulars.people.models import Employee

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Whom an installation lets in, row by row.

    Attributes:
        employees: Everybody who ever worked here, with what they sign in by.
        second_steps: What else some of them are asked for.
        keys: Of programs, those that were taken back too.
    """

    employees: Sequence[Row]
    second_steps: Sequence[Row]
    keys: Sequence[Row]


def doors() -> Doors:
    """Whom this installation lets in, and whom no longer."""
    return Doors(
        employees=tuple(Employee.objects.values()),
        second_steps=tuple(Authenticator.objects.values()),
        keys=tuple(ApiKey.objects.values()),
    )


def keep_doors(were: Doors) -> None:
    """Lets in who was let in before, and nobody else; to be called inside a transaction.

    A backup in which nobody of those works is another installation's, and is let in to as it was there.

    Args:
        were: What `doors` said of the data that are replaced.
    """
    theirs = Employee.objects.filter(id__in=[one["id"] for one in were.employees])
    if not theirs.exists():
        return
    # No address is two people's, not even between two of these lines.
    theirs.update(email="", email_confirmed_at=None)
    for row in were.employees:
        _keep(Employee, row)
    Authenticator.objects.all().delete()
    Authenticator.objects.bulk_create(Authenticator(**row) for row in were.second_steps)
    for row in were.keys:
        _keep(ApiKey, row)
    forget()


def sign_everybody_out() -> None:
    """Ends every session, of which a backup may hold some that were ended since."""
    Session.objects.all().delete()


def _keep(table: type[Employee] | type[ApiKey], row: Row) -> None:
    said = {name: value for name, value in row.items() if name != "id"}
    table.objects.update_or_create(id=row["id"], defaults=said)
