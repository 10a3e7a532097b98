"""What a shop holds, told without the ids that every run gives anew.

``python -m tests.proof.state`` prints it as JSON: what is recorded under which key, and the state.
"""

import json
import sys

from regulars.project.home import home_folder
from regulars.project.server import set_up

if __name__ == "__main__":
    set_up(home_folder())

    from django.db.models import Count

    from regulars.care.models import Task
    from regulars.people.models import Customer, Identity
    from regulars.stream.models import Event

    owner = dict(Identity.objects.filter(kind="external").values_list("customer_id", "value"))
    name = {str(customer): external for customer, external in owner.items()}
    events = Event.objects.order_by("source", "key")
    told = {
        "recorded": {one.key: str(one.id) for one in events},
        "twice": Event.objects.values("source", "key").annotate(n=Count("id")).filter(n__gt=1).count(),
        "state": {
            "events": [
                (
                    one.type, one.source, one.key, owner.get(one.customer_id),
                    one.occurred_at.isoformat(),
                    {key: name.get(str(value), value) if key == "sender_id" else value
                     for key, value in sorted(one.data.items())},
                )
                for one in events
            ],
            "customers": Customer.objects.count(),
            "identities": sorted(
                (owner[customer], kind, value)
                for customer, kind, value in Identity.objects.values_list("customer_id", "kind", "value")
            ),
            "tasks": sorted(
                (kind, owner[customer], owner.get(about, ""))
                for kind, customer, about in Task.objects.values_list("kind", "customer_id", "about_id")
            ),
        },
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))
