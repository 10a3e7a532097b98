"""The addresses of the account that mail goes out by."""

from django.urls import path

from regulars.console.mail import account

pages = (
    path("settings/mail/", account.mail, name="mail"),
    path("settings/mail/<uuid:message_id>/again/", account.mail_again, name="mail_again"),
)
