"""Days on the business's own calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from regulars.people.queries.recognition import business


def zone_here() -> ZoneInfo:
    """The business's time zone; before it is set up, UTC."""
    house = business()
    return ZoneInfo(house.time_zone if house else "UTC")


def day_here(moment: datetime) -> date:
    """The day on which a moment lies where the business is; before it is set up, that of UTC."""
    return moment.astimezone(zone_here()).date()
