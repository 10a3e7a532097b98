"""What the business says of itself."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.console.access import here
from regulars.console.asking.choices import (
    all_zones,
    country_of,
    currency_choices,
    language_choices,
    often_chosen_zones,
)
from regulars.console.asking.forms import SettingsForm
from regulars.console.asking.goals import goal_choices
from regulars.console.frame import page
from regulars.console.middleware import SESSION_KEY
from regulars.kernel.language import gettext, language
from regulars.people.services import choose_goal, describe_business
from regulars.stream.queries import has_anybody_paid


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The business: its name, language, clock, currency, stamp, promise and goal."""
    business, _ = here(request)
    known = {name: getattr(business, name, False) for name in SettingsForm.base_fields}
    counted_in = business.currency if has_anybody_paid() else None
    form = SettingsForm(request.POST or None, initial=known, counted_in=counted_in)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with transaction.atomic():
            describe_business(
                name=told["name"],
                language=told["language"],
                time_zone=told["time_zone"],
                country=country_of(told["time_zone"]),
                currency=told["currency"],
                stamp=told["stamp"],
                promise=told["promise"],
            )
            choose_goal(goal=told["goal"])
        request.session.pop(SESSION_KEY, None)
        return redirect(f"{reverse('settings')}?said=kept")
    spoken = language()
    return page(
        request,
        "house/business.html.j2",
        at="settings",
        status=400 if request.method == "POST" else 200,
        said=gettext("Kept.") if request.GET.get("said") == "kept" else "",
        form=form,
        problems=form.problems() if request.method == "POST" else {},
        language_choices=language_choices(),
        zones=(often_chosen_zones(spoken), all_zones(spoken)),
        currencies=currency_choices(spoken),
        goals=goal_choices(),
    )
