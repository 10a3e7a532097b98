"""What was counted of everybody, in a house so large that nobody waits for it to be counted."""

from regulars.people.models import Counted, Customer
from regulars.stream.models import Event

MANY_CUSTOMERS, MANY_EVENTS = 20_000, 200_000
MOST_TOLD = 10_000  # of a list: more are not counted while somebody waits


def is_large() -> bool:
    """Whether there is so much that counting all of it takes long; two looks at indexes."""
    last = Event.told.order_by("-position").values_list("position", flat=True).first()
    if last is not None and last > MANY_EVENTS:
        return True
    return Customer.objects.order_by("id").values("id")[MANY_CUSTOMERS:].exists()


def counted(what: str) -> Counted | None:
    """What was counted last of some figures, or None."""
    return Counted.objects.filter(what=what).first()
