"""Version 1 of the API: its routes in one place."""

from collections.abc import Sequence
from typing import Any, cast

from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from regulars import __version__
from regulars.api.consent import router as consent
from regulars.api.customers import router as customers
from regulars.api.definitions import router as definitions
from regulars.api.events import router as events
from regulars.api.examples import add_examples
from regulars.api.jobs import router as jobs
from regulars.api.looking import router as looking
from regulars.api.merging import router as merging
from regulars.api.problems import PROBLEM, answer_with_problems
from regulars.api.profiles import router as profiles
from regulars.api.referrals import router as referrals
from regulars.api.remembered import router as remembered
from regulars.api.requests import KeyWith, StrictParser
from regulars.api.segments import router as segments
from regulars.api.standing import router as standing

DESCRIPTION = """\
Tell what happened, recognise people, and read what is known of them.

Send a key as `Authorization: Bearer …`; `regulars key add` makes one. Every write that is not an event
needs an `Idempotency-Key`: the same request with the same key does nothing more, and is
answered again. Amounts are whole numbers of minor units (cents). Times carry their zone. Errors
are `application/problem+json` with a stable `code`.
"""


class Api(NinjaAPI):
    """Ninja's API, whose document says of errors what they are."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The OpenAPI document, with errors as problem+json, and an example of everything."""
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:  # noqa: PLR2004
                        content[PROBLEM] = content.pop("application/json")
        add_examples(schema)
        return schema


def refuse_what_nobody_asks(router: Router) -> None:
    """Lets every route of a router refuse what stands in an address and is no parameter of it."""
    for view in router.path_operations.values():
        for operation in view.operations:
            names = frozenset(
                name
                for model in operation.models
                if model.__ninja_param_source__ == "query"
                for name in model.__ninja_flatten_map__
            )
            keys = cast("Sequence[KeyWith]", operation.auth_callbacks)
            operation.auth_callbacks = [one.asking(names) for one in keys]


api = Api(
    title="Regulars",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api-v1",
    docs_url=None,
    parser=StrictParser(),
)
ROUTERS = (
    *(events, referrals, customers, looking, profiles, remembered, consent, merging, definitions),
    *(standing, segments, jobs),
)
for router in ROUTERS:
    refuse_what_nobody_asks(router)
    api.add_router("", router)
answer_with_problems(api)
