"""What is asked of the list of customers: who, in which order, and how that is said in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from regulars.console.asking.lines import one_line
from regulars.console.customer.words import CHANNEL_NAMES, PURPOSE_NAMES
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import number_text
from regulars.people.permission import PURPOSES
from regulars.scoring.core import LIFE_CYCLE_NAMES, LIFE_CYCLES, VALUE_NAMES, VALUES
from regulars.scoring.listing import ORDERS, Filters, Order

LONGEST_SEARCH = 120
PROSPECT = "prospect"
UNSEEN_DAYS = (30, 60, 90, 180, 365)
CHANNELS = ("email", "sms", "phone", "post")
ORDER_NAMES: Mapping[Order, str] = {
    "newest": mark("Newest"),
    "known": mark("Known longest"),
    "here": mark("Here last"),
    "name": mark("By name"),
    "spent": mark("Spent most"),
    "brings": mark("Brought most"),
}
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ListAsked:
    """What an address asks of the list; what cannot be is left out.

    Attributes:
        q: Who is looked for, as typed.
        order: One of `regulars.scoring.listing.ORDERS`.
        life: A life cycle, ``prospect`` or "".
        value: A value, or "".
        unseen: Days for which nobody was here, or "".
        consent: ``purpose:channel``, or "".
    """

    q: str = ""
    order: Order = "newest"
    life: str = ""
    value: str = ""
    unseen: str = ""
    consent: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "ListAsked":
        """From an address or from what was kept."""

        def known(name: str, values: tuple[str, ...]) -> str:
            return next((one for one in values if one == told.get(name)), "")

        return cls(
            q=one_line(str(told.get("q", ""))[:LONGEST_SEARCH]),
            order=next((one for one in ORDERS if one == told.get("order")), "newest"),
            life=known("life", (*LIFE_CYCLES, PROSPECT)),
            value=known("value", VALUES),
            unseen=known("unseen", tuple(map(str, UNSEEN_DAYS))),
            consent=known("consent", tuple(one for one, _ in _consents())),
        )

    def filters(self, *, now: datetime, places: tuple[UUID, ...] = ()) -> Filters:
        """The same as `regulars.scoring.listing` asks it.

        Args:
            now: When.
            places: That are looked at; none for everywhere. Who is looked for is found wherever they are.
        """
        purpose, _, channel = self.consent.partition(":")
        return Filters(
            life_cycle="" if self.life == PROSPECT else self.life,
            value=self.value,
            unseen_since=now - timedelta(days=int(self.unseen)) if self.unseen else None,
            consent=(purpose, channel) if self.consent else None,
            prospects=self.life == PROSPECT,
            places=() if self.q else places,
        )

    @property
    def told(self) -> dict[str, str]:
        """What is asked, without what is as always."""
        asked = {
            "q": self.q,
            "order": "" if self.order == "newest" else self.order,
            "life": self.life,
            "value": self.value,
            "unseen": self.unseen,
            "consent": self.consent,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for less than everybody."""
        return bool(self.told.keys() - {"q", "order"})

    def address(self, *, route: str = "customers", **more: str) -> str:
        """Of the list that is asked for."""
        asked = urlencode({**self.told, **more})
        return reverse(route) + (f"?{asked}" if asked else "")


@dataclass(frozen=True, kw_only=True)
class Select:
    """One thing to filter by."""

    name: str
    label: str
    chosen: str
    choices: Choices


@dataclass(frozen=True)
class Link:
    """A way to another list."""

    address: str
    name: str
    is_here: bool
    id: UUID | None = None


def selects_of(asked: ListAsked) -> tuple[Select, ...]:
    """What can be filtered by, with what is."""
    return (
        Select(
            name="life",
            label=gettext("Where they stand"),
            chosen=asked.life,
            choices=(
                ("", gettext("everywhere")),
                *((one, gettext(LIFE_CYCLE_NAMES[one])) for one in LIFE_CYCLES),
                (PROSPECT, gettext("Has not bought yet")),
            ),
        ),
        Select(
            name="value",
            label=gettext("What they are worth"),
            chosen=asked.value,
            choices=(
                ("", gettext("everything")),
                *((one, gettext(VALUE_NAMES[one])) for one in VALUES),
            ),
        ),
        Select(
            name="unseen",
            label=gettext("Not seen for"),
            chosen=asked.unseen,
            choices=(
                ("", gettext("any time")),
                *(
                    (
                        str(days),
                        ngettext("{count} day", "{count} days", days).format(
                            count=number_text(days)
                        ),
                    )
                    for days in UNSEEN_DAYS
                ),
            ),
        ),
        Select(
            name="consent",
            label=gettext("Agreed to"),
            chosen=asked.consent,
            choices=(("", gettext("anything or nothing")), *_consents()),
        ),
    )


def orders_of(asked: ListAsked) -> tuple[Link, ...]:
    """The orders, each with its address."""
    return tuple(
        Link(
            replace(asked, order=order).address(), gettext(ORDER_NAMES[order]), order == asked.order
        )
        for order in ORDERS
    )


def _consents() -> Choices:
    return tuple(
        (
            f"{purpose}:{channel}",
            f"{gettext(PURPOSE_NAMES[purpose])} · {gettext(CHANNEL_NAMES[channel])}",
        )
        for purpose in PURPOSES
        for channel in CHANNELS
    )
