"""How far who is signed in is trusted: when they showed that it is them, and who can reach the server."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from regulars.credentials.second_step import is_required
from regulars.kernel.network import is_this_computer
from regulars.people.models import Employee


def remember_signed_in(request: HttpRequest, employee: Employee) -> None:
    """Signs somebody in who has just shown who they are by choosing a password."""
    login(request, employee)
    record_authentication(request, employee, method="password")


def has_to_show_again(request: HttpRequest) -> bool:
    """Whether it is too long ago that somebody showed that it is them."""
    return bool(is_reauthentication_required(request, app=""))


def only_this_computer(request: HttpRequest) -> bool:
    """Whether nobody but who sits at this computer can reach the server.

    It is so where the server answers to no other name than this computer's own, and the request comes
    from it.
    """
    return bool(settings.REGULARS_ONLY_THIS_COMPUTER) and is_this_computer(
        request.META.get("REMOTE_ADDR", "")
    )


def needs_second_step(request: HttpRequest, employee: Employee) -> bool:
    """Whether somebody has to set a second step up before anything else."""
    return is_required(employee, only_this_computer=only_this_computer(request))
