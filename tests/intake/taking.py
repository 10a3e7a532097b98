"""Files taken in by tests, and who came of them."""

from datetime import UTC, datetime

from regulars.insight import Source
from regulars.intake.files.business import Ground
from regulars.intake.files.purchases import import_purchases
from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.models import Identity
from regulars.people.queries import suggested_duplicates
from regulars.people.services import add_customer

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BERLIN = Ground(currency="EUR", time_zone="Europe/Berlin", region="DE")
ACTOR = Actor("command", "import")
BY = {"actor": SYSTEM, "now": NOW}


def take(tmp_path, text, *, how=import_purchases, **more):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    columns = more.pop("columns", {})
    return how(
        source=Source(paths=path, columns=columns), ground=BERLIN, actor=ACTOR, now=NOW, **more
    )


def add(name, *identities):
    return add_customer(name=name, identities=identities, region="DE", **BY)


def identities_of(customer):
    return set(Identity.objects.filter(customer_id=customer).values_list("kind", "value"))


def pairs():
    return [(one.one, one.other, one.clues) for one in suggested_duplicates()]
