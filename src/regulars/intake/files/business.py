"""What a file leaves unsaid: the business's currency, time zone and country."""

from dataclasses import dataclass

from regulars.insight.reading.currencies import known_target
from regulars.insight.reading.date_survey import zone_of
from regulars.intake.files.errors import NoBusiness, OtherCurrency
from regulars.people.queries import business


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all rows have in common.

    Attributes:
        currency: ISO 4217; what amounts are kept in.
        time_zone: Of the IANA's list; whose days the files speak of.
        region: ISO 3166, for phones without a country, or None.
    """

    currency: str
    time_zone: str
    region: str | None


def ground(
    *, currency: str | None = None, time_zone: str | None = None, region: str | None = None
) -> Ground:
    """The business's own, or what the person says before there is one.

    Args:
        currency: As the person says, or None.
        time_zone: Where the files were written, if elsewhere; or None.
        region: The country of phones without one, if another; or None.

    Raises:
        NoBusiness: There is no business, and the person leaves currency or time zone out.
        OtherCurrency: The business counts in another currency.
        UnknownCurrency, UnknownTimezone: There is none of that name.
    """
    asked = known_target(currency)
    zone_of(time_zone)
    ours = business()
    if ours is None:
        if asked is None or time_zone is None:
            raise NoBusiness
        return Ground(currency=asked, time_zone=time_zone, region=region)
    if asked not in (None, ours.currency):
        raise OtherCurrency(currency=ours.currency, asked=asked)
    return Ground(
        currency=ours.currency,
        time_zone=time_zone or ours.time_zone,
        region=region or ours.country or None,
    )
