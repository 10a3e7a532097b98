"""Coming in: the password, the second step, a passkey; and showing again that it is you."""

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from regulars.console.door.by_mail import is_offered
from regulars.console.door.forms import AgainByCodeForm, SecondStepForm, SignInForm
from regulars.console.door.passkeys import any_passkey, are_possible, has_passkey
from regulars.console.door.shown import Shown
from regulars.kernel.language import gettext
from regulars.people.queries import business, is_owned


class SignIn(Shown, LoginView):
    """By name and password."""

    template = "door/sign_in.html.j2"
    is_inside = False
    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        """Nobody can sign in before there is a business, or an owner to set it up."""
        if business() is None and not is_owned():
            return redirect("first_run_business")
        answer: HttpResponseBase = super().dispatch(request, *given, **named)
        return answer

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What was typed, but for the password."""
        form = context["form"]
        told = form.non_field_errors()
        mismatch = gettext("This name and password do not belong together.")
        problem = str(told[0]) if told else mismatch if form.errors else ""
        if self.request.GET.get("said") == "passkey":
            problem = gettext("This passkey is not known here.")
        return {
            "problem": problem,
            "name": form["login"].value() or "",
            "passkeys": are_possible(self.request) and any_passkey(),
            "by_mail": is_offered(),
        }


class SecondStep(Shown, AuthenticateView):
    """The second step at sign-in: a code, or a passkey."""

    template = "door/second_step.html.j2"
    is_inside = False
    form_class = SecondStepForm

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What a browser asks a passkey with, where there is one."""
        shown = are_possible(self.request) and has_passkey(self.stage.login.user)
        return {"options": context["js_data"]["request_options"] if shown else None}


class SignInByPasskey(LoginWebAuthnView):
    """By a passkey alone, which is a second step in itself."""

    def form_invalid(self, form: object) -> HttpResponse:  # noqa: ARG002  (allauth's)
        """Says so at the door."""
        answer = redirect("account_login")
        answer["Location"] += "?said=passkey"
        return answer


class Again(Shown, ReauthenticateView):
    """The password once more, before what matters most."""

    template = "door/again.html.j2"

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """The other ways to show it."""
        return {"by": "password", "others": other_ways(context), "options": None}


class AgainByCode(Shown, CodeAgainView):
    """A code instead of the password."""

    template = "door/again.html.j2"
    form_class = AgainByCodeForm

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """The other ways to show it."""
        return {"by": "code", "others": other_ways(context), "options": None}


class AgainByPasskey(Shown, ReauthenticateWebAuthnView):
    """A passkey instead of the password."""

    template = "door/again.html.j2"

    def form_invalid(self, form: object) -> HttpResponse:  # noqa: ARG002  (allauth's)
        """Asks in the first way again."""
        return redirect("account_reauthenticate")

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What a browser asks a passkey with."""
        options = context["js_data"]["request_options"]
        return {"by": "passkey", "others": [], "options": options}


def other_ways(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Where one can show in another way that it is them, and what it is called."""
    names = {
        "reauthenticate": gettext("Use the password"),
        "mfa_reauthenticate": gettext("Use a code"),
        "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
    }
    return [
        (one["url"], names[one["id"]])
        for one in context["reauthentication_alternatives"]
        if one["id"] in names
    ]
