"""What can be chosen from: languages, the clocks of the world's cities, currencies."""

import unicodedata
import zoneinfo
from collections.abc import Iterable, Sequence
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_territory_currencies

from regulars.kernel.language import LANGUAGE_NAMES, LANGUAGES

# Of every language, the clocks that its speakers mostly live by; the first is assumed.
OFTEN_CHOSEN = {
    "en": "Europe/London Europe/Dublin America/New_York America/Chicago America/Los_Angeles "
    "America/Toronto Australia/Sydney Pacific/Auckland Asia/Singapore",
    "de": "Europe/Berlin Europe/Vienna Europe/Zurich Europe/Luxembourg Europe/Vaduz",
    "es": "Europe/Madrid Atlantic/Canary America/Mexico_City America/Bogota America/Lima "
    "America/Santiago America/Argentina/Buenos_Aires America/Montevideo",
    "th": "Asia/Bangkok Asia/Singapore Asia/Tokyo Europe/London",
}
COUNTRY_LETTERS = 2
# What Babel 2.18 (CLDR) does not know yet: the euro is paid in Bulgaria since 1 January 2026.
CHANGED_SINCE = {"BG": ("EUR",)}

Choices = tuple[tuple[str, str], ...]


def language_choices() -> Choices:
    """The languages, each by its own name."""
    return tuple((code, LANGUAGE_NAMES[code]) for code in LANGUAGES)


def usual_zone(language: str) -> str:
    """The clock that is assumed for a language."""
    return OFTEN_CHOSEN[language].split()[0]


@cache
def often_chosen_zones(language: str) -> Choices:
    """The zones that are mostly meant, by their cities."""
    return tuple((zone, _city(zone, language)) for zone in OFTEN_CHOSEN[language].split())


@cache
def all_zones(language: str) -> Choices:
    """Every zone that a country lives by, by its city."""
    known = zoneinfo.available_timezones()
    zones = [zone for zone in get_global("zone_territories") if zone in known and country_of(zone)]
    return _by_label((zone, _city(zone, language)) for zone in zones)


@cache
def currency_choices(language: str) -> Choices:
    """Every currency that is paid with somewhere today, by its name."""
    locale = Locale(language)
    countries = [code for code in map(str, locale.territories) if len(code) == COUNTRY_LETTERS]
    codes = {code for country in countries for code in _paid_with(country)}
    names = {code: str(locale.currencies.get(code, code)) for code in codes}
    return _by_label((code, f"{_capital(name)} ({code})") for code, name in names.items())


def country_of(time_zone: str) -> str:
    """ISO 3166 of the country whose clock a zone is, "" where several share it."""
    found = str(get_global("zone_territories").get(time_zone, ""))
    return found if len(found) == COUNTRY_LETTERS else ""


def currency_of(time_zone: str) -> str:
    """The currency that is paid where a zone's clock holds, EUR where nothing tells."""
    country = country_of(time_zone)
    return next(iter(_paid_with(country)), "EUR") if country else "EUR"


def _paid_with(country: str) -> Sequence[str]:
    """The currencies of a country today, the most usual first."""
    return CHANGED_SINCE.get(country) or get_territory_currencies(country)


def _city(zone: str, language: str) -> str:
    city = str(get_timezone_location(zone, locale=language, return_city=True)).split("/")[-1]
    return f"{city}, {Locale(language).territories.get(country_of(zone), '')}".rstrip(", ")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _by_label(choices: Iterable[tuple[str, str]]) -> Choices:
    return tuple(sorted(choices, key=lambda one: unicodedata.normalize("NFKD", one[1]).casefold()))
