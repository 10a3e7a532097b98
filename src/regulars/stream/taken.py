"""What only one may have, asked for by two at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from regulars.kernel.errors import RegularsError


@contextmanager
def refused_as(error: RegularsError) -> Iterator[None]:
    """Writes something that only one may have; where another wrote it at the same moment, it is refused in words.

    What else the open transaction wrote stays as it is.

    Args:
        error: What the refusal is.

    Raises:
        RegularsError: ``error``, where the database holds another already.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise error from twice
