"""Files that `regulars export` wrote, told by their header, so that no stranger's words are taken for ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from regulars.insight import Source
from regulars.insight.reading.columns import Mapped
from regulars.insight.reading.heads import names_in
from regulars.intake.files.errors import OwnFileAmongOthers
from regulars.stream.models import REFERRAL

OwnKind = Literal["purchases", "refunds", "referrals"]
# Columns that, together, only these tables have; others may be taken out, or added, in a spreadsheet.
OWN_CUSTOMERS = frozenset(("customer_id", "external_id", "other_identities"))
OWN_EVENTS = frozenset(
    ("type", "source", "key", "customer_id", "occurred_at", "recorded_by", "replaces", "data")
)
PURCHASE, REFUND, VISIT = "purchase.completed", "purchase.refunded", "visit.recorded"
# Which events of such a file are taken in as what.
TYPES_OF: Mapping[OwnKind, frozenset[str]] = {
    "purchases": frozenset((PURCHASE, REFUND, VISIT)),
    "refunds": frozenset((REFUND,)),
    "referrals": frozenset((REFERRAL,)),
}
# Where a page shows what of ours is read from where; the sender is among the data.
SHOWN_OF: Mapping[OwnKind, tuple[tuple[str, str], ...]] = {
    "purchases": tuple(
        (one, one)
        for one in ("customer_id", "occurred_at", "amount", "order_id", "currency", "refund_of")
    ),
    "refunds": tuple(
        (one, one)
        for one in ("customer_id", "occurred_at", "amount", "order_id", "currency", "refund_of")
    ),
    "referrals": (
        ("sender_id", "data"),
        ("friend_id", "customer_id"),
        ("occurred_at", "occurred_at"),
    ),
}


def is_own_customers(source: Source) -> bool:
    """Whether all files of a source are tables of customers that were exported."""
    return all({*names} >= OWN_CUSTOMERS for names in _headers(source).values())


def is_own_events(source: Source) -> bool:
    """Whether the files of a source are tables of events that were exported.

    Raises:
        OwnFileAmongOthers: Some of them are; what these tell would be recorded under other names.
    """
    found = {path: {*names} >= OWN_EVENTS for path, names in _headers(source).items()}
    if any(found.values()) and not all(found.values()):
        raise OwnFileAmongOthers(path=next(path for path, is_own in found.items() if is_own))
    return all(found.values())


def own_events_shown(kind: OwnKind, names: Sequence[str]) -> dict[str, str]:
    """What of ours is read from where in such a file, as far as a page shows it."""
    return {ours: theirs for ours, theirs in SHOWN_OF[kind] if theirs in names}


def as_they_are(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files that we wrote, by their own names."""
    del asked
    return [Mapped(columns={name: name for name in names}) for _, names in files]


def _headers(source: Source) -> dict[Path, tuple[str, ...]]:
    return {path: names_in(path, encoding=source.encoding) for path in source.files()}
