"""What each sets up for themselves: the second step, recovery codes, passkeys; and signs out of."""

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from regulars.console.access import here
from regulars.console.door.adapters import SecondSteps, in_halves
from regulars.console.door.forms import SetUpForm
from regulars.console.door.passkeys import are_possible, passkeys_of, said
from regulars.console.door.shown import Shown
from regulars.console.frame import page
from regulars.console.sessions import needs_second_step, remember_signed_in
from regulars.credentials import second_step
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import date_text, number_text
from regulars.outreach.to_employees import mail_works
from regulars.people.models import Employee
from regulars.people.queries import day_here
from regulars.people.services import end_sessions

SAID = {
    "on": mark("The second step is on. From now on, signing in asks for a code."),
    "off": mark("The second step is off."),
    "kept": mark("Others can reach this server, so an owner keeps one."),
    "passkey": mark("The passkey is kept."),
    "passkey_gone": mark("The passkey is removed."),
    "password": mark("Your password is changed. Everywhere else you are signed out."),
    "address": mark("The address is yours. Codes come there from now on."),
    "no_address": mark("The address is forgotten. You sign in by name and password."),
    "elsewhere": mark("Everywhere else you are signed out."),
}


@require_GET
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """How somebody signs in."""
    _, employee = here(request)
    kinds = {
        one.type: one
        for one in Authenticator.objects.filter(user_id=employee.pk)
        if one.type != Authenticator.Type.WEBAUTHN
    }
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    app = kinds.get(Authenticator.Type.TOTP)
    return page(
        request,
        "door/mine.html.j2",
        at="mfa_index",
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        employee=employee,
        is_required=needs_second_step(request, employee),
        is_owner=employee.role == Employee.OWNER,
        app_since=date_text(day_here(app.created_at)) if app else "",
        codes_left=ngettext(
            "{count} recovery code is left.", "{count} recovery codes are left.", left
        ).format(count=number_text(left))
        if codes
        else "",
        passkeys=[(one.pk, one.wrap().name) for one in passkeys_of(employee)],
        passkeys_possible=are_possible(request),
        mail_works=mail_works(),
    )


@require_POST
def second_step_later(request: HttpRequest) -> HttpResponse:
    """Puts the second step off."""
    _, employee = here(request)
    second_step.put_off(employee, now=datetime.now(UTC))
    return redirect("home")


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Signs somebody out everywhere but here."""
    _, employee = here(request)
    with transaction.atomic():
        end_sessions(employee_id=employee.pk)
    remember_signed_in(request, Employee.objects.get(pk=employee.pk))
    return said("elsewhere")


class SetUpApp(Shown, ActivateTOTPView):
    """Sets an app up that shows codes."""

    template = "door/app.html.j2"
    form_class = SetUpForm

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What the app is shown."""
        secret = context["form"].secret
        return {
            "picture": context["totp_svg_data_uri"],
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "is_required": needs_second_step(self.request, here(self.request)[1]),
        }


class TakeAppAway(DeactivateTOTPView):
    """Signs in without the app again."""

    http_method_names = ["post"]  # noqa: RUF012  (Django's)

    def form_invalid(self, form: object) -> HttpResponse:  # noqa: ARG002  (allauth's)
        """Where it has to stay."""
        return said("kept")

    def form_valid(self, form: object) -> HttpResponse:
        """Done."""
        super().form_valid(form)
        return said("off")


class RecoveryCodes(Shown, ViewRecoveryCodesView):
    """The codes for the day the phone is lost."""

    template = "door/recovery_codes.html.j2"

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """Those that are left."""
        return {"codes": [in_halves(code) for code in context["unused_codes"]]}


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """Ten new codes; the old ones are gone."""

    http_method_names = ["post"]  # noqa: RUF012  (Django's)

    def form_invalid(self, form: object) -> HttpResponse:  # noqa: ARG002  (allauth's)
        """There is no second step to recover."""
        return redirect("mfa_index")


class RecoveryCodesFile(DownloadRecoveryCodesView):
    """The codes as a file to print."""

    def render_to_response(self, context: dict[str, Any], **_: object) -> HttpResponse:
        """A line for each."""
        title = gettext("Recovery codes for {business}. Each lets in once.").format(
            business=SecondSteps().get_totp_issuer()
        )
        lines = [title, "", *(in_halves(code) for code in context["unused_codes"])]
        answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return answer
