"""A café as most tests have it: in Germany, with euros, and Anna, who owns it."""

from datetime import datetime

from regulars.people.services import found_business


def found_cafe(
    *,
    now: datetime,
    name: str = "Café Anna",
    language: str = "de",
    time_zone: str = "Europe/Berlin",
) -> None:
    """Founds it; to be called inside a transaction."""
    found_business(
        name=name,
        language=language,
        time_zone=time_zone,
        country="DE",
        currency="EUR",
        stamp="",
        promise="",
        owner="Anna",
        password="a long password",
        now=now,
    )
