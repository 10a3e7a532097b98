"""Saying yes, and saying no: looking changes nothing, a button does.

Programs follow links in mail before anybody reads it; so only a POST counts.
"""

from datetime import UTC, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.kernel.language import gettext
from regulars.outreach.links import ANSWER, LEAVE, address_in, message_of
from regulars.outreach.queries import Asked, asked
from regulars.outreach.services import agree, leave
from regulars.portal.doors import public, told
from regulars.stream.anew import in_one

AGAIN = "again"


@public(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody is asked whether they may be written to."""
    message_id, now = message_of(ANSWER, token), datetime.now(UTC)
    if message_id is None:
        return _nowhere(request)
    if request.method == "POST":
        again = AGAIN in request.POST
        in_one(partial(agree, message_id=message_id, again=again, now=now))
    question = asked(message_id, now=now)
    if question is None:
        return told(
            request,
            gettext("This link is too old."),
            gettext("Ask for another one when you are there the next time."),
        )
    return _answered(request, question)


@public(LEAVE)
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody wants to hear no more."""
    message_id = message_of(LEAVE, token)
    if message_id is None:
        return _nowhere(request)
    if request.method != "POST":
        return told(
            request,
            gettext("Hear no more?"),
            gettext("One press, and nothing more of this kind comes to you."),
            action=gettext("Hear no more of this kind"),
        )
    everything = "everything" in request.POST
    in_one(
        partial(
            leave,
            message_id=message_id,
            to=address_in(LEAVE, token),
            everything=everything,
            now=datetime.now(UTC),
        )
    )
    if everything:
        return told(
            request,
            gettext("Done. Nothing more comes by e-mail."),
            gettext("You are as welcome as ever."),
        )
    return told(
        request,
        gettext("Done. Nothing more of this kind comes to you."),
        gettext("You are as welcome as ever."),
        lesser=gettext("Nothing else by e-mail either"),
    )


def _answered(request: HttpRequest, question: Asked) -> HttpResponse:
    match question.standing:
        case "asked":
            return told(
                request,
                gettext("May {business} write to you?").format(business=question.business),
                gettext("If you agree to this, press the button. If not, do nothing."),
                quoted=question.text,
                action=gettext("Yes, I agree"),
            )
        case "agreed":
            return told(
                request,
                gettext("Thank you. We will write to you."),
                gettext("You said yes to this:"),
                quoted=question.text,
            )
        case "left":
            return told(
                request,
                gettext("Nothing of this kind comes to you any more."),
                gettext(
                    "You said that you want no more of it. To hear from us again after all, agree to this once more:"
                ),
                quoted=question.text,
                action=gettext("Yes, I agree again"),
                named=AGAIN,
            )
        case "over":
            return told(
                request,
                gettext("Nothing of this kind comes to you any more."),
                gettext("You said that you want no more of it."),
                gettext(
                    "To hear from us again after all, say so when you are there the next time."
                ),
            )
        case "silent":
            return told(
                request,
                gettext("No more mail comes to you."),
                gettext("We were told that you want it so, and so it stays."),
                gettext(
                    "To hear from us again after all, say so when you are there the next time."
                ),
            )


def _nowhere(request: HttpRequest) -> HttpResponse:
    return told(
        request,
        gettext("This link leads nowhere."),
        gettext("Part of it may be missing: open it from the message once more."),
        status=404,
    )
