"""Days on the business's own calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from regulars.people.queries.recognition import business


def day_here(moment: datetime) -> date:
    """The day on which a moment lies where the business is; before it is set up, that of UTC."""
    house = business()
    return moment.astimezone(ZoneInfo(house.time_zone if house else "UTC")).date()
