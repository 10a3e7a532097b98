"""Who asks, and by which way, where a proxy stands before the server."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from regulars.kernel.network import client_of, is_in

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class ProxyMiddleware:
    """Believes our own proxies about whom they ask for, and nobody else.

    ``REMOTE_ADDR`` is the client's address from here on. Over HTTPS, cookies go back by HTTPS alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers a request whose headers can be believed."""
        peer, trusted = request.META.get("REMOTE_ADDR", ""), settings.REGULARS_TRUSTED_PROXIES
        if is_in(peer, trusted):
            told = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = client_of(peer, told, trusted)
        else:
            for header in FORWARDED:
                request.META.pop(header, None)
        response = self.get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response
