"""What a page is made of: sections, figures, pictures and tables, in words only."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawing for wide and for narrow screens, with its text alternative inside.

    Attributes:
        wide: SVG for desks and paper.
        narrow: SVG for phones.
        caption: What to see in it, in a sentence.
    """

    wide: Markup
    narrow: Markup
    caption: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One large number with its small label, and how sure it is.

    Attributes:
        value: The number.
        label: What it counts.
        note: How sure it is, or what belongs to it.
        needs_you: Whether it asks for something to be done.
    """

    value: str
    label: str
    note: str = ""
    needs_you: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of texts; the first cell of a row is its heading.

    Attributes:
        caption: What the table holds.
        columns: Headings, one for each cell of a row.
        rows: Cells as they are shown.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """One cell of a heat table: a level from 0 (palest) to 5, and what stands in it."""

    level: int
    text: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """One row of a heat table."""

    heading: str
    note: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, kw_only=True)
class HeatTable:
    """A table that is read by its colours first; every cell says its number too."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    pale: str
    dark: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page.

    Attributes:
        anchor: Its id in the document.
        heading: Its heading.
        intro: Sentences below the heading, a paragraph each.
        basis: From when and from how many its figures are.
        empty: What will be here and how to begin, where there is nothing to show yet.
    """

    anchor: str
    heading: str
    intro: tuple[str, ...] = ()
    basis: str = ""
    empty: str = ""
