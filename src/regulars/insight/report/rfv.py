"""How recently and how often: five by five groups, coloured by what each has brought."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.report.section import HeatCell, HeatRow, HeatTable, Section
from regulars.insight.report.wording import basis, column
from regulars.insight.result import ScoreResult
from regulars.kernel.language import gettext, mark
from regulars.kernel.money import money_text
from regulars.kernel.words import compact_text

STEPS = 5
RECENCY = (
    mark("longest ago"),
    mark("long ago"),
    mark("some time ago"),
    mark("recently"),
    mark("just now"),
)
FREQUENCY = (
    mark("least often"),
    mark("seldom"),
    mark("now and then"),
    mark("often"),
    mark("most often"),
)


@dataclass(frozen=True, kw_only=True)
class RhythmMap(Section):
    """The map of recency and frequency."""

    heat: HeatTable | None = None


def build_rfv(result: ScoreResult) -> RhythmMap:
    """The map, or what is missing for one."""
    heading = gettext("How recently, how often")
    recency, frequency = column(result, "r"), column(result, "f")
    if recency is None or frequency is None:
        return RhythmMap(
            anchor="rhythm",
            heading=heading,
            empty=gettext(
                "A map of who came how recently and how often will be here, as soon as some people "
                "have come back."
            ),
        )
    counted = ~(np.isnan(recency) | np.isnan(frequency))
    value = column(result, "value_to_date")
    value = np.zeros(len(counted)) if value is None else np.nan_to_num(value)
    cell = (frequency[counted].astype(int) - 1) * STEPS + recency[counted].astype(int) - 1
    counts = np.bincount(cell, minlength=STEPS * STEPS)[: STEPS * STEPS]
    sums = np.bincount(cell, value[counted], minlength=STEPS * STEPS)[: STEPS * STEPS]
    means = sums / np.maximum(counts, 1)
    return RhythmMap(
        anchor="rhythm",
        heading=heading,
        intro=(
            gettext(
                "Read it like a map. Top right come often and were here just now: keep them. Top "
                "left came often and have stayed away: win them back. Bottom right are new: make "
                "their second visit easy."
            ),
        ),
        basis=basis(result, int(counted.sum())),
        heat=HeatTable(
            caption=gettext(
                "Customers by how recently (across) and how often (up) they came; the stronger "
                "the colour, the more revenue each has brought so far"
            ),
            corner=gettext("how often"),
            columns=tuple(gettext(word) for word in RECENCY),
            rows=_rows(result, counts.reshape(STEPS, STEPS), means.reshape(STEPS, STEPS)),
            pale=gettext("little each"),
            dark=gettext("much each"),
        ),
    )


def _rows(result: ScoreResult, counts: np.ndarray, means: np.ndarray) -> tuple[HeatRow, ...]:
    """Most often on top, as on a map."""
    level = levels(counts, means)
    return tuple(
        HeatRow(
            heading=gettext(FREQUENCY[f]),
            note="",
            cells=tuple(
                HeatCell(
                    level=int(level[f, r]),
                    text=compact_text(int(counts[f, r])) if counts[f, r] else "–",
                    note=gettext("{amount} each").format(
                        amount=money_text(float(means[f, r]), result.currency, digits=0)
                    )
                    if counts[f, r]
                    else "",
                )
                for r in range(STEPS)
            ),
        )
        for f in reversed(range(STEPS))
    )


def levels(counts: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Equal steps of the logarithm between the least and the most, so that no giant hides others."""
    levels = np.zeros(counts.shape, dtype=int)
    filled = (counts > 0) & (means > 0)
    if not filled.any():
        return levels
    logs = np.log(means[filled])
    span = logs.max() - logs.min()
    share = (logs - logs.min()) / span if span > 0 else np.full(logs.shape, 0.5)
    levels[filled] = 1 + np.minimum((share * STEPS).astype(int), STEPS - 1)
    return levels
