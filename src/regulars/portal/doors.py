"""What every page of the portal has in common: how often it may be asked for, its language, its silence."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from regulars.kernel.language import LANGUAGE_NAMES, LANGUAGES, gettext, speaking
from regulars.kernel.limits import Limiter
from regulars.outreach.queries import language_of
from regulars.people.queries import business
from regulars.portal.core import spoken

# Mail programs confirm for many readers from few addresses, and a proxy in front makes everybody one.
PER_MINUTE = 300
LIMITER = Limiter(per_minute=PER_MINUTE, clock=time.monotonic)

View = Callable[..., HttpResponse]


def public(what: str) -> Callable[[View], View]:
    """Opens a page to whoever has a link.

    No cookie is asked for or set: the link is all that a reader brings, so there is nothing that another
    site could borrow, and what mail programs post by themselves (RFC 8058) is let in.

    Args:
        what: The link is for.
    """

    def opened(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, token: str, **named: Any) -> HttpResponse:
            house = business()
            language = spoken(
                asked=request.GET.get("in", ""),
                of_message=language_of(what, token),
                accepted=request.headers.get("Accept-Language", ""),
                of_business=house.language if house else "en",
            )
            with speaking(language):
                wait = LIMITER.ask(str(request.META.get("REMOTE_ADDR", ""))).wait_seconds
                if wait:
                    found = told(request, gettext("Please try again in a minute."), status=429)
                    found.headers["Retry-After"] = str(wait)
                else:
                    found = view(request, token, **named)
            found.headers["Content-Language"] = language
            found.headers["Referrer-Policy"] = "no-referrer"
            return found

        return csrf_exempt(answer)

    return opened


def told(
    request: HttpRequest,
    heading: str,
    *words: str,
    action: str = "",
    named: str = "",
    lesser: str = "",
    quoted: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page that says something, and asks for one thing at most.

    Args:
        request: By a reader.
        heading: What it says first.
        *words: Paragraphs.
        action: What the one button says, "" for none.
        named: What is posted by it, "" for nothing.
        lesser: What a second, quieter one says.
        quoted: What they agree to, word for word.
        status: Of the answer.
    """
    house = business()
    return render(
        request,
        "reader.html.j2",
        {
            "business": house.name if house else "Regulars",
            "heading": heading,
            "words": words,
            "quoted": quoted,
            "action": action,
            "named": named,
            "lesser": lesser,
            "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        },
        status=status,
        using="portal",
    )
