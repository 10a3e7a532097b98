"""The addresses of the console."""

from django.urls import path

from regulars.console import first_run, views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("begin/", first_run.first_run_business, name="first_run_business"),
    path("begin/language/", first_run.first_run_language, name="first_run_language"),
    path("begin/goal/", first_run.first_run_goal, name="first_run_goal"),
    path("begin/questions/", first_run.first_run_questions, name="first_run_questions"),
    path("begin/twenty/", first_run.first_run_twenty, name="first_run_twenty"),
    path("begin/tomorrow/", first_run.first_run_tomorrow, name="first_run_tomorrow"),
]
