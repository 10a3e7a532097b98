"""Which stylesheets a page loads: what all have, what stands around pages inside, and those of its own area.

An area is a folder of `templates`. A rule that several areas need is in a sheet that they share.
"""

from collections.abc import Mapping

ALWAYS = ("look/tokens", "look/base", "regulars/frame", "regulars/buttons", "regulars/fields")
INSIDE = ("regulars/inside", "regulars/lists", "regulars/forms")
PEOPLE = ("look/trees", "regulars/people")
CROSS = ("look/heat", "regulars/cross")
CUSTOMER = (
    "regulars/rows",
    "regulars/timeline",
    "regulars/portrait",
    "regulars/customer",
    "regulars/known",
)
AREAS: Mapping[str, tuple[str, ...]] = {
    "today": (*PEOPLE, "regulars/questions", "regulars/today"),
    "customers": ("regulars/rows", "regulars/lines", "regulars/customers"),
    "customer": (*PEOPLE, *CUSTOMER),
    "segments": (*CROSS, "regulars/rows", "regulars/segments"),
    "pictures": (*CROSS, "regulars/pictures"),
    "jobs": ("regulars/files", "regulars/jobs"),
    "house": ("regulars/timeline", "regulars/files", "regulars/house"),
    "mail": ("regulars/house", "regulars/mail"),
    "door": ("regulars/house", "regulars/door"),
    "first_run": (*PEOPLE, "regulars/questions", "regulars/lines", "regulars/first_run"),
}


def sheets_of(template: str, *, is_inside: bool) -> tuple[str, ...]:
    """The sheets of a page in the order in which they count, without their endings.

    Args:
        template: Of the page, as ``customer/about.html.j2``.
        is_inside: Whether the ways to every other page stand beside it.
    """
    area, _, rest = template.partition("/")
    own = AREAS[area] if rest else ()
    return (*ALWAYS, *(INSIDE if is_inside else ()), *own)
