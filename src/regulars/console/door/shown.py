"""How django-allauth's pages look: as ours do, and with what ours need to know."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from regulars.console.frame import page
from regulars.people.queries import business

BAD, WAIT, FINE = 400, 429, 200


class Shown:
    """A view of django-allauth's that shows a page of ours.

    Attributes:
        template: Of ours.
        is_inside: Whether it stands inside the frame, for who is signed in.
    """

    template = ""
    is_inside = True
    request: HttpRequest

    def words(self, context: dict[str, Any]) -> dict[str, Any]:
        """What the page says, of what django-allauth knows."""
        del context
        return {}

    def render_to_response(self, context: dict[str, Any], **_: object) -> HttpResponse:
        """The page; nothing of it is kept by a browser."""
        form = context.get("form")
        told = {"problem": problem_of(form), **self.words(context)}
        status = status_of(self.request, form)
        if self.is_inside:
            answer = page(self.request, self.template, at="mfa_index", status=status, **told)
        else:
            told["business"] = business()
            answer = render(self.request, self.template, told, status=status)
        return answer


def problem_of(form: BaseForm | None) -> str:
    """What is wrong with what was typed, in a sentence; "" for nothing."""
    if form is None or not form.is_bound:
        return ""
    return next((str(sentences[0]) for sentences in form.errors.values()), "")


def status_of(request: HttpRequest, form: BaseForm | None) -> int:
    """Of the answer to a form."""
    if request.method != "POST" or form is None or not form.errors:
        return FINE
    waits = any(
        error.code == "locked" for found in form.errors.as_data().values() for error in found
    )
    return WAIT if waits else BAD
