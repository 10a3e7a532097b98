"""The addresses of everything that is served."""

from django.urls import include, path

from regulars.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("regulars.portal.urls")),
    path("", include("regulars.console.urls")),
]
handler404 = "regulars.console.access.not_found"
