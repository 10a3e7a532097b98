"""What holds for every page: nobody keeps it, and which language it speaks."""

from collections.abc import Callable

from babel import negotiate_locale
from django.db import Error
from django.http import HttpRequest, HttpResponse

from regulars.console.refusals import our_fault
from regulars.kernel.language import LANGUAGES, speaking
from regulars.people.queries import business

SESSION_KEY = "language"


class KeptByNobodyMiddleware:
    """Has no browser and nobody in between keep a page: whoever sits there next would read of customers.

    What is served as it lies, as stylesheets are, never comes here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers as ever."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response


class LanguageMiddleware:
    """Speaks what was chosen, else the business's language, else what the browser asks for.

    What was chosen and the business's language are in the database; without it, the browser is asked alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers in the language of the request."""
        try:
            language = spoken(request)
        except Error:
            language = wished(request)
            with speaking(language):
                response = our_fault(request)
        else:
            with speaking(language):
                response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def spoken(request: HttpRequest) -> str:
    """The language of a request, one of ``LANGUAGES``."""
    chosen = request.session.get(SESSION_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    known = business()
    if known is not None:
        return str(known.language)
    return wished(request)


def wished(request: HttpRequest) -> str:
    """The language that a browser asks for, one of ``LANGUAGES``."""
    asked = [
        part.split(";")[0].strip().replace("-", "_")
        for part in request.headers.get("Accept-Language", "").split(",")
    ]
    return negotiate_locale(asked, LANGUAGES) or "en"
