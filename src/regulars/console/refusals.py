"""Pages that say in one sentence why there is nothing to see, and what to do instead."""

import logging
import sys
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from regulars.kernel.errors import DatabaseUnreachable, RegularsError
from regulars.kernel.language import gettext
from regulars.people.queries import business
from regulars.stream.away import BACK_IN_SECONDS, in_the_way

# What nobody finds in a page again, by parts of the names of its fields.
SECRETS = ("password", "code", "credential")
FORM = "application/x-www-form-urlencoded"

log = logging.getLogger(__name__)


def refused(
    request: HttpRequest, *, status: int, heading: str, told: str, leads_home: bool = True
) -> HttpResponse:
    """Why there is nothing to see.

    Args:
        request: That is refused.
        status: Of the answer.
        heading: What it says first.
        told: What to do instead.
        leads_home: Whether the first page can be reached from there.
    """
    words = {"heading": heading, "told": told, "leads_home": leads_home}
    # The house stands above it where nothing is broken: a fault may lie in asking for it.
    house = {} if status >= HTTPStatus.INTERNAL_SERVER_ERROR else {"business": business()}
    return render(request, "sentence.html.j2", {**words, **house}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django's)
    """An address that leads nowhere."""
    return refused(
        request,
        status=HTTPStatus.NOT_FOUND,
        heading=gettext("There is no such page."),
        told=gettext("It may have moved, or the address has a slip in it."),
    )


def not_for_you(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  (Django's)
    """A page that is for others."""
    return refused(
        request,
        status=HTTPStatus.FORBIDDEN,
        heading=gettext("This page is for somebody else here."),
        told=gettext("Ask the owner, should you need it."),
    )


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's)
    """A form that was opened before somebody signed in or out, or that another site sends."""
    return refused(
        request,
        status=HTTPStatus.FORBIDDEN,
        heading=gettext("This page was out of date."),
        told=gettext(
            "Nothing was kept: you signed in or out after it was opened, or the browser keeps no cookies. "
            "Go back, load the page again and send it once more."
        ),
    )


def only_for_forms(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An address that takes what a form sends, opened by itself: from a bookmark, or by loading it again."""
    said = refused(
        request,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        heading=gettext("There is nothing to see here."),
        told=gettext("This address only takes what a form sends. Nothing was changed."),
    )
    said["Allow"] = answer.headers.get("Allow", "")
    return said


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is no request that is understood, or comes by a name that is not ours."""
    if isinstance(exception, DisallowedHost):
        return refused(
            request,
            status=HTTPStatus.BAD_REQUEST,
            heading=gettext("Regulars does not answer to this name."),
            told=gettext(
                "Open it by the address that it was set up with. Whoever looks after this installation adds "
                "another one to REGULARS_HOSTS."
            ),
            leads_home=False,
        )
    return refused(
        request,
        status=HTTPStatus.BAD_REQUEST,
        heading=gettext("That could not be read."),
        told=gettext("Nothing was kept. Go back, load the page again and send it once more."),
    )


def our_fault(request: HttpRequest) -> HttpResponse:
    """Something broke; what it was is written where the server is watched, and shown to nobody."""
    # Django calls this while what broke is still at hand.
    error = sys.exception()
    hindrance = in_the_way(error) if isinstance(error, Exception) else None
    if hindrance is not None:
        return database_away(request, hindrance)
    log.exception("%s %s", request.method, request.path)  # noqa: LOG004  (see above)
    return refused(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        heading=gettext("That is our fault, not yours."),
        told=gettext(
            "Something broke while this page was made. Try it once more. Should it happen again, note the "
            "time and tell whoever looks after this installation."
        ),
    )


def database_away(request: HttpRequest, hindrance: RegularsError) -> HttpResponse:
    """The database is away or full: said without it, with what was typed at hand to be sent once more.

    Args:
        request: That could not be answered.
        hindrance: What stands in the way.
    """
    log.error("%s %s: %s", request.method, request.path, hindrance.code)
    is_away = isinstance(hindrance, DatabaseUnreachable)
    typed = _typed(request)
    said = gettext("Try again in a moment.") if is_away else gettext("Make room, then try again.")
    if typed is not None:
        said = gettext("What you typed is not lost.") + " " + said
    elif request.method == "POST":
        said += " " + gettext("A file or a password has to be given once more.")
    words = {
        "heading": gettext("Regulars cannot reach its database at the moment.")
        if is_away
        else gettext("There is no room left on the disk."),
        "told": said,
        "again": _whence(request) if typed is None else request.get_full_path(),
        "typed": typed,
    }
    if hasattr(request, "session"):
        request.session.modified = False  # it lies in the database, too
    answer = render(request, "away.html.j2", words, status=hindrance.http_status)
    answer["Retry-After"] = str(BACK_IN_SECONDS)
    return answer


def _typed(request: HttpRequest) -> Sequence[tuple[str, str]] | None:
    """What a form brought, to be sent once more; None where there is none, or a secret or a file in it."""
    if request.method != "POST" or request.content_type != FORM:
        return None
    given = [(name, value) for name, values in request.POST.lists() for value in values]
    is_secret = any(secret in name for name, _ in given for secret in SECRETS)
    return None if is_secret else given


def _whence(request: HttpRequest) -> str:
    """The page to open once more: the one that was asked for, or the one that a form was on."""
    if request.method != "POST":
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.headers.get("Host") else "/"
