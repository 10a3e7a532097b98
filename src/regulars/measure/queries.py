"""The figures that the answers are made of."""

from regulars.care.models import Task
from regulars.measure.core import Known
from regulars.people.models import Customer, Employee, Preference
from regulars.stream.models import Event
from regulars.stream.queries import referrals


def known() -> Known:
    """What is known today."""
    pairs = referrals()
    return Known(
        customers=Customer.objects.count(),
        senders=len({sender for sender, _ in pairs}),
        friends=len({friend for _, friend in pairs}),
        remembered=Preference.objects.filter(kind=Preference.LIKES)
        .values("customer")
        .distinct()
        .count(),
        purchases=Event.objects.filter(type="purchase.completed").count(),
        tasks_done=Task.objects.exclude(done_at=None).count(),
        employees=Employee.objects.filter(is_active=True).count(),
    )
