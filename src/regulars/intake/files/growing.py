"""What was given back of an order so far, as exports of shops tell it: a sum that grows from file to file.

The sum of the first file that tells one is a refund; what it has grown by since is a further one, with a key of its
own after the first's. So a file that comes again adds nothing, nor does one from before.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate

from regulars.intake.files.draft import Draft
from regulars.stream.bulk import known_totals


def what_grew(
    source: str, sums: Sequence[Draft], known: Mapping[str, int | None]
) -> dict[str, Draft | None]:
    """Of sums that were told otherwise before, what was given back since.

    Args:
        source: Of their events.
        sums: As a file tells them now.
        known: What each came to when it was first told, by its key.

    Returns:
        By key the further refund, None where all of it is known; a sum that shrank is not in it.
    """
    found: dict[str, Draft | None] = {}
    parts = _parts(source, {draft.key: known[draft.key] or 0 for draft in sums})
    for draft in sums:
        told = list(accumulate(parts[draft.key]))
        total = json.loads(draft.data)["total"]["amount_minor"]
        if total > told[-1]:
            found[draft.key] = _further(draft, number=len(told), minor=total - told[-1])
        elif total in told:
            found[draft.key] = None
    return found


def more_than(
    source: str, sums: Sequence[Draft], back: Mapping[str, int]
) -> dict[str, Draft | None]:
    """Of sums of orders that a source told, a till perhaps, what is more than the log has of them.

    Args:
        source: Of the orders.
        sums: As a file tells them now.
        back: What the log has, by the keys of the sums, whoever told it.

    Returns:
        By key the refund under that source, None where all of it is known, or the till knows more.
    """
    first = {key: minor or 0 for key, minor in known_totals(source, list(back)).items()}
    parts = _parts(source, first)
    found: dict[str, Draft | None] = {}
    for draft in sums:
        more = json.loads(draft.data)["total"]["amount_minor"] - back[draft.key]
        number, told = len(parts.get(draft.key, ())), draft._replace(source=source, is_sum=False)
        if more > 0 and back[draft.key]:
            told = _further(told, number=number, minor=more)
        found[draft.key] = told if more > 0 else None
    return found


def _parts(source: str, first: Mapping[str, int]) -> dict[str, list[int]]:
    """The refunds that each sum was told in, by its key, the first first."""
    parts = {key: [minor] for key, minor in first.items()}
    growing = set(parts)
    while growing:
        further = {_key(key, len(parts[key])): key for key in growing}
        known = known_totals(source, list(further))
        for one, minor in known.items():
            parts[further[one]].append(minor or 0)
        growing = {further[one] for one in known}
    return parts


def _further(draft: Draft, *, number: int, minor: int) -> Draft:
    """A refund of what a sum has grown by; of which articles, nobody tells."""
    data = json.loads(draft.data)
    data["total"]["amount_minor"], data["lines"] = minor, []
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return draft._replace(key=_key(draft.key, number), data=text)


def _key(first: str, number: int) -> str:
    return f"{first}+{number}" if number else first
