"""When and how somebody showed that it is them: what asking again goes by."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import login
from django.http import HttpRequest

from regulars.people.models import Employee


def remember_signed_in(request: HttpRequest, employee: Employee) -> None:
    """Signs somebody in who has just shown who they are by choosing a password."""
    login(request, employee)
    record_authentication(request, employee, method="password")


def has_to_show_again(request: HttpRequest) -> bool:
    """Whether it is too long ago that somebody showed that it is them."""
    return bool(is_reauthentication_required(request, app=""))
