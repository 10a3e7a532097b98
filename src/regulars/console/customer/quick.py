"""What is noted right from the list: a visit, a purchase, who sent them, a note."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.console.access import here
from regulars.console.customer.head import about, customer_page, is_list
from regulars.console.customer.overview import forms_of
from regulars.people.queries import standing


@require_http_methods(["GET"])
def customer_quick(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The forms alone; sent, they lead back to the list."""
    business, _ = here(request)
    shown = about(request, customer_id)
    customer = shown.profile.customer_id
    back = request.GET.get("back", "")
    return customer_page(
        request,
        "customer/quick.html.j2",
        shown,
        at="customer",
        asked=forms_of(shown, business.currency),
        has_sender=customer in standing((customer,)),
        back=back if is_list(back) else "",
    )
