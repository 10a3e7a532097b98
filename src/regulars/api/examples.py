"""Examples in the API's document: of every body, answer, error and parameter.

Each is made of its schema, with words that a café would use; a test holds each against the schema.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.api.errors import (
    BodyTooLarge,
    LengthRequired,
    MethodNotAllowed,
    NotFound,
    OurFault,
    RateLimited,
    ScopeMissing,
)
from regulars.api.problems import PROBLEM, problem_of
from regulars.credentials.errors import KeyRequired
from regulars.kernel.errors import DatabaseUnreachable, DiskFull, RegularsError
from regulars.kernel.faults import UnknownField
from regulars.people.errors import CustomerErased, IdentityTaken, InvalidEmail

ANA, BEN = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5e-11c2-7f0a-9d3b-5f8a4f0e9c21"
AN_ID, A_DAY, A_MOMENT = (
    "01890a60-7d3e-7c55-8a1f-2b6c9d0e4f13",
    "2026-06-30",
    "2026-06-30T10:15:00Z",
)
TEA = {"field": "likes", "is": "contains", "value": "tea"}
# By the name of a property or parameter, or by schema and name where one name says several things.
WORDS: Mapping[str, Any] = {
    "AttributeAnswer.key": "cup",
    "AttributeAnswer.value": "large",
    "AttributeDefined.key": "cup",
    "AttributeDefined.choices": ["small", "large"],
    "AttributeDefined.kind": "choice",
    "AttributeDefined.name": "Cup",
    "AttributeSent.value": "large",
    "ChoicesAdded.choices": ["bowl"],
    "DefinitionAnswer.key": "cup",
    "DefinitionAnswer.choices": ["small", "large", "bowl"],
    "DefinitionAnswer.kind": "choice",
    "DefinitionAnswer.name": "Cup",
    "EventFlag.kind": "flag",
    "EventFlag.flag": "refund_exceeds_purchase",
    "EventEffect.kind": "task",
    "EventEffect.task": "welcome_back",
    "JobAnswer.kind": "score",
    "JobAnswer.notes": [],
    "JobAnswer.problem": None,
    "JobAnswer.result": {"customers": 412},
    "Progress.fraction": 1.0,
    "Progress.stage": "Keeping the scores",
    "asked_by": f"key:{AN_ID}",
    "LocationAnswer.name": "Old Town",
    "MergePreviewAnswer.events": {"purchase.completed": 7},
    "MergePreviewAnswer.notes": 1,
    "MergePreviewAnswer.preferences": ["oat milk"],
    "PreferenceAnswer.kind": "likes",
    "PreferenceAnswer.text": "green tea",
    "ProfileAnswer.other_names": ["A. Weber"],
    "QuestionAnswer.field": "likes",
    "QuestionAnswer.known": ["green tea"],
    "QuestionAnswer.operator": "contains",
    "QuestionAnswer.value": "tea",
    "RecogniseSent.name": "Anna Weber",
    "RunAnswer.model": "bg_nbd",
    "ScoreAnswer.model": "bg_nbd",
    "ScoreAnswer.value": "champion",
    "SegmentAnswer.customers": 38,
    "SegmentAnswer.name": "Tea drinkers",
    "SegmentChanged.name": "Tea drinkers",
    "SegmentSent.name": "Tea drinkers",
    "SuppressionAnswer.reason": "never",
    "SuppressionSent.reason": "never",
    "MayContactAnswer.reason": "quiet_hours",
    "TimelineEvent.data": {"total": {"amount_minor": 1250, "currency": "EUR"}},
    "TimelineEvent.key": "R-1042",
    "TimelineEvent.type": "purchase.completed",
    "again_at": "2026-07-01T06:00:00Z",
    "amount_minor": 1250,
    "card": "4f3a9c",
    "channel": "email",
    "condition": TEA,
    "currency": "EUR",
    "customer_id": ANA,
    "day": 29,
    "email": "ana@weber.example",
    "external": "C-4711",
    "f": 5,
    "friends": 2,
    "handle": "@ana",
    "CustomerAnswer.id": ANA,
    "Whom.id": ANA,
    "inputs": "9f2c41d07b",
    "kept_id": ANA,
    "key": "cup",
    "kind": "email",
    "label": "birthday",
    "ladder": "models",
    "language": "de",
    "life_cycle": "regular",
    "likeness": 0.93,
    "likes": ["oat milk"],
    "limit": 50,
    "location_id": AN_ID,
    "looked_by": f"key:{AN_ID}",
    "LookAnswer.name": "Till (5e0f6c1a2b3c)",
    "margin_minor": 940,
    "merged_id": BEN,
    "merged_name": "A. Weber",
    "month": 2,
    "name": "Ana Weber",
    "needs_consent": False,
    "next_cursor": None,
    "p_alive": 0.91,
    "phone": "+4930901820",
    "proof": "signed at the counter",
    "purpose": "news",
    "r": 5,
    "reason": "name:typo",
    "said_by": f"employee:{AN_ID}",
    "sentence": "It is a quiet hour; wait until it is over.",
    "sizes": {"champion": {"regular": 12}, "other": {"new": 31}},
    "SegmentSizesAnswer.sizes": [{"until": A_DAY, "customers": 38}],
    "slipping": "",
    "source": "till",
    "text": "Two steps at the door.",
    "text_version": "2026-05",
    "usual_gap_days": 9.0,
    "v": 4,
    "value": "ana@weber.example",
    "version": 2,
    "what": "profile",
    "why": ["Comes every 9 days, last 3 days ago."],
    "year": 1988,
    "Idempotency-Key": "5e0f6c1a",
    "PreferenceChanged.text": "green tea",
    "PreferenceSent.text": "green tea",
    "PreferenceSent.kind": "likes",
}
PARAMETERS: Mapping[str, Any] = {
    "cursor": BEN,
    "kind": "score",
    "value": "champion",
    "name": "web",
    "standing": "prospect",
    **dict.fromkeys(("preference_id", "identity_id"), 1042),
}
# Of each status one that every route may answer with, or else a likely one.
PROBLEMS: Mapping[int, RegularsError] = {
    400: InvalidEmail(value="ana@weber"),
    401: KeyRequired(),
    403: ScopeMissing(scope="customers:read"),
    404: NotFound(),
    405: MethodNotAllowed(method="DELETE"),
    409: IdentityTaken(value="ana@weber.example"),
    410: CustomerErased(),
    411: LengthRequired(),
    413: BodyTooLarge(limit=1_000_000),
    422: UnknownField(field="colour"),
    429: RateLimited(seconds=7),
    500: OurFault(),
    503: DatabaseUnreachable(why="it does not answer. Try again in a moment."),
    507: DiskFull(),
}


def add_examples(document: Mapping[str, Any]) -> None:
    """Adds an example to every body, answer, error and parameter of a document that has none."""
    components = document["components"]["schemas"]
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            name, schema = parameter["name"], parameter["schema"]
            told = PARAMETERS.get(name, WORDS.get(name))
            parameter["example"] = told or example_of(schema, components)
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                if kind == PROBLEM:
                    content["example"] = problem_of(PROBLEMS[int(status)])
                elif kind == "application/json":
                    content["example"] = example_of(content["schema"], components)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                content["example"] = example_of(content["schema"], components)


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a document."""
    for path in document["paths"].values():
        yield from path.values()


