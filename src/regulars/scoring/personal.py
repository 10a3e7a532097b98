"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.people.held import Held
from regulars.scoring.following import follow
from regulars.scoring.models import Score

WHOLE = follow  # once they are one person, or two again
OURS = ("id", "run", "customer_id")
HELD: Mapping[str, Held] = {
    "scores": Held(
        model=Score,
        whose=("customer_id", "scored_id"),
        fields=(
            *("customer_id", "run__until", "run__finished_at"),
            *(one.name for one in Score._meta.concrete_fields if one.name not in OURS),  # noqa: SLF001,
        ),
    ),
}
IMPERSONAL: Mapping[str, str] = {
    "Run": "counts of everybody",
    "Segment": "what the business asks",
    "SegmentSize": "counts of everybody",
    "Score.id": "a number of ours",
}
