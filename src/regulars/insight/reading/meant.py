"""Which columns of a file could be meant by one of ours, from what they are called."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence

from regulars.insight.reading.plain_names import (
    PLAIN_NAMES,
    TELL_APART,
    TIMES_OF_DAY,
    TOLD_APART,
)
from regulars.insight.reading.shop_exports import Export


def contacts_of(
    export: Export, by_key: Mapping[str, list[str]], *, taken: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The columns of an export by which people are reached, as far as the file has them for nothing else."""
    found = {
        kind: tuple(
            name
            for theirs in columns
            for name in by_key.get(key_of(theirs), [])
            if name not in taken
        )
        for kind, columns in export.contacts.items()
    }
    return {kind: names for kind, names in found.items() if names}


def present(patterns: Mapping[str, str], by_key: Mapping[str, list[str]]) -> dict[str, str]:
    """The patterns of an export for the columns that the file has, by the file's own names."""
    return {
        name: pattern
        for theirs, pattern in patterns.items()
        for name in by_key.get(key_of(theirs), [])
    }


def candidates(column: str, free: Mapping[str, list[str]], export: Export | None) -> list[str]:
    """The columns that could be one of ours: the export's own, else our name, else plain names."""
    if export is not None:
        for theirs in export.columns.get(column, ()):
            if free.get(key_of(theirs)):
                return free[key_of(theirs)]
        return []
    ours = free.get(key_of(column), [])
    if ours:
        return ours
    # Several plain names may differ in nothing but what a key leaves out.
    keys = dict.fromkeys(key_of(plain) for plain in PLAIN_NAMES[column])
    found = [name for key in keys for name in free.get(key, [])]
    if len(found) > 1 and column == "occurred_at":
        return [name for name in found if key_of(name) not in TIMES_OF_DAY] or found
    return found


def tells_apart(column: str, theirs: Sequence[str]) -> str:
    """Of several columns that could say who or which, the one that names a number or an id; "" for none alone."""
    if column not in TOLD_APART:
        return ""
    plain = {key_of(name): name for name in PLAIN_NAMES[column]}
    sure = [name for name in theirs if TELL_APART.search(plain.get(key_of(name), ""))]
    return sure[0] if len(sure) == 1 else ""


def meant_column(names: Sequence[str], theirs: str) -> str | None:
    """The column that the person means, exactly or but for case and spaces."""
    if theirs in names:
        return theirs
    alike = [name for name in names if key_of(name) == key_of(theirs)]
    return alike[0] if len(alike) == 1 else None


def key_of(name: str) -> str:
    """A name without case, accents, spaces and punctuation; Thai vowels and tones are kept."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        letter
        for letter in apart
        if letter == "#"
        or letter.isalnum()
        or (unicodedata.category(letter) == "Mn" and letter > "\u0dff")
    )
