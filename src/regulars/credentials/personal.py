"""What this room holds of a person: nothing; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.people.held import Held

HELD: Mapping[str, Held] = {}
IMPERSONAL: Mapping[str, str] = {
    "ApiKey": "who may ask",
    "SecondStepLater": "who works here",
    "UsedCode": "who works here",
    "WrongPassword": "who tried to sign in",
}
