"""Whether what is kept is whole: every row belongs to something, every event can be read, everybody is found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, F, ForeignKey, Model, OuterRef

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.progress import Progress
from regulars.kernel.words import number_text
from regulars.people.core import normalised
from regulars.people.models import (
    Alias,
    Business,
    Customer,
    Employee,
    Erasure,
    Identity,
    NameKey,
    NameWord,
)
from regulars.people.names import found_by
from regulars.people.naming import ONE_NAME
from regulars.project.finding import Finding
from regulars.stream.models import REFERRAL, Event
from regulars.stream.services import unfit
from regulars.stream.types import TYPES

READ_AT_ONCE = 2_000
ASKED_AT_ONCE = 500


def books(progress: Progress) -> Iterator[Finding]:
    """What is not as it should be in what is kept."""
    yield from _events(progress)
    progress(gettext("Checking customers"))
    yield from _customers()
    yield from _orphans()


def _finding(code: str, sentence: str) -> Finding:
    return Finding(area="books", code=code, is_wrong=True, sentence=sentence)


def _counted(code: str, count: int, said: str, **named: object) -> Iterator[Finding]:
    """Of how many something is not as it should be; nothing of none.

    Args:
        code: Of the finding.
        count: Of how many.
        said: The sentence for so many, with a place for the number.
        **named: What else it has places for.
    """
    if count:
        yield _finding(code, said.format(count=number_text(count), **named))


def _events(progress: Progress) -> Iterator[Finding]:
    """Whether every event can be read, and is about people who are there or were."""
    events, stage = Event.told.count(), gettext("Checking events")
    unfitting: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    examples: dict[str, str] = {}
    senders: defaultdict[UUID, int] = defaultdict(int)
    rows = Event.told.values_list("id", "type", "version", "data")
    for number, (event, kind, version, data) in enumerate(rows.iterator(READ_AT_ONCE)):
        if number % READ_AT_ONCE == 0:
            progress(stage, number / max(events, 1))
        if unfit(kind, data):
            unfitting[kind] += 1
            examples.setdefault(kind, str(event))
            continue
        unknown[kind] += not 1 <= version <= TYPES[kind].version
        if kind == REFERRAL:
            senders[UUID(data["sender_id"])] += 1
    yield from _unreadable(unfitting, +unknown, examples)
    lost = (
        Event.told.filter(customer_id__isnull=False)
        .filter(~Exists(Customer.objects.filter(id=OuterRef("customer_id"))))
        .filter(~Exists(Erasure.objects.filter(customer_id=OuterRef("customer_id"))))
        .count()
    )
    said = ngettext(
        "{count} event is about a customer who is not there.",
        "{count} events are about customers who are not there.",
        lost,
    )
    yield from _counted("event_orphaned", lost, said)
    nobodys = sum(senders[one] for one in senders.keys() - _known(senders))
    said = ngettext(
        "{count} customer is said to have come through somebody who never was there.",
        "{count} customers are said to have come through somebody who never was there.",
        nobodys,
    )
    yield from _counted("sender_unknown", nobodys, said)


def _unreadable(
    unfitting: Mapping[str, int], unknown: Mapping[str, int], examples: Mapping[str, str]
) -> Iterator[Finding]:
    for kind, count in sorted(unfitting.items()):
        said = ngettext(
            "{count} event of type {type} does not fit its schema: {example}.",
            "{count} events of type {type} do not fit their schema, as {example}.",
            count,
        )
        yield from _counted("event_unfit", count, said, type=kind, example=examples[kind])
    for kind, count in sorted(unknown.items()):
        said = ngettext(
            "{count} event of type {type} is of a version that is not known here.",
            "{count} events of type {type} are of versions that are not known here.",
            count,
        )
        yield from _counted("event_version", count, said, type=kind)


def _known(customers: Iterable[UUID]) -> set[UUID]:
    """Which of some customers are there, or were until they were erased."""
    found: set[UUID] = set()
    asked = list(customers)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        found.update(Customer.objects.filter(id__in=some).values_list("id", flat=True))
        erased = Erasure.objects.filter(customer_id__in=some)
        found.update(erased.values_list("customer_id", flat=True))
    return found


def _customers() -> Iterator[Finding]:
    """Whether everybody is found by what they are recognised by, and is one person."""
    odd = sum(
        not _is_normal(kind, value)
        for kind, value in Identity.objects.values_list("kind", "value").iterator()
    )
    said = ngettext(
        "{count} identity is not written as identities are compared.",
        "{count} identities are not written as identities are compared.",
        odd,
    )
    yield from _counted("identity_unfolded", odd, said)
    lost = _lost_names()
    said = ngettext(
        "{count} customer is not found by their name; change it and change it back.",
        "{count} customers are not found by their names; restore a backup.",
        lost,
    )
    yield from _counted("name_lost", lost, said)
    # Merges are followed to their end when they are written, so nobody who stands for another is merged.
    astray = Alias.objects.filter(
        Exists(Alias.objects.filter(merged_id=OuterRef("kept_id")))
    ).count()
    said = ngettext(
        "{count} merged customer does not lead to whoever is shown for them.",
        "{count} merged customers do not lead to whoever is shown for them.",
        astray,
    )
    yield from _counted("alias_astray", astray, said)
    if Customer.objects.exists() and Employee.objects.exists() and not Business.objects.exists():
        yield _finding(
            "no_business",
            gettext("Customers and employees are there, and no business; restore a backup."),
        )


def _lost_names() -> int:
    """How many customers have a name and are not found by it, or by a word of it."""
    having = NameKey.objects.filter(customer_id=OuterRef("id"))
    named = Customer.objects.exclude(name="").filter(~Exists(having))
    lost = {one for one, name in named.values_list("id", "name").iterator() if found_by(name)}
    word = NameWord.objects.filter(key=OuterRef("called"), word=OuterRef("called"))
    words = NameKey.objects.exclude(called__contains=ONE_NAME).filter(~Exists(word))
    return len(lost | set(words.values_list("customer_id", flat=True)))


def _orphans() -> Iterator[Finding]:
    """Rows that belong to something that is not there; databases see to it, as long as nobody goes round them."""
    for model in apps.get_models():
        kept = model._meta  # noqa: SLF001
        for field in kept.concrete_fields:
            lost = _belonging_to_nothing(model, field) if isinstance(field, ForeignKey) else 0
            named = {"table": kept.db_table, "column": field.column}
            said = ngettext(
                "{count} row of the table {table} belongs to something that is not there ({column}).",
                "{count} rows of the table {table} belong to something that is not there ({column}).",
                lost,
            )
            yield from _counted("row_orphaned", lost, said, **named)


def _belonging_to_nothing(model: type[Model], field: "ForeignKey[Any, Any]") -> int:
    owners = field.related_model._base_manager  # noqa: SLF001
    there = owners.filter(**{field.target_field.attname: OuterRef(field.attname)})
    rows = model._base_manager.exclude(**{field.attname: None})  # noqa: SLF001
    return rows.filter(~Exists(there)).values(one=F(field.attname)).count()


def _is_normal(kind: str, value: str) -> bool:
    """Whether an identity is written as it is compared."""
    try:
        return normalised(kind, value, region=None) == value  # type: ignore[arg-type]
    except RegularsError:
        return False
