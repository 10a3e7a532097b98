"""The lines of the first twenty, as typed and as they can be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from regulars.console.asking.lines import LONGEST_NAME, one_line, who_is_it
from regulars.intake.introduction import Regular
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext
from regulars.people.core import normalised
from regulars.people.nobody import instead_of_a_name, is_name

LINES = 20
SHOWN_AT_ONCE = 10
LONGEST_LIKES = 200
FIELDS = ("name", "likes", "phone", "through")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Somebody who may be meant.

    Attributes:
        name: In full.
        likes: To tell them apart by, or "".
    """

    name: str
    likes: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line.

    Attributes:
        number: From 1.
        name: As people say it.
        likes: In a few words.
        phone: As written.
        through: The name of who brought them.
        choices: Who may be meant by that name, where it can be several.
        through_is_new: Whether it is none of these.
        problems: What is wrong, a sentence for each field.
    """

    number: int
    name: str = ""
    likes: str = ""
    phone: str = ""
    through: str = ""
    choices: tuple[Choice, ...] = ()
    through_is_new: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written on it."""
        return not (self.name or self.likes or self.phone or self.through)

    @property
    def first_field(self) -> str:
        """Where somebody goes on writing: at the first thing that is wrong, else at the name."""
        return next((name for name in FIELDS if name in self.problems), "name")


def empty_lines() -> tuple[Line, ...]:
    """A fresh sheet."""
    return tuple(Line(number=number) for number in range(1, LINES + 1))


def typed_lines(posted: Mapping[str, str], *, region: str | None) -> tuple[Line, ...]:
    """All the lines as they were typed, each with what is wrong with it.

    Args:
        posted: By the fields' names, as ``likes-3``.
        region: ISO 3166 of the business, for phones without a country.
    """
    return tuple(_checked(_typed(posted, line.number), region) for line in empty_lines())


def regulars_of(lines: Sequence[Line]) -> tuple[Regular, ...]:
    """Who stands on the lines, in their order."""
    return tuple(
        Regular(
            name=line.name,
            likes=line.likes,
            phone=line.phone,
            came_through=line.through,
            through_is_new=line.through_is_new,
        )
        for line in lines
        if line.name
    )


def _typed(posted: Mapping[str, str], number: int) -> Line:
    name, likes, phone, through = (
        one_line(posted.get(f"{field_name}-{number}", "")) for field_name in FIELDS
    )
    if not is_name(through) and not instead_of_a_name(through):
        through = ""  # nobody, or nobody knows
    return Line(number=number, name=name, likes=likes, phone=phone, through=through)


def _checked(line: Line, region: str | None) -> Line:
    problems = {
        field_name: asked
        for field_name, text in (("name", line.name), ("through", line.through))
        if (asked := who_is_it(text))
    }
    if not line.is_empty and not problems.get("name") and not is_name(line.name):
        problems["name"] = gettext("Who is this? Write the name.")
    for name, text, longest in (
        ("name", line.name, LONGEST_NAME),
        ("likes", line.likes, LONGEST_LIKES),
        ("through", line.through, LONGEST_NAME),
    ):
        if len(text) > longest:
            problems[name] = gettext("Say it in fewer words.")
    if line.phone:
        try:
            normalised("phone", line.phone, region=region)
        except RegularsError as error:
            problems["phone"] = str(error)
    return replace(line, problems=problems)
