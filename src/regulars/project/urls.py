"""The addresses of everything that is served."""

from django.urls import include, path

from regulars.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("regulars.portal.urls")),
    path("", include("regulars.console.urls")),
]
handler400 = "regulars.console.refusals.unreadable"
handler403 = "regulars.console.refusals.not_for_you"
handler404 = "regulars.console.refusals.not_found"
handler500 = "regulars.console.refusals.our_fault"
