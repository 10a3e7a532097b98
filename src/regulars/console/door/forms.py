"""What is typed at the door; who types wrong codes waits as who types wrong passwords does."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare

from regulars.console.asking.lines import one_line
from regulars.console.door.adapters import Accounts, SecondSteps, check_not_locked, code_login
from regulars.credentials.lockout import is_first_use, note_wrong_password
from regulars.kernel.language import gettext
from regulars.people.core import folded_email
from regulars.people.errors import InvalidEmail
from regulars.people.models import Employee
from regulars.people.names import folded_name


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


class WhomToMailForm(forms.Form):
    """Whose name or address it is."""

    name = forms.CharField(max_length=254)

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self.fields["name"].error_messages |= {
            "required": gettext("Write your name, or your e-mail address."),
            "max_length": gettext("Write your name, or your e-mail address."),
        }

    @property
    def counted(self) -> str:
        """What asking is counted under: five times in a quarter of an hour are enough."""
        told = str(self.cleaned_data["name"])
        return f"mail:{folded_name(told) or told}"

    def clean_name(self) -> str:
        """As it was typed, in one line.

        Raises:
            ValidationError: They have to wait.
        """
        self.cleaned_data["name"] = one_line(str(self.cleaned_data["name"]))
        check_not_locked(self.counted, context.request.META.get("REMOTE_ADDR", ""))
        return str(self.cleaned_data["name"])


class AddressForm(forms.Form):
    """An e-mail address of one's own."""

    email = forms.CharField(max_length=254)

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        for told_of in ("required", "max_length"):
            self.fields["email"].error_messages[told_of] = gettext("Write your e-mail address.")

    def clean_email(self) -> str:
        """As it is compared.

        Raises:
            ValidationError: It is none, or too many codes were asked for.
        """
        user = context.request.user
        check_not_locked(f"address:{user.pk}", context.request.META.get("REMOTE_ADDR", ""))
        try:
            return folded_email(one_line(str(self.cleaned_data["email"])))
        except InvalidEmail as error:
            raise ValidationError(str(error)) from error


class MailedCodeForm(forms.Form):
    """A code that came by mail; five wrong ones, and nobody can type another for a while."""

    code = forms.CharField(max_length=20)

    def __init__(self, *told: Any, code: str, counted: str, **named: Any) -> None:
        super().__init__(*told, **named)
        self.expected, self.counted = code, counted
        self.fields["code"].error_messages |= {"required": gettext("Write the code.")}

    def clean_code(self) -> str:
        """Only the digits.

        Raises:
            ValidationError: It is another, or they have to wait.
        """
        address, now = context.request.META.get("REMOTE_ADDR", ""), datetime.now(UTC)
        check_not_locked(self.counted, address)
        typed = "".join(one for one in str(self.cleaned_data["code"]) if one.isdecimal())
        if not self.expected or not constant_time_compare(typed, self.expected):
            note_wrong_password(login=self.counted, address=address, now=now)
            check_not_locked(self.counted, address)
            raise Accounts().validation_error("incorrect_mailed_code")
        return typed
