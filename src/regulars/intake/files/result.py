"""What became of a file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Why a row is in the error file that is used all the same.
IN_ERROR_FILE = ("bad_since", "since_ahead", "unknown_location")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of every row, or would become of it.

    Attributes:
        rows: In the files.
        rejected: Rows set aside, by reason.
        kept: Rows that look odd and do no harm, by reason.
        recorded: Events that were written, by type.
        duplicates: Events that had been told before.
        claimed: Events that had been told of nobody, and are somebody's now.
        customers: Who was not known before.
        known: Customers of whom something more is known than before.
        again: Rows of somebody whom an earlier row told of.
        senders: Of the customers, who was added only because somebody came through them.
        recognised: Customers who were known, by the kind of identity that told.
        doubtful: Customers one of whose identities belongs to somebody else.
        of_nobody: Events whose customer's id tells nobody apart, recorded without a customer.
        awaiting: Of the refunds, how many name an order that nobody has told of, and wait for it.
        effects: What followed from them, as lines on today's list.
        notes: What was guessed and decided, in the language in use.
        is_dry: Whether nothing was written.
    """

    rows: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    recorded: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    claimed: int = 0
    customers: int = 0
    known: int = 0
    again: int = 0
    senders: int = 0
    recognised: Mapping[str, int] = field(default_factory=dict)
    doubtful: int = 0
    of_nobody: int = 0
    awaiting: int = 0
    effects: int = 0
    notes: tuple[str, ...] = ()
    is_dry: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether the error file has a row."""
        return bool(self.rejected) or any(reason in self.kept for reason in IN_ERROR_FILE)

    def as_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Imported":
        """What `as_json` told."""
        return cls(**told)
