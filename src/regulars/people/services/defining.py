"""What a business wants to know of its customers: defined, widened, asked no more, and asked again."""

from collections.abc import Sequence
from datetime import datetime

from regulars.people.errors import (
    AttributeDiffers,
    AttributeTaken,
    InvalidDefinition,
    TooManyChoices,
    UnknownAttribute,
)
from regulars.people.models import Attribute
from regulars.people.remembering import (
    ATTRIBUTES,
    KEY,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_PREFERENCE,
    MOST_CHOICES,
    AttributeKind,
    one_of,
    plain_text,
)


def define_attribute(
    *,
    key: str,
    name: str,
    kind: AttributeKind,
    choices: Sequence[str] = (),
    needs_consent: bool = False,
    now: datetime,
) -> bool:
    """Defines something that the business wants to know of its customers.

    What was asked before, and is asked no more, is taken up with what is known of it: under the name that is
    told now, and with the choices of then and now.

    Args:
        key: Small letters, digits and underscores; how files and the API call it.
        name: As people read it.
        kind: Of value.
        choices: What can be chosen; for ``choice`` alone.
        needs_consent: Whether it is kept only of those who agreed to their profile.
        now: When.

    Returns:
        Whether it was asked before.

    Raises:
        AttributeTaken: It is asked already.
        AttributeDiffers: It was asked before as another kind of value, or under another rule of consent.
        InvalidDefinition: The key cannot be one, or choices are missing, there twice, or of another kind.
        TooManyChoices: There are more than anybody reads.
        RegularsError: The name cannot be; see `regulars.people.errors`.
    """
    one_of(kind, ATTRIBUTES, field="kind")
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY or bool(choices) != (kind == "choice"):
        raise InvalidDefinition(key=key)
    called = plain_text(name, field="name", most=LONGEST_NAME)
    attribute, is_new = Attribute.objects.get_or_create(
        key=key,
        defaults={
            "name": called,
            "kind": kind,
            "choices": _with_more((), choices, key=key),
            "needs_consent": needs_consent,
            "created_at": now,
        },
    )
    if is_new:
        return False
    retired = Attribute.objects.filter(key=key).exclude(retired_at=None)
    if attribute.retired_at is not None and (
        (attribute.kind, attribute.needs_consent) != (kind, needs_consent)
    ):
        raise AttributeDiffers(key=key)
    every = _with_more(attribute.choices, choices, key=key)
    if not retired.update(name=called, choices=every, retired_at=None):
        raise AttributeTaken(key=key)
    return True


def add_choices(*, key: str, choices: Sequence[str]) -> None:
    """Adds to what can be chosen of an attribute; to be called inside a transaction. What is there already stays.

    Args:
        key: Of an attribute that is asked.
        choices: What can be chosen besides.

    Raises:
        UnknownAttribute: There is none.
        InvalidDefinition: It is of another kind, or a choice stands there twice.
        TooManyChoices: There would be more than anybody reads.
        RegularsError: A choice cannot be; see `regulars.people.errors`.
    """
    attribute = Attribute.objects.select_for_update().filter(key=key, retired_at=None).first()
    if attribute is None:
        raise UnknownAttribute(key=key)
    if attribute.kind != "choice":
        raise InvalidDefinition(key=key)
    attribute.choices = _with_more(attribute.choices, choices, key=key)
    attribute.save(update_fields=("choices",))


def retire_attribute(*, key: str, now: datetime) -> None:
    """Asks for an attribute no more; what is known of it stays.

    Raises:
        UnknownAttribute: There is none.
    """
    if not Attribute.objects.filter(key=key, retired_at=None).update(retired_at=now):
        raise UnknownAttribute(key=key)


def resume_attribute(*, key: str) -> None:
    """Asks again for an attribute that was asked no more, as it was defined, with what is known of it.

    Raises:
        UnknownAttribute: There is none that was retired.
    """
    if not Attribute.objects.filter(key=key).exclude(retired_at=None).update(retired_at=None):
        raise UnknownAttribute(key=key)


def _with_more(choices: Sequence[str], more: Sequence[str], *, key: str) -> list[str]:
    told = [plain_text(choice, field=key, most=LONGEST_PREFERENCE) for choice in more]
    if len(set(told)) < len(told):
        raise InvalidDefinition(key=key)
    every = list(dict.fromkeys((*choices, *told)))
    if len(every) > MOST_CHOICES:
        raise TooManyChoices(key=key, most=MOST_CHOICES)
    return every
