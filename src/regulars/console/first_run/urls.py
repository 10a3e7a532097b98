"""The addresses of the first fifteen minutes."""

from django.urls import path

from regulars.console.first_run import steps

pages = (
    path("begin/", steps.first_run_business, name="first_run_business"),
    path("begin/language/", steps.first_run_language, name="first_run_language"),
    path("begin/goal/", steps.first_run_goal, name="first_run_goal"),
    path("begin/questions/", steps.first_run_questions, name="first_run_questions"),
    path("begin/twenty/", steps.first_run_twenty, name="first_run_twenty"),
    path("begin/tomorrow/", steps.first_run_tomorrow, name="first_run_tomorrow"),
)
