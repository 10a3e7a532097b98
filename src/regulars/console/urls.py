"""The addresses of the console, each behind its rule."""

from django.urls import path

from regulars.console import (
    customers,
    first_run,
    mail,
    segments,
    settings,
    signing_in,
    views,
)
from regulars.console.access import guarded
from regulars.console.customer.urls import pages as customer_pages

PAGES = (
    path("", views.home, name="home"),
    path("today/<uuid:task_id>/done/", views.task_done, name="task_done"),
    path("today/<uuid:task_id>/later/", views.task_later, name="task_later"),
    path("today/<uuid:task_id>/again/", views.task_again, name="task_again"),
    path("today/for/<uuid:customer_id>/", views.suggestion_taken_up, name="take_up"),
    path("customers/", customers.customers, name="customers"),
    path("customers/add/", customers.customer_add, name="customer_add"),
    *customer_pages,
    path("segments/", segments.segments, name="segments"),
    path("segments/people/", segments.segment_people, name="segment_people"),
    path("settings/", settings.settings, name="settings"),
    path("settings/mail/", mail.mail, name="mail"),
    path("settings/mail/<uuid:message_id>/again/", mail.mail_again, name="mail_again"),
    path("settings/employees/", settings.employees, name="employees"),
    path("settings/employees/add/", settings.employee_add, name="employee_add"),
    path(
        "settings/employees/<uuid:employee_id>/leave/",
        settings.employee_leave,
        name="employee_leave",
    ),
    path(
        "settings/employees/<uuid:employee_id>/return/",
        settings.employee_return,
        name="employee_return",
    ),
    path(
        "settings/employees/<uuid:employee_id>/password/",
        settings.employee_password,
        name="employee_password",
    ),
    path("language/", signing_in.speak, name="speak"),
    path("password/", signing_in.choose_password, name="choose_password"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("begin/", first_run.first_run_business, name="first_run_business"),
    path("begin/language/", first_run.first_run_language, name="first_run_language"),
    path("begin/goal/", first_run.first_run_goal, name="first_run_goal"),
    path("begin/questions/", first_run.first_run_questions, name="first_run_questions"),
    path("begin/twenty/", first_run.first_run_twenty, name="first_run_twenty"),
    path("begin/tomorrow/", first_run.first_run_tomorrow, name="first_run_tomorrow"),
)
urlpatterns = [guarded(page) for page in PAGES]
