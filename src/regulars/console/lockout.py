"""Wrong passwords: after several, the door stays shut for a while, and says for how long."""

from datetime import datetime, timedelta
from ipaddress import ip_address

from django.db.models import Max
from django.utils.crypto import salted_hmac

from regulars.console.models import WrongPassword

WINDOW_MINUTES = 15
MOST_BY_LOGIN = 5
MOST_BY_ADDRESS = 30  # a shop's employees share one address
KEPT_HOURS = 24


def minutes_locked(*, login: str, address: str, now: datetime) -> int:
    """For how many minutes nobody can sign in by this name, or from there; 0 where they can.

    Five wrong passwords for a name, or thirty from an address, within a quarter of an hour lock; the
    quarter begins with the last of them. This computer itself is never locked out as an address,
    as everybody comes from it behind a proxy.

    Args:
        login: As it is compared.
        address: Of the network.
        now: When.
    """
    since = now - timedelta(minutes=WINDOW_MINUTES)
    tries = WrongPassword.objects.filter(tried_at__gt=since)
    counted = [(tries.filter(login=digest_of(login)), MOST_BY_LOGIN)]
    if not _is_this_computer(address):
        counted.append((tries.filter(address=address), MOST_BY_ADDRESS))
    last = [
        some.aggregate(last=Max("tried_at"))["last"]
        for some, most in counted
        if some.count() >= most
    ]
    left = max((one - since for one in last), default=timedelta())
    return -(-int(left.total_seconds()) // 60)


def note_wrong_password(*, login: str, address: str, now: datetime) -> None:
    """Remembers a wrong password, and forgets those of the day before."""
    WrongPassword.objects.filter(tried_at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    WrongPassword.objects.create(login=digest_of(login), address=address, tried_at=now)


def forget_wrong_passwords(*, login: str) -> None:
    """Forgets those of a name, once its owner has signed in."""
    WrongPassword.objects.filter(login=digest_of(login)).delete()


def digest_of(login: str) -> str:
    """What stands for a name here: people type their passwords into the wrong field."""
    return salted_hmac("regulars.console.lockout", login, algorithm="sha256").hexdigest()


def _is_this_computer(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
