"""The figures that the answers are made of."""

from regulars.care.models import Task
from regulars.measure.core import Known
from regulars.people.models import Customer, Employee, Preference
from regulars.stream.models import Event
from regulars.stream.queries import referrals_counted


def known() -> Known:
    """What is known today."""
    senders, friends = referrals_counted()
    return Known(
        customers=Customer.objects.count(),
        senders=senders,
        friends=friends,
        remembered=Preference.objects.filter(kind=Preference.LIKES)
        .values("customer")
        .distinct()
        .count(),
        purchases=Event.objects.filter(type="purchase.completed").count(),
        visits=Event.objects.filter(type="visit.recorded").count(),
        tasks_done=Task.objects.filter(kind__in=(Task.THANK, Task.WELCOME_BACK))
        .exclude(done_at=None)
        .count(),
        employees=Employee.objects.filter(is_active=True).count(),
    )
