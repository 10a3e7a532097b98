"""What a message looks like: text and HTML, in the reader's language, with the way out in its head."""

import re
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr
from functools import cache
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from jinja2 import Environment

from regulars.kernel import templates
from regulars.kernel.language import gettext, language
from regulars.outreach.look import colours
from regulars.outreach.returned import message_id

FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Thai',Arial,sans-serif"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who a message is from.

    Attributes:
        business: Its name.
        name, address: As they stand in the message's head.
        imprint: Below every message, "" for nothing.
    """

    business: str
    name: str
    address: str
    imprint: str

    @property
    def domain(self) -> str:
        """Of the address."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a message says.

    Attributes:
        subject: In one line.
        text: Paragraphs with an empty line between them.
        code: To be typed somewhere, "" for none.
        action: What its one button says, "" for no button.
        action_address: Where the button leads.
        small_print: Why they get it, a sentence.
        leave_address: Where they say that they want no more, "" where nothing follows anyway.
    """

    subject: str
    text: str
    code: str = ""
    action: str = ""
    action_address: str = ""
    small_print: str
    leave_address: str = ""


def compose(
    words: Words, *, sender: Sender, to: str, message: UUID, is_automatic: bool
) -> EmailMultiAlternatives:
    """A message as it is sent, in the language in use.

    Args:
        words: What it says.
        sender: Who it is from.
        to: The address.
        message: Its id, which makes the Message-ID: the same at every try.
        is_automatic: Whether no person wrote it (RFC 3834).
    """
    light, dark = colours()
    shown = {
        "words": words,
        "paragraphs": paragraphs(words.text),
        "sender": sender,
        "imprint": [line for line in sender.imprint.splitlines() if line.strip()],
        "light": light,
        "dark": dark,
        "font": FONT,
    }
    headers = {
        "Message-ID": message_id(message, sender.domain),
        "Content-Language": language(),
    }
    if is_automatic:
        headers["Auto-Submitted"] = "auto-generated"
    if words.leave_address:
        headers["List-Unsubscribe"] = f"<{words.leave_address}>"
        if words.leave_address.startswith("https://"):  # as RFC 8058 asks
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = _Letter(
        subject=" ".join(words.subject.split()),
        body=_layout().get_template("message.txt.j2").render(shown),
        from_email=formataddr((sender.name, sender.address)),
        to=[to],
        headers=headers,
    )
    mail.attach_alternative(_layout().get_template("message.html.j2").render(shown), "text/html")
    return mail


def trial(*, sender: Sender, to: str, message: UUID) -> EmailMultiAlternatives:
    """The message that shows that mail works."""
    words = Words(
        subject=gettext("Mail from {business} works").format(business=sender.business),
        text=gettext(
            "This is the message that you asked for in the settings. Whoever gets mail from {business} "
            "sees it like this."
        ).format(business=sender.business),
        small_print=gettext("Sent because somebody at {business} tried the settings.").format(
            business=sender.business
        ),
    )
    return compose(words, sender=sender, to=to, message=message, is_automatic=True)


def paragraphs(text: str) -> list[list[str]]:
    """A text as paragraphs of lines."""
    found = (part.strip() for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")))
    return [part.splitlines() for part in found if part]


class _Letter(EmailMultiAlternatives):
    """A message whose subject begins in its first line: a long word in other letters is put there in part."""

    def message(self, **how: Any) -> Any:
        """As it is sent."""
        made = super().message(**how)
        subject = str(self.subject)
        if not subject.isascii():
            made.replace_header("Subject", Header(subject, "utf-8", header_name="Subject"))
        return made


@cache
def _layout() -> Environment:
    return templates.environment("regulars.outreach")
