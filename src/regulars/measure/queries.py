"""The figures that the answers are made of."""

from regulars.care.models import Task
from regulars.measure.core import Known
from regulars.people.models import Alias, Customer, Employee, Preference
from regulars.people.queries import aliases
from regulars.stream.models import Event
from regulars.stream.queries import referrals


def known() -> Known:
    """What is known today."""
    kept = aliases()
    folded = [(kept.get(one, one), kept.get(two, two)) for one, two in referrals()]
    pairs = [(sender, friend) for sender, friend in folded if sender != friend]
    remembered = Preference.objects.filter(kind=Preference.LIKES).values_list(
        "customer_id", flat=True
    )
    return Known(
        customers=Customer.objects.exclude(name="")
        .exclude(id__in=Alias.objects.values("merged_id"))
        .count(),
        senders=len({sender for sender, _ in pairs}),
        friends=len({friend for _, friend in pairs}),
        remembered=len({kept.get(one, one) for one in remembered.distinct()}),
        purchases=Event.objects.filter(type="purchase.completed").count(),
        tasks_done=Task.objects.exclude(done_at=None).count(),
        employees=Employee.objects.filter(is_active=True).count(),
    )
