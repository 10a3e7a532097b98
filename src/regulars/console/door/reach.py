"""Who can reach the server, and what that asks of an owner."""

from django.conf import settings
from django.http import HttpRequest

from regulars.credentials.second_step import is_required
from regulars.kernel.network import is_this_computer
from regulars.people.models import Employee


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
