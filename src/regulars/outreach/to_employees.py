"""Messages to those who work here, about their own signing in.

They are no marketing and no customers: no consent is asked for, and the gate has no say. What is
told, a code, is kept sealed until it is sent, and is of use for a quarter of an hour.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from regulars.kernel.language import gettext, language, speaking
from regulars.kernel.outbox.core import (
    Delivered,
    Deliverer,
    GivenUp,
    Outcome,
    Refused,
)
from regulars.kernel.outbox.services import put, take_back
from regulars.kernel.sealing import seal, unseal
from regulars.kernel.words import number_text
from regulars.outreach.accounts import mail_account, opened, sender_of, server_of, tell_account
from regulars.outreach.letters import Words, compose
from regulars.outreach.models import EmployeeMail
from regulars.outreach.reasons import RESTORED
from regulars.outreach.smtp import Ready, sent
from regulars.people.models import Employee
from regulars.people.queries import business

KIND = "employee_mail"
USE = "regulars.outreach.code"
CODE_MINUTES = 15
NEWS_DAYS = 2


def mail_works() -> bool:
    """Whether mail is set up, and the last message went out by it."""
    account = mail_account()
    return (
        account is not None
        and account.worked_at is not None
        and not account.problem
        and opened(account.password) is not None
    )


def write_code(
    *, employee: Employee | None, kind: str, address: str, code: str, now: datetime
) -> None:
    """Sends an employee a code, in the language in use; inside a transaction.

    An earlier one that still waits is sent no more.

    Args:
        employee: To whom; for None as much is done, and nothing sent, so that nobody can tell.
        kind: ``sign_in`` or ``confirm``.
        address: Where to.
        code: As it is shown.
        now: When.
    """
    if employee is not None:
        EmployeeMail.objects.filter(employee=employee, kind=kind).delete()
    _write(employee, kind, address, code, now, timedelta(minutes=CODE_MINUTES))


def tell_of_change(*, employee: Employee, address: str, now: datetime) -> None:
    """Tells an address that was somebody's that it is so no more; inside a transaction."""
    _write(employee, EmployeeMail.CHANGED, address, "", now, timedelta(days=NEWS_DAYS))


def hold_codes_back(*, now: datetime) -> None:
    """Sends nothing that waits: a restored backup's codes let nobody in any more."""
    take_back(kind=KIND, reason=RESTORED, now=now)
    EmployeeMail.objects.all().delete()


def _write(
    employee: Employee | None,
    kind: str,
    address: str,
    code: str,
    now: datetime,
    lasts: timedelta,
) -> None:
    mail = EmployeeMail.objects.create(
        employee=employee,
        kind=kind,
        address=address if employee is not None else "",
        code=seal(code, secret=settings.SECRET_KEY, use=USE) if code else "",
        language=language(),
        written_at=now,
        expires_at=now + lasts,
    )
    put(kind=KIND, subject_id=mail.id, now=now)


def attempt(mail_id: UUID, now: datetime) -> Outcome:
    """Sends a message, while it is of use; see `regulars.kernel.outbox.core.Deliverer`."""
    return sent(_prepared(mail_id, now))


def settle(mail_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Lets go of a message that is sent, or never will be."""
    tell_account(outcome, now)
    if isinstance(outcome, Delivered | Refused | GivenUp):
        EmployeeMail.objects.filter(id=mail_id).delete()


TO_EMPLOYEES = Deliverer(attempt=attempt, settle=settle)


def _prepared(mail_id: UUID, now: datetime) -> Ready | Outcome:
    message = EmployeeMail.objects.select_related("employee").filter(id=mail_id).first()
    if message is None or message.employee is None or not message.employee.is_active:
        return Refused("gone")
    if message.expires_at <= now:
        return Refused("expired")
    house, account = business(), mail_account()
    if house is None or account is None:
        return Refused("no_mail")
    server = server_of(account)
    code = unseal(message.code, secret=settings.SECRET_KEY, use=USE) if message.code else ""
    if server is None or code is None:
        return Refused("password_lost")
    with speaking(message.language):
        mail = compose(
            words_of(message.kind, name=message.employee.name, business=house.name, code=code),
            sender=sender_of(account, house),
            to=message.address,
            message=message.id,
            is_automatic=True,
        )
    return Ready(mail, server)


def words_of(kind: str, *, name: str, business: str, code: str) -> Words:
    """What a message says, in the language in use.

    Args:
        kind: Of `EmployeeMail.KINDS`.
        name: Whom it is to.
        business: Where they work.
        code: "" for none.
    """
    hello = gettext("Hello {name},").format(name=name)
    if kind == EmployeeMail.CHANGED:
        return Words(
            subject=gettext("Your address at {business} is another now").format(business=business),
            text=hello
            + "\n\n"
            + gettext(
                "codes for signing in no longer come to this address. Was it not you who changed that? "
                "Then sign in with your password, choose another, and tell the owner."
            ),
            small_print=gettext("You get this because you work at {business}.").format(
                business=business
            ),
        )
    told = (
        gettext("with this code you sign in:")
        if kind == EmployeeMail.SIGN_IN
        else gettext("with this code you show that this address is yours:")
    )
    return Words(
        subject=gettext("Your code for {business}").format(business=business),
        text=f"{hello}\n\n{told}",
        code=code,
        small_print=gettext(
            "It works for {minutes} minutes, and only in the browser that asked for it. Give it to nobody; "
            "nobody at {business} will ask you for it. If it was not you, you need do nothing."
        ).format(minutes=number_text(CODE_MINUTES), business=business),
    )