def example_of(schema: Mapping[str, Any], components: Mapping[str, Any], owner: str = "") -> Any:
    """A value that a schema describes.

    Args:
        schema: Of OpenAPI 3.1.
        components: The schemas that it may name.
        owner: The name of the schema that this one is part of.
    """
    if "$ref" in schema:
        owner = schema["$ref"].rsplit("/", 1)[-1]
        return example_of(components[owner], components, owner)
    for known in ("example", "const"):
        if known in schema:
            return schema[known]
    if "enum" in schema:
        return next((one for one in schema["enum"] if one), schema["enum"][0])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            likely = next(one for one in schema[several] if one.get("type") != "null")
            return example_of(likely, components, owner)
    if "properties" in schema:
        return {
            name: _named(name, one, components, owner) for name, one in schema["properties"].items()
        }
    return _plain(schema, components, owner)


def _named(name: str, schema: Mapping[str, Any], components: Mapping[str, Any], owner: str) -> Any:
    for known in (f"{owner}.{name}", name):
        if known in WORDS:
            return WORDS[known]
    return example_of(schema, components, owner)


def _plain(schema: Mapping[str, Any], components: Mapping[str, Any], owner: str) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [example_of(schema["items"], components, owner)]
    if kind == "string":
        by_format = {"uuid": AN_ID, "date": A_DAY, "date-time": A_MOMENT}
        return by_format.get(schema.get("format", ""), schema.get("default") or "text")
    numbers = {"integer": 3, "number": 0.5, "boolean": True}
    return numbers.get(str(kind), {})
