"""Who is meant by a part of a name: asked, where it can be several, and never guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from regulars.console.first_run.lines import Choice, Line
from regulars.intake.errors import ReferralNotAllowed
from regulars.kernel.language import gettext
from regulars.kernel.words import list_text
from regulars.people.names import is_short_for, name_key, same_name
from regulars.people.queries import customers_by_id, likes_of, meant_in_short, namesakes

NOBODY_OF_THEM = ""


def with_doubts(lines: Sequence[Line], posted: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines, each with what has to be asked: who is meant, and whether somebody stands there twice.

    Args:
        lines: As typed.
        posted: With the answers, as ``whom-3``: a name, or "" for somebody else.
    """
    first: dict[str, int] = {}
    for line in lines:
        if line.name:
            first.setdefault(name_key(line.name), line.number)
    return _without_circles([_meant(_told_apart(line, first), lines, posted) for line in lines])


def _without_circles(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, each with a problem that would have somebody come through whom they brought."""
    senders: dict[str, str] = {}
    found = []
    for line in lines:
        both = line.name and line.through
        friend, above = (name_key(line.name), name_key(line.through)) if both else ("", "")
        while above and above != friend:
            above = senders.get(above, "")
        if above and not line.problems:
            told = {"through": str(ReferralNotAllowed())}
            found.append(replace(line, problems=told))
            continue
        if both and not above:
            senders.setdefault(friend, name_key(line.through))
        found.append(line)
    return tuple(found)


def _told_apart(line: Line, first: Mapping[str, int]) -> Line:
    """A name that stands on an earlier line is somebody else's, or that line is enough."""
    number = first.get(name_key(line.name), line.number) if line.name else line.number
    if number == line.number or "name" in line.problems:
        return line
    told = gettext(
        "{name} stands on line {number} already. Is this somebody else? Then add what tells them apart."
    ).format(name=line.name, number=number)
    return replace(line, problems={**line.problems, "name": told})


def _meant(line: Line, lines: Sequence[Line], posted: Mapping[str, str]) -> Line:
    """Who brought them, by the whole name where the answer gives it."""
    if not line.through or "through" in line.problems:
        return line
    if same_name(line.through, line.name):
        return replace(line, problems={**line.problems, "through": str(ReferralNotAllowed())})
    choices = _choices(line, lines)
    if len(choices) < 2:  # noqa: PLR2004  (one is meant, or nobody is called so yet)
        return line
    answer = posted.get(f"whom-{line.number}")
    if answer in {one.name for one in choices}:
        return replace(line, through=str(answer))
    if answer == NOBODY_OF_THEM:
        return replace(line, choices=choices, through_is_new=True)
    told = gettext("Which {name} do you mean?").format(name=line.through)
    return replace(line, choices=choices, problems={**line.problems, "through": told})


def _choices(line: Line, lines: Sequence[Line]) -> tuple[Choice, ...]:
    """Whoever may be meant, on the sheet and known already; nobody where the name says it all."""
    others = [one for one in lines if one.name and one.number != line.number]
    if any(same_name(line.through, one.name) for one in others) or namesakes(line.through):
        return ()
    known = meant_in_short(line.through)
    likes = likes_of(known)
    found = {
        name_key(one.name): Choice(name=one.name, likes=list_text(list(likes.get(one.id, ())[:1])))
        for one in customers_by_id(known)
        if not same_name(one.name, line.name)
    }
    for one in others:
        if is_short_for(line.through, one.name):
            found[name_key(one.name)] = Choice(name=one.name, likes=one.likes)
    return tuple(sorted(found.values(), key=lambda one: one.name))
