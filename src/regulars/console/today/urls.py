"""The addresses of the home page."""

from django.urls import path

from regulars.console import places
from regulars.console.today import home

pages = (
    path("", home.home, name="home"),
    path("place/", places.place_chosen, name="place_chosen"),
    path("today/<uuid:task_id>/done/", home.task_done, name="task_done"),
    path("today/<uuid:task_id>/later/", home.task_later, name="task_later"),
    path("today/<uuid:task_id>/again/", home.task_again, name="task_again"),
    path("today/for/<uuid:customer_id>/", home.suggestion_taken_up, name="take_up"),
)
