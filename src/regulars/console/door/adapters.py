"""Where django-allauth asks us: what it says, who has to wait, how secrets are kept."""

import time
from datetime import UTC, datetime
from string import digits
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string

from regulars.console.sessions import only_this_computer
from regulars.credentials.lockout import (
    forget_wrong_passwords,
    locked_sentence,
    minutes_locked,
    note_wrong_password,
)
from regulars.credentials.second_step import FACTORS
from regulars.kernel.language import gettext, mark
from regulars.kernel.sealing import seal, unseal
from regulars.outreach.models import EmployeeMail
from regulars.outreach.to_employees import write_code
from regulars.people.models import Employee
from regulars.people.passwords import is_too_old
from regulars.people.queries import business, written_to

LOCKED = "locked"
CODE_DIGITS = 8
SEALED_FOR = "second steps"
SENTENCES = {
    "username_password_mismatch": mark("This name and password do not belong together."),
    "incorrect_password": mark("This is not your password."),
    "incorrect_code": mark("This code does not fit. Take the one that is shown now."),
    "incorrect_mailed_code": mark("This is not the code of our latest message."),
    "one_time_too_old": mark("This one-time password is too old. Ask the owner for a new one."),
    "cannot_delete_authenticator": mark("Others can reach this server, so an owner keeps one."),
    "cannot_generate_recovery_codes": mark("Set a second step up first."),
}
OTHERWISE = mark("That did not work. Please try again.")


class InOurWords:
    """Says what is wrong as the rest of the house does."""

    def validation_error(self, code: str, *_: object) -> ValidationError:
        """What is wrong, in a sentence."""
        return ValidationError(gettext(SENTENCES.get(code, OTHERWISE)), code=code)


class Accounts(InOurWords, DefaultAccountAdapter):
    """Signing in, by name and password or by another proof."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Employee | None:
        """Who it is; after several wrong passwords nobody, for a while.

        Raises:
            ValidationError: They have to wait, or their one-time password is too old.
        """
        login = str(credentials.get("username", ""))
        address, now = request.META.get("REMOTE_ADDR", ""), datetime.now(UTC)
        check_not_locked(login, address)
        employee = authenticate(request, username=login, password=credentials.get("password"))
        if not isinstance(employee, Employee):
            note_wrong_password(login=login, address=address, now=now)
            check_not_locked(login, address)
            return None
        if is_too_old(employee.one_time_since, now=now):
            raise self.validation_error("one_time_too_old")
        return employee

    def generate_login_code(self) -> str:
        """Eight digits, which a phone types by itself."""
        return get_random_string(CODE_DIGITS, digits)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Mails the one thing that is mailed from here: a code to come in by."""
        write_code(
            employee=written_to(email),
            kind=EmployeeMail.SIGN_IN,
            address=email,
            code=in_halves(str(context["code"])),
            now=datetime.now(UTC),
        )

    def post_login(self, request: HttpRequest, user: Employee, **more: Any) -> HttpResponse:
        """Forgets the slips before."""
        forget_wrong_passwords(login=user.login)
        forget_wrong_passwords(login=code_login(user))
        forget_wrong_passwords(login=mailed_code_login(str(user.pk)))
        response: HttpResponse = super().post_login(request, user, **more)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Employee) -> HttpResponse:  # noqa: ARG002
        """Who has left comes no further than the door, whatever they prove."""
        return redirect("account_login")

    def is_reauthentication_required(self, **_: object) -> bool:
        """Whether somebody has to show again that it is them; not just after they signed in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return bool(time.time() - latest > REAUTHENTICATION_TIMEOUT)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's)
        """Nobody signs up; owners add who works here."""
        return False


class SecondSteps(InOurWords, DefaultMFAAdapter):
    """Codes, recovery codes and passkeys."""

    def get_totp_issuer(self) -> str:
        """What the app on the phone calls us."""
        found = business()
        return found.name if found else "Regulars"

    def get_totp_label(self, user: Employee) -> str:
        """What the app on the phone calls them."""
        return user.name

    def encrypt(self, text: str) -> str:
        """A secret as it is kept; see `regulars.kernel.sealing`."""
        return seal(text, secret=settings.SECRET_KEY, use=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """A secret again; what cannot be read becomes one that no code fits."""
        opened = unseal(encrypted_text, secret=settings.SECRET_KEY, use=SEALED_FOR)
        return opened or generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where others can reach the server, an owner keeps a second step."""
        employee = authenticator.user
        others = Authenticator.objects.filter(user_id=employee.pk, type__in=FACTORS)
        return (
            employee.role != Employee.OWNER
            or only_this_computer(self.request)
            or others.exclude(pk=authenticator.pk).exists()
        )

    def generate_authenticator_name(self, user: Employee, type: str) -> str:  # noqa: A002
        """What a passkey is called where nobody said."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom a passkey is: this server, by its name."""
        return {"id": self.request.get_host().partition(":")[0], "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: Employee) -> dict[str, Any]:
        """Whose a passkey is."""
        return {"id": user.pk.hex.encode(), "display_name": user.name, "name": user.login}


def code_login(employee: Employee) -> str:
    """What wrong codes of somebody are counted under; no name has a colon."""
    return f"code:{employee.pk}"


def mailed_code_login(whose: str) -> str:
    """What wrong mailed codes are counted under.

    Args:
        whose: An employee's id, or what was typed where it is nobody's name.
    """
    return f"mailed code:{whose}"


def in_halves(code: str) -> str:
    """A code as it is read out: "1234 5678"."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def check_not_locked(login: str, address: str) -> None:
    """That somebody may try.

    Raises:
        ValidationError: They have to wait; the sentence says for how long.
    """
    minutes = minutes_locked(login=login, address=address, now=datetime.now(UTC))
    if minutes:
        raise ValidationError(locked_sentence(minutes), code=LOCKED)
