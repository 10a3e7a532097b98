"""The addresses of the pictures."""

from django.urls import path

from regulars.console.pictures import views

pages = (
    path("spenders-and-senders/", views.quadrants, name="quadrants"),
    path("rhythm/", views.rhythm, name="rhythm"),
    path("coming-back/", views.retention, name="retention"),
)
