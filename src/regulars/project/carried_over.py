"""What a restore must not undo: it is taken out of the data that are replaced, and told again.

A backup knows nothing of what happened after it. Most of that is lost with the data that it replaces, but
some of it was promised for good. Each such promise is a line of ``CARRIED_OVER``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Word = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something that holds through a restore.

    Attributes:
        name: In a word.
        take: Reads it from the data that are replaced.
        keep: Told what was taken and when it is, does it again to the data that were restored; inside
            a transaction.
    """

    name: str
    take: Callable[[], Any]
    keep: Callable[[Any, datetime], None]


def who_was_erased() -> Sequence[tuple[UUID, datetime]]:
    """The journal of erasures."""
    from regulars.people.queries import erasures  # noqa: PLC0415  (once Django is set up)

    return erasures()


def erase_again(journal: Sequence[tuple[UUID, datetime]], now: datetime) -> None:
    """Erases those again whom the replaced data had erased."""
    from regulars.people.services import replay_erasures  # noqa: PLC0415  (once Django is set up)

    del now
    replay_erasures(journal=journal)


def make_readable() -> None:
    """Makes the log readable from its beginning, wherever it was written."""
    from regulars.stream.services import settle_moved_log  # noqa: PLC0415  (once Django is set up)

    settle_moved_log()


def who_said_no() -> Sequence[Word]:
    """Where customers' latest word was no, and who must not be contacted at all."""
    from regulars.people.queries import withdrawals  # noqa: PLC0415  (once Django is set up)

    return withdrawals()


def take_no_again(words: Sequence[Word], now: datetime) -> None:
    """Notes every no again that the restored data do not know."""
    from regulars.people.services import replay_withdrawals  # noqa: PLC0415  (once Django is set up)

    del now
    replay_withdrawals(words=words)


def who_may_come_in() -> Any:
    """Employees with what they sign in by, and keys of programs."""
    from regulars.credentials.doors import doors  # noqa: PLC0415  (once Django is set up)

    return doors()


def let_nobody_else_in(were: Any, now: datetime) -> None:
    """Shuts out again who was shut out in the replaced data."""
    from regulars.credentials.doors import keep_doors  # noqa: PLC0415  (once Django is set up)

    del now
    keep_doors(were)


def sign_everybody_out() -> None:
    """Ends the sessions that the backup holds."""
    from regulars.credentials.doors import sign_everybody_out  # noqa: PLC0415  (once Django is set up)

    sign_everybody_out()


def send_nothing_twice() -> None:
    """Holds mail back that waited when the backup was made."""
    from regulars.outreach.services import hold_back  # noqa: PLC0415  (once Django is set up)
    from regulars.outreach.to_employees import hold_codes_back  # noqa: PLC0415

    hold_back(now=datetime.now(UTC))
    hold_codes_back(now=datetime.now(UTC))


CARRIED_OVER: tuple[Promise, ...] = (
    Promise(name="withdrawals", take=who_said_no, keep=take_no_again),
    Promise(name="erasures", take=who_was_erased, keep=erase_again),
    Promise(name="doors", take=who_may_come_in, keep=let_nobody_else_in),
)
"""In their order; called by `regulars.project.restoring`."""

AFTER_RESTORE: tuple[Callable[[], None], ...] = (
    make_readable,
    send_nothing_twice,
    sign_everybody_out,
)
"""What the restored data need before they are used, whatever they replaced; inside a transaction."""
