"""Coming in by a code that is mailed, to who has an address; and so to another password.

Nobody learns here who works here: whatever is typed, the next page asks for a code.
"""

from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from regulars.console.door.adapters import mailed_code_login
from regulars.console.door.forms import MailedCodeForm, WhomToMailForm
from regulars.console.door.shown import Shown
from regulars.credentials.lockout import note_wrong_password
from regulars.kernel.language import gettext
from regulars.outreach.models import EmployeeMail
from regulars.outreach.to_employees import mail_works, write_code
from regulars.people.queries import anybody_written_to, written_to


def is_offered() -> bool:
    """Whether a code can be mailed to anybody."""
    return mail_works() and anybody_written_to()


class MailACode(Shown, RequestLoginCodeView):
    """Asks whom to mail a code to."""

    template = "door/by_mail.html.j2"
    is_inside = False
    form_class = WhomToMailForm

    def dispatch(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        """Only where one can be mailed."""
        if not is_offered():
            return redirect("account_login")
        answer: HttpResponseBase = super().dispatch(request, *given, **named)
        return answer

    def form_valid(self, form: WhomToMailForm) -> HttpResponse:
        """Mails it to who is meant; for nobody as much is done and nothing sent."""
        told, now = form.cleaned_data["name"], datetime.now(UTC)
        address = self.request.META.get("REMOTE_ADDR", "")
        note_wrong_password(login=form.counted, address=address, now=now)
        employee = written_to(told)
        with transaction.atomic():
            LoginCodeVerificationProcess.initiate(
                request=self.request, user=employee, email=employee.email if employee else told
            )
            if employee is None:
                write_code(
                    employee=None,
                    kind=EmployeeMail.SIGN_IN,
                    address="",
                    code=str(now),
                    now=now,
                )
        return redirect(self.get_success_url())

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What was typed, and where it leads in the end."""
        notice = gettext("That was not the code, three times. Ask for another.")
        return {
            "name": context["form"]["name"].value() or "",
            "onward": context["redirect_field"],
            "for_password": bool(context["redirect_field_value"]),
            "notice": notice if self.request.GET.get("said") == "tries" else "",
        }


class MailedCode(Shown, ConfirmLoginCodeView):
    """Takes the code that was mailed."""

    template = "door/mailed_code.html.j2"
    is_inside = False
    form_class = MailedCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the code has to be, and under whom a wrong one counts."""
        told: dict[str, Any] = super().get_form_kwargs()
        user = self._process.user
        whose = str(user.pk) if user else str(self._process.state.get("email"))
        return told | {"counted": mailed_code_login(whose)}

    def form_invalid(self, form: MailedCodeForm) -> HttpResponse:
        """Says so; after three wrong ones another has to be asked for."""
        answer: HttpResponse = super().form_invalid(form)
        if answer.headers.get("Location"):
            answer["Location"] += "?said=tries"
        return answer

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """Where it leads in the end."""
        return {"onward": context["redirect_field"]}
