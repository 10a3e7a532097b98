"""Who is known and has not bought yet: told from what happened, never from a flag."""

from django.db.models import Exists, OuterRef, QuerySet

from regulars.people.models import Alias, Customer
from regulars.stream.models import Event

PURCHASE = "purchase.completed"


def prospects() -> QuerySet[Customer]:
    """Customers by name without a purchase of their own or of anybody merged into them, the latest first."""
    own = Event.objects.filter(type=PURCHASE, customer_id=OuterRef("id"))
    of_merged = Event.objects.filter(type=PURCHASE, customer_id=OuterRef("merged_id"))
    through = Alias.objects.filter(Exists(of_merged), kept_id=OuterRef("id"))
    merged = Alias.objects.filter(merged_id=OuterRef("id"))
    return (
        Customer.objects.exclude(name="")
        .exclude(Exists(merged))
        .exclude(Exists(own))
        .exclude(Exists(through))
        .order_by("-created_at", "-id")
    )
