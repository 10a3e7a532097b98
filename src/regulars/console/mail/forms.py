"""What is typed into the pages about mail, checked."""

from typing import Any

from django import forms

from regulars.console.asking.forms import PlainForm
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.outreach.errors import SenderNotArriving
from regulars.outreach.providers import OWN, PROVIDERS, SECURITIES
from regulars.outreach.setting_up import (
    LARGEST_PORT,
    LONGEST_HOST,
    LONGEST_IMPRINT,
    LONGEST_LOGIN,
    LONGEST_NAME,
    LONGEST_PASSWORD,
    Access,
)
from regulars.outreach.smtp import arrives
from regulars.people.core import folded_email
from regulars.people.errors import InvalidEmail
from regulars.people.public_address import LONGEST as LONGEST_ADDRESS
from regulars.people.public_address import public_address

NO_ADDRESS = mark("This is not an e-mail address.")
MAILBOX_PORTS = {"tls": 993, "starttls": 143, "none": 143}


def good_address(text: str) -> str:
    """An e-mail address.

    Raises:
        ValidationError: It cannot be one.
    """
    try:
        return folded_email(text.strip())
    except InvalidEmail as error:
        raise forms.ValidationError(gettext(NO_ADDRESS)) from error


class MailForm(PlainForm):
    """The account that mail goes out by, and what belongs to it."""

    missing = {  # noqa: RUF012
        "sender_name": mark("Write who the mail is from."),
        "sender_address": mark("Write the address that the mail is from."),
    }

    provider = forms.ChoiceField(choices=[(one, one) for one in (OWN, *PROVIDERS)])
    host = forms.CharField(max_length=LONGEST_HOST, required=False)
    port = forms.CharField(max_length=5, required=False)
    security = forms.ChoiceField(choices=[(one, one) for one in SECURITIES], required=False)
    username = forms.CharField(max_length=LONGEST_LOGIN, required=False)
    password = forms.CharField(max_length=LONGEST_PASSWORD, required=False, strip=False)
    sender_name = forms.CharField(max_length=LONGEST_NAME)
    sender_address = forms.CharField(max_length=254)
    imprint = forms.CharField(max_length=LONGEST_IMPRINT, required=False)
    public_address = forms.CharField(max_length=LONGEST_ADDRESS, required=False)
    returned = forms.BooleanField(required=False)
    mailbox_host = forms.CharField(max_length=LONGEST_HOST, required=False)
    mailbox_security = forms.ChoiceField(choices=[(one, one) for one in SECURITIES], required=False)
    mailbox_port = forms.CharField(max_length=5, required=False)
    mailbox_username = forms.CharField(max_length=LONGEST_LOGIN, required=False)
    mailbox_password = forms.CharField(max_length=LONGEST_PASSWORD, required=False, strip=False)
    to = forms.CharField(max_length=254, required=False)

    def clean_sender_address(self) -> str:
        """See `good_address`; servers have to understand it as well."""
        sender = good_address(str(self.cleaned_data["sender_address"]))
        if not arrives(sender):
            raise forms.ValidationError(str(SenderNotArriving()))
        return sender

    def clean_to(self) -> str:
        """See `good_address`."""
        to = str(self.cleaned_data["to"])
        return good_address(to) if to.strip() else ""

    def clean_public_address(self) -> str:
        """Of a site, with a lock."""
        try:
            return public_address(str(self.cleaned_data["public_address"]))
        except RegularsError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """What only servers of one's own need."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("provider") == OWN:
            if not told.get("host"):
                self.add_error(
                    "host", gettext("Write the name of the server, as mail.example.org.")
                )
            if _port(told.get("port", "")) is None:
                self.add_error("port", gettext("Write the port, mostly 587 or 465."))
            if told.get("returned") and not told.get("mailbox_host"):
                self.add_error(
                    "mailbox_host", gettext("Write the name of the server, as imap.example.org.")
                )
        elif not told.get("username"):
            self.add_error("username", gettext("Write the user name, mostly the address itself."))
        return told

    def sending(self) -> Access:
        """What messages go out by."""
        told = self.cleaned_data
        chosen = PROVIDERS.get(told["provider"])
        return Access(
            host=chosen.host if chosen else told["host"],
            port=chosen.port if chosen else _port(told["port"]) or 0,
            security=chosen.security if chosen else told["security"] or "starttls",
            username=told["username"],
            password=told["password"],
        )

    def mailbox(self) -> Access | None:
        """Where returned mail comes to."""
        told = self.cleaned_data
        if not told["returned"]:
            return None
        chosen = PROVIDERS.get(told["provider"])
        security = "tls" if chosen else told["mailbox_security"] or "tls"
        return Access(
            host=chosen.mailbox_host if chosen else told["mailbox_host"],
            port=_port(told["mailbox_port"]) or MAILBOX_PORTS[security],
            security=security,
            username="" if chosen else told["mailbox_username"],
            password="" if chosen else told["mailbox_password"],
        )


def _port(text: str) -> int | None:
    """A port, or None for what is none."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if 1 <= int(text) <= LARGEST_PORT else None
