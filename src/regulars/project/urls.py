"""The addresses of everything that is served."""

from django.urls import include, path

urlpatterns = [path("", include("regulars.console.urls"))]
handler404 = "regulars.console.access.not_found"
