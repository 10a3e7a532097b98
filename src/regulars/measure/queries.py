"""The figures that the answers are made of."""

from regulars.care.models import Task
from regulars.measure.core import Known
from regulars.people.models import Employee
from regulars.people.queries import how_many, how_many_with_likes, senders_and_friends
from regulars.stream.models import Event


def known() -> Known:
    """What is known today, of whole persons whom the business knows by name."""
    sending = senders_and_friends()
    return Known(
        customers=how_many(),
        senders=sending.senders,
        friends=sending.friends,
        latest_referrals=sending.latest,
        remembered=how_many_with_likes(),
        purchases=Event.objects.filter(type="purchase.completed").count(),
        visits=Event.objects.filter(type="visit.recorded").count(),
        tasks_done=Task.objects.filter(kind__in=(Task.THANK, Task.WELCOME_BACK))
        .exclude(done_at=None)
        .count(),
        employees=Employee.objects.filter(is_active=True).count(),
    )
