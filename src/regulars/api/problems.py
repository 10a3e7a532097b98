"""Errors as problem+json (RFC 9457), one shape for all of them."""

import http
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.exception import convert_exception_to_response
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import resolve
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic_core import ErrorDetails

from regulars.api.core import ADDRESS
from regulars.api.errors import (
    BodyTooLarge,
    IdempotencyKeyRequired,
    InvalidJson,
    LimitMax,
    MethodNotAllowed,
    NotFound,
    OurFault,
    RateLimited,
    UnknownHost,
)
from regulars.api.requests import LARGEST_BATCH
from regulars.api.schemas import TAGS
from regulars.kernel.errors import DatabaseUnreachable, RegularsError, told_of
from regulars.kernel.faults import Fault, FieldMissing, fault_of
from regulars.kernel.language import speaking
from regulars.kernel.limits import Allowance
from regulars.stream.away import BACK_IN_SECONDS, in_the_way
from regulars.stream.errors import UnknownEventType

PROBLEM = "application/problem+json"
UNIONS = ("union_tag_invalid", "union_tag_not_found")
logger = logging.getLogger("regulars.api")


def problem_of(error: RegularsError) -> dict[str, Any]:
    """What is told of an error."""
    status = error.http_status
    told = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": str(error),
    }
    return {**told, "field": error.data["field"]} if "field" in error.data else told


def problem(error: RegularsError) -> HttpResponse:
    """An error as it is answered."""
    status = error.http_status
    response = JsonResponse(problem_of(error), status=status, content_type=PROBLEM)
    if status == http.HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(error.data["seconds"])
    if isinstance(error, DatabaseUnreachable):
        response["Retry-After"] = str(BACK_IN_SECONDS)
    return response


def misfit(details: ErrorDetails) -> RegularsError:
    """What does not fit a route's shape, as one of our errors."""
    place, *rest = details["loc"]
    if place == "header":
        return IdempotencyKeyRequired()
    # After the place comes the parameter's own name, which no sender knows, where it is a body.
    path = rest[1:] if place == "body" else rest
    if place == "body" and not path and details["type"] == "missing":
        return InvalidJson(why="it is empty")
    if place == "query" and path == ["limit"] and details["type"] == "less_than_equal":
        return LimitMax(field="limit", limit=details["ctx"]["le"])
    if details["type"] in UNIONS:
        return misfit_of_kind(details, path)
    return fault_of({**details, "loc": tuple(path)}, tags=TAGS)


def misfit_of_kind(details: ErrorDetails, path: Sequence[str | int]) -> RegularsError:
    """What fits none of several shapes that are told apart by the type of an event, or the kind of a job."""
    context = details.get("ctx", {})
    apart = "kind" if str(context.get("discriminator", "")).strip("'") == "kind" else "type"
    field = ".".join(str(part) for part in (*path, apart) if part not in TAGS)
    if details["type"] == "union_tag_not_found":
        return FieldMissing(field=field)
    return (
        Fault(field=field)
        if apart == "kind"
        else UnknownEventType(type=context["tag"], field=field)
    )


def answer_with_problems(api: NinjaAPI) -> None:
    """Lets every error of an API be answered as a problem."""

    @api.exception_handler(RegularsError)
    def of_ours(_request: HttpRequest, error: RegularsError) -> HttpResponse:
        return problem(error)

    @api.exception_handler(ValidationError)
    def of_shape(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(misfit(error.errors[0]))  # type: ignore[arg-type]

    @api.exception_handler(HttpError)
    def of_body(_request: HttpRequest, error: HttpError) -> HttpResponse:
        # Ninja hides what its parser says behind an error of its own.
        cause = error.__cause__
        return problem(cause if isinstance(cause, RegularsError) else OurFault())

    @api.exception_handler(RequestDataTooBig)
    def of_size(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        return problem(BodyTooLarge(limit=LARGEST_BATCH))

    @api.exception_handler(Http404)
    def of_nothing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(NotFound())

    @api.exception_handler(Exception)
    def of_us(request: HttpRequest, error: Exception) -> HttpResponse:
        # What a database says of an error may name somebody.
        logger.error("%s %s\n%s", request.method, request.resolver_match, told_of(error))
        return problem(in_the_way(error) or OurFault())


Answering = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    """Answers for machines: in English, never as a page, with what may still be asked.

    Sessions, cookies, languages and policies for browsers are none of theirs, so what stands behind this
    in the settings is passed by.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response
        self.answer: Answering = convert_exception_to_response(answer)  # type: ignore[assignment]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request."""
        if not request.path.startswith(ADDRESS):
            return self.get_response(request)
        with speaking("en"):
            response = self.answer(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response = as_problem(request, response)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            for name, told in allowance.headers().items():
                response[name] = told
        response["Cache-Control"] = "no-store"
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        if request.method == "HEAD":
            empty(response)
        return response


def empty(response: HttpResponse | StreamingHttpResponse) -> None:
    """Leaves of an answer what is told of it, for who asked for nothing else."""
    if isinstance(response, StreamingHttpResponse):
        response.close()
        response.streaming_content = ()
    else:
        response.content = b""


def answer(request: HttpRequest) -> HttpResponse:
    """What the route of a request answers."""
    request.get_host()  # refuses names that are none of ours
    found = resolve(request.path_info)
    request.resolver_match = found
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"
    try:
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    finally:
        if is_head:
            request.method = "HEAD"
    return response


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page of Django's about an address or a method, as a problem."""
    if response.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED:
        told = problem(MethodNotAllowed(method=request.method))
        told["Allow"] = response["Allow"].replace("GET", "GET, HEAD")
        return told
    if response.status_code == http.HTTPStatus.NOT_FOUND:
        return problem(NotFound())
    if response.status_code == http.HTTPStatus.BAD_REQUEST:
        return problem(UnknownHost(host=request.headers.get("Host", "")))
    return problem(OurFault()) if response.status_code >= 500 else response  # noqa: PLR2004
