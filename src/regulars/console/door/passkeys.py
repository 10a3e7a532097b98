"""Passkeys: a key that a phone or a computer keeps, for this server alone; browsers want HTTPS for it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from regulars.console.door.adapters import SecondSteps
from regulars.console.door.shown import Shown
from regulars.people.models import Employee


def are_possible(request: HttpRequest) -> bool:
    """Whether a browser lets passkeys be used here."""
    return request.is_secure() or request.get_host().partition(":")[0] == "localhost"


def has_passkey(employee: Employee) -> bool:
    """Whether somebody has one."""
    return bool(passkeys_of(employee).exists())


def any_passkey() -> bool:
    """Whether anybody here has one."""
    found = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user__is_active=True)
    return bool(found.exists())


def passkeys_of(employee: Employee) -> Any:
    """Somebody's passkeys, the first one first."""
    found = Authenticator.objects.filter(user_id=employee.pk, type=Authenticator.Type.WEBAUTHN)
    return found.order_by("created_at")


class AddPasskey(Shown, AddWebAuthnView):
    """Another passkey."""

    template = "door/passkey.html.j2"

    def dispatch(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        """Only where a browser can."""
        if not are_possible(request):
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *given, **named)
        return answer

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What a browser makes a passkey with."""
        return {
            "name": context["form"]["name"].value() or "",
            "options": context["js_data"]["creation_options"],
        }


class RemovePasskey(RemoveWebAuthnView):
    """One passkey less."""

    http_method_names = ["post"]  # noqa: RUF012  (Django's)

    def form_valid(self, form: object) -> HttpResponse:
        """Keeps the last second step of who has to have one."""
        if not SecondSteps().can_delete_authenticator(self.get_object()):
            return said("kept")
        super().form_valid(form)
        return said("passkey_gone")


def said(what: str) -> HttpResponse:
    """Back to one's own page, which says what was done."""
    answer = redirect("mfa_index")
    answer["Location"] += f"?said={what}"
    return answer
