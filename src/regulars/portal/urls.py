"""The addresses of the portal: open to whoever has a link, to nobody else for anything."""

from django.urls import path

from regulars.outreach.links import ANSWER, LEAVE
from regulars.portal import views

urlpatterns = [
    path(f"{ANSWER}/<str:token>/", views.answer, name="portal_answer"),
    path(f"{LEAVE}/<str:token>/", views.leaving, name="portal_leave"),
]
