"""How recently and how often everybody came, coloured by what each has brought."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regulars.console.segments.words import list_address
from regulars.insight.report.rfv import FREQUENCY, RECENCY, STEPS, levels
from regulars.kernel.language import gettext
from regulars.kernel.money import major, money_text
from regulars.kernel.words import compact_text
from regulars.scoring.ready_made import Selection


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Customers who came as recently and as often.

    Attributes:
        address: Of their list, or "" where there is nobody.
        customers: How many they are.
        amount: What each of them brought so far, or "".
        level: How strongly it is coloured, from 0 to 5.
        label: When and how often, for those who do not see the map.
    """

    address: str
    customers: str
    amount: str
    level: int
    label: str


@dataclass(frozen=True)
class Row:
    """Those who came as often; the most often on top."""

    name: str
    cells: tuple[Cell, ...]


def columns() -> tuple[str, ...]:
    """How recently, from the longest ago on."""
    return tuple(gettext(word) for word in RECENCY)


def rows_of(
    counted: Mapping[tuple[int, int], tuple[int, float]], currency: str | None
) -> tuple[Row, ...]:
    """The map, most often on top.

    Args:
        counted: As `regulars.scoring.everybody.by_rhythm` gives it.
        currency: ISO 4217, or None.
    """
    counts, means = np.zeros((STEPS, STEPS)), np.zeros((STEPS, STEPS))
    for (recency, frequency), (customers, mean) in counted.items():
        counts[frequency - 1, recency - 1] = customers
        means[frequency - 1, recency - 1] = mean
    level = levels(counts, means)

    def cell(f: int, r: int) -> Cell:
        customers = int(counts[f, r])
        each = money_text(major(means[f, r], currency), currency, digits=0)
        return Cell(
            address=list_address(Selection(r=r + 1, f=f + 1)) if customers else "",
            customers=compact_text(customers) if customers else "–",
            amount=gettext("{amount} each").format(amount=each) if customers else "",
            level=int(level[f, r]),
            label=f"{gettext(RECENCY[r])}, {gettext(FREQUENCY[f])}",
        )

    return tuple(
        Row(gettext(FREQUENCY[f]), tuple(cell(f, r) for r in range(STEPS)))
        for f in reversed(range(STEPS))
    )
