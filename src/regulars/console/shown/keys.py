"""Keys of the API, as people tell them apart."""

from collections.abc import Iterable

from regulars.credentials.models import ApiKey
from regulars.kernel.actor import parsed
from regulars.kernel.language import gettext
from regulars.people.models import Look


def keys_of(looks: Iterable[Look]) -> dict[str, str]:
    """What the keys that looked are for, with the marks that lists of keys show, by their ids."""
    if not any(parsed(one.looked_by).kind == "key" for one in looks):
        return {}
    said = gettext("{name} ({mark}), a key of the API")
    return {str(one.id): said.format(name=one.name, mark=one.mark) for one in ApiKey.objects.all()}
