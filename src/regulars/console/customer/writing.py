"""Writing to a customer by mail, asking whether they want that, and what became of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.asking.inputs import AskingForm
from regulars.console.customer.forms import AskForm, LetterForm
from regulars.console.customer.head import Shown, about, address, customer_page, to
from regulars.console.mail.words import sent_of
from regulars.console.once import once
from regulars.kernel.language import gettext, mark, speaking
from regulars.kernel.words import time_text
from regulars.outreach.accounts import mail_account
from regulars.outreach.errors import AskedAlready, SaidNo
from regulars.outreach.queries import messages_to
from regulars.outreach.reasons import sentence
from regulars.outreach.services import WAITED_FOR, ask_for_consent, write_letter
from regulars.people.contact import Answer, may_contact
from regulars.people.permission import PURPOSES, Purpose

PURPOSE: Purpose = "care"
WRITE = "customer_write"
# What a letter begins with, by its occasion: subject and text.
OCCASIONS = {
    "thank": (
        mark("A thank-you"),
        mark("Thank you, {name}"),
        mark(
            "Hello {name},\n\nyou told others about us, and they came. Thank you.\n\n{employee}, {business}"
        ),
    ),
    "miss": (
        mark("We miss you"),
        mark("We miss you, {name}"),
        mark(
            "Hello {name},\n\nyou have not been here for a while, and we noticed. It would be good to see you "
            "again.\n\n{employee}, {business}"
        ),
    ),
    "free": (
        mark("In your own words"),
        "",
        mark("Hello {name},\n\n\n\n{employee}, {business}"),
    ),
}


@dataclass(frozen=True)
class Gate:
    """Whether a message can be written now.

    Attributes:
        is_open: Whether it can.
        told: Why not, or when it goes out; "" where it goes at once.
        may_ask: Whether asking for their consent would help.
    """

    is_open: bool
    told: str
    may_ask: bool


@require_http_methods(["GET", "POST"])
def customer_write(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A message in somebody's own words."""
    shown = about(request, customer_id)
    if request.method == "GET":
        return _page(request, shown)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, wrong=form, status=400)
    told, now, customer = form.cleaned_data, datetime.now(UTC), shown.profile.customer_id

    def write() -> UUID:
        write_letter(
            customer_id=customer,
            purpose=PURPOSE,
            language=told["language"],
            subject=told["subject"],
            text=told["text"],
            actor=actor_of(request),
            now=now,
        )
        return customer

    _, is_new = once(request, key=told["key"], now=now, write=write)
    return to(customer, "written" if is_new else "again", part=WRITE)


@require_POST
def customer_ask(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They are asked by mail whether they want to hear from us."""
    shown = about(request, customer_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, wrong=form, status=400)
    told, now, customer = form.cleaned_data, datetime.now(UTC), shown.profile.customer_id

    def ask() -> UUID:
        ask_for_consent(
            customer_id=customer,
            purpose=next(one for one in PURPOSES if one == told["purpose"]),
            language=told["language"],
            actor=actor_of(request),
            now=now,
        )
        return customer

    try:
        _, is_new = once(request, key=told["key"], now=now, write=ask)
    except (AskedAlready, SaidNo) as error:
        form.add_error("purpose", str(error))
        return _page(request, shown, wrong=form, status=error.http_status)
    return to(customer, "asked" if is_new else "again", part=WRITE)


def _page(
    request: HttpRequest, shown: Shown, *, wrong: AskingForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with what is wrong beside the field where something is."""
    customer = shown.profile.customer_id
    here_at = address(customer, WRITE)
    occasion = request.GET.get("occasion", "")
    letter = wrong if isinstance(wrong, LetterForm) else _begun(request, shown, occasion)
    asking = (
        wrong
        if isinstance(wrong, AskForm)
        else AskForm(initial={"purpose": PURPOSE, "language": _language(request, shown)})
    )
    return customer_page(
        request,
        "customer/write.html.j2",
        shown,
        at="customer_contact",
        status=status,
        gate=_gate(request, shown),
        occasions=tuple(
            (
                f"{here_at}?{urlencode({'occasion': key})}",
                gettext(name),
                key == (occasion or "free"),
            )
            for key, (name, _, _) in OCCASIONS.items()
        ),
        letter=letter.asked(here_at, gettext("Send it")),
        asking=asking.asked(address(customer, "customer_ask"), gettext("Ask them by mail")),
        sent=sent_of(
            messages_to(customer),
            account=mail_account(),
            zone=shown.zone,
            now=datetime.now(UTC),
        ),
    )


def _begun(request: HttpRequest, shown: Shown, occasion: str) -> LetterForm:
    """A letter that says hello, and for some occasions more."""
    business, employee = here(request)
    language = _language(request, shown)
    words = {
        "name": shown.profile.name,
        "employee": employee.name,
        "business": business.name,
    }
    _, subject, text = OCCASIONS.get(occasion, OCCASIONS["free"])
    with speaking(language):
        told = {
            "subject": gettext(subject).format(**words) if subject else "",
            "text": gettext(text).format(**words),
            "language": language,
        }
    return LetterForm(initial=told)


def _language(request: HttpRequest, shown: Shown) -> str:
    """Theirs, else the business's."""
    business, _ = here(request)
    return shown.profile.language or business.language


def _gate(request: HttpRequest, shown: Shown) -> Gate:
    """What the one gate says, and what is before it."""
    business, _ = here(request)
    for reason, missing in (
        ("no_mail", mail_account() is None),
        ("no_public_address", not business.public_address),
    ):
        if missing:
            return Gate(is_open=False, told=sentence(reason), may_ask=False)
    answer = may_contact(
        customer_id=shown.profile.customer_id,
        purpose=PURPOSE,
        channel="email",
        now=shown.now.astimezone(UTC),
    )
    known = any(one.kind == "email" for one in shown.profile.identities)
    if answer.reason == "no_consent" and not known:
        return Gate(is_open=False, told=sentence("no_address"), may_ask=False)
    return Gate(
        is_open=answer.reason in WAITED_FOR,
        told=_told(answer, shown),
        may_ask=answer.reason == "no_consent",
    )


def _told(answer: Answer, shown: Shown) -> str:
    if answer.reason == "allowed":
        return ""
    if answer.reason == "quiet_hours" and answer.again_at is not None:
        return gettext("It is a quiet hour. It will go out at {time}.").format(
            time=time_text(answer.again_at.astimezone(shown.zone))
        )
    return answer.sentence
