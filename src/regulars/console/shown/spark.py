"""A small picture of one number over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, number_text

WIDTH, HEIGHT, EDGE = 240, 56, 4
FEWEST = 2


@dataclass(frozen=True)
class Spark:
    """A line from the first day to the last.

    Attributes:
        points: As SVG has them.
        area: The same, closed at the foot.
        last: Where the line ends.
        told: What it shows, in a sentence.
    """

    points: str
    area: str
    last: tuple[float, float]
    told: str


def spark_of(sizes: Sequence[tuple[date, int]]) -> Spark | None:
    """The picture of a size over time, its foot at nothing; None of less than two days."""
    if len(sizes) < FEWEST:
        return None
    first, last = sizes[0][0], sizes[-1][0]
    days, most = (last - first).days, max(1, *(size for _, size in sizes))

    def place(day: date, size: int) -> tuple[float, float]:
        across = EDGE + (WIDTH - 2 * EDGE) * (day - first).days / days
        up = EDGE + (HEIGHT - 2 * EDGE) * (1 - size / most)
        return round(across, 1), round(up, 1)

    places = [place(day, size) for day, size in sizes]
    points = " ".join(f"{x},{y}" for x, y in places)
    foot = HEIGHT - EDGE
    return Spark(
        points=points,
        area=f"{places[0][0]},{foot} {points} {places[-1][0]},{foot}",
        last=places[-1],
        told=gettext("{before} on {first}, {now} on {last}.").format(
            before=number_text(sizes[0][1]),
            first=date_text(first),
            now=number_text(sizes[-1][1]),
            last=date_text(last),
        ),
    )
