"""What the demo's café remembers of those who come most: its notebook, as a file of customers."""

import csv
import random
from collections import Counter
from pathlib import Path

from regulars.kernel.language import gettext, mark

REGULARS = 240
LIKES = (
    mark("flat white"),
    mark("cappuccino with oat milk"),
    mark("espresso without sugar"),
    mark("filter coffee to go"),
    mark("iced coffee all year round"),
    mark("decaf after three"),
    mark("chai, not too sweet"),
    mark("almond croissant"),
    mark("cinnamon roll, warmed"),
    mark("table by the window"),
    mark("a quiet corner"),
    mark("the newspaper"),
)


def write_notebook(purchases: Path, notebook: Path, *, seed: int) -> None:
    """Writes a file of customers with one or two things that each regular likes.

    Args:
        purchases: The town's; whoever comes most often there is in the notebook.
        notebook: The file to write, in the language in use.
        seed: The same gives the same likes.
    """
    with purchases.open(encoding="utf-8", newline="") as stream:
        came = Counter((row["customer_id"], row["customer_name"]) for row in csv.DictReader(stream))
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    with notebook.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("customer_id", "customer_name", "likes"))
        for (customer_id, name), _ in came.most_common(REGULARS):
            likes = chance.sample(LIKES, chance.choice((1, 2)))
            writer.writerow((customer_id, name, "; ".join(gettext(one) for one in likes)))
