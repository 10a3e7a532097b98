"""Wrong passwords and codes, and mails asked for: after several, the door stays shut for a while."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.crypto import salted_hmac

from regulars.credentials.models import UsedCode, WrongPassword
from regulars.kernel.language import ngettext
from regulars.kernel.network import is_this_computer
from regulars.kernel.words import number_text

WINDOW_MINUTES = 15
MOST_BY_LOGIN = 5
MOST_BY_ADDRESS = 30  # a shop's employees share one address
KEPT_HOURS = 24


def minutes_locked(*, login: str, address: str, now: datetime) -> int:
    """For how many minutes nobody can sign in by this name, or from there; 0 where they can.

    Five wrong passwords for a name, or thirty from an address, within a quarter of an hour lock; the
    quarter begins with the last of them. This computer itself is never locked out as an address,
    as everybody may come from it behind a proxy.

    Args:
        login: As it is compared.
        address: Of the network.
        now: When.
    """
    since = now - timedelta(minutes=WINDOW_MINUTES)
    tries = WrongPassword.objects.filter(tried_at__gt=since)
    counted = [(tries.filter(login=digest_of(login)), MOST_BY_LOGIN)]
    if not is_this_computer(address):
        counted.append((tries.filter(address=address), MOST_BY_ADDRESS))
    last = [
        some.aggregate(last=Max("tried_at"))["last"]
        for some, most in counted
        if some.count() >= most
    ]
    left = max((one - since for one in last), default=timedelta())
    return -(-int(left.total_seconds()) // 60)


def note_wrong_password(*, login: str, address: str, now: datetime) -> None:
    """Counts a wrong password or code, or a mail that was asked for, and forgets those of the day before."""
    WrongPassword.objects.filter(tried_at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    WrongPassword.objects.create(login=digest_of(login), address=address, tried_at=now)


def forget_wrong_passwords(*, login: str) -> None:
    """Forgets those of a name, once its owner has signed in."""
    WrongPassword.objects.filter(login=digest_of(login)).delete()


def is_first_use(login: str, code: str, *, now: datetime) -> bool:
    """Whether a code was not used before; from now on it was."""
    UsedCode.objects.filter(used_at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    digest = digest_of(f"{login} {code}")
    return UsedCode.objects.get_or_create(digest=digest, defaults={"used_at": now})[1]


def digest_of(login: str) -> str:
    """What stands for a name here: people type their passwords into the wrong field."""
    return salted_hmac("regulars.credentials.lockout", login, algorithm="sha256").hexdigest()


def locked_sentence(minutes: int) -> str:
    """For how long somebody has to wait."""
    return ngettext(
        "That was too often. Try again in a minute.",
        "That was too often. Try again in {count} minutes.",
        minutes,
    ).format(count=number_text(minutes))
