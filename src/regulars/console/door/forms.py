"""What is typed at the door; who types wrong codes waits as who types wrong passwords does."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError

from regulars.console.asking.lines import one_line
from regulars.console.door.adapters import SecondSteps, check_not_locked, code_login
from regulars.credentials.lockout import is_first_use, note_wrong_password
from regulars.people.core import folded_name
from regulars.people.models import Employee


class SignInForm(LoginForm):
    """Name and password."""

    def add_prefix(self, field_name: str) -> str:
        """What people sign in with is their name."""
        return "name" if field_name == "login" else field_name

    def clean_login(self) -> str:
        """As it is compared."""
        name = one_line(str(self.cleaned_data["login"]))
        return folded_name(name) or name


class CountedCode:
    """A code that is typed; five wrong ones, and nobody can type another for a while."""

    user: Employee
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Only the digits; people type the gap that their phone shows.

        Raises:
            ValidationError: It does not fit, was used before, or they have to wait.
        """
        login, address = code_login(self.user), context.request.META.get("REMOTE_ADDR", "")
        now = datetime.now(UTC)
        check_not_locked(login, address)
        self.cleaned_data["code"] = "".join(str(self.cleaned_data["code"]).split())
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if not is_first_use(login, code, now=now):
                raise SecondSteps().validation_error("incorrect_code")
        except ValidationError:
            note_wrong_password(login=login, address=address, now=now)
            check_not_locked(login, address)
            raise
        return code


class SecondStepForm(CountedCode, AuthenticateForm):
    """The code at sign-in."""


class AgainByCodeForm(CountedCode, ReauthenticateForm):
    """The code of somebody who shows again that it is them."""


class SetUpForm(CountedCode, ActivateTOTPForm):
    """The first code of an app that was just set up."""
