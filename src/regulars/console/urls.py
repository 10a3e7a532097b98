"""The addresses of the console, each behind its rule."""

from django.urls import path

from regulars.console.access import guarded
from regulars.console.customer.urls import pages as customer_pages
from regulars.console.customers import export, finding, saved_views
from regulars.console.door import entering, mine, passkeys, signing_in
from regulars.console.first_run import steps
from regulars.console.house.urls import pages as house_pages
from regulars.console.jobs import imports, long_work
from regulars.console.mail import account
from regulars.console.pictures.urls import pages as picture_pages
from regulars.console.segments import crossing, files, own
from regulars.console.today import home

PAGES = (
    path("", home.home, name="home"),
    path("today/<uuid:task_id>/done/", home.task_done, name="task_done"),
    path("today/<uuid:task_id>/later/", home.task_later, name="task_later"),
    path("today/<uuid:task_id>/again/", home.task_again, name="task_again"),
    path("today/for/<uuid:customer_id>/", home.suggestion_taken_up, name="take_up"),
    path("customers/", finding.customers, name="customers"),
    path("customers/add/", finding.customer_add, name="customer_add"),
    path("customers/list.csv", export.customers_export, name="customers_export"),
    path("customers/views/add/", saved_views.view_add, name="view_add"),
    path("customers/views/<uuid:view_id>/forget/", saved_views.view_forget, name="view_forget"),
    *customer_pages,
    path("segments/", crossing.segments, name="segments"),
    path("segments/people/", crossing.segment_people, name="segment_people"),
    path("segments/new/", own.segment_new, name="segment_new"),
    path("segments/<uuid:segment_id>/", own.segment, name="segment"),
    path("segments/<uuid:segment_id>/change/", own.segment_change, name="segment_change"),
    path("segments/<uuid:segment_id>/remove/", own.segment_remove, name="segment_remove"),
    path("segments/people/file/", files.segment_people_file, name="segment_people_file"),
    path("segments/<uuid:segment_id>/file/", files.segment_file, name="segment_file"),
    *picture_pages,
    *house_pages,
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:upload_id>/", imports.one_import, name="import"),
    path("imports/<uuid:upload_id>/try/", imports.import_tried, name="import_tried"),
    path("imports/<uuid:upload_id>/take/", imports.import_taken, name="import_taken"),
    path("imports/<uuid:upload_id>/drop/", imports.import_dropped, name="import_dropped"),
    path("exports/", long_work.exports, name="exports"),
    path("scores/", long_work.scores, name="scores"),
    path("jobs/<uuid:job_id>/file/", long_work.job_file, name="job_file"),
    path("settings/mail/", account.mail, name="mail"),
    path("settings/mail/<uuid:message_id>/again/", account.mail_again, name="mail_again"),
    path("language/", signing_in.speak, name="speak"),
    path("password/", signing_in.choose_password, name="choose_password"),
    path("sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", entering.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-step/", entering.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/again/", entering.Again.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code/", entering.AgainByCode.as_view(), name="mfa_reauthenticate"),
    path(
        "sign-in/again/passkey/",
        entering.AgainByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("me/", mine.my_sign_in, name="mfa_index"),
    path("me/elsewhere/", mine.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("me/second-step/", mine.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("me/second-step/off/", mine.TakeAppAway.as_view(), name="mfa_deactivate_totp"),
    path("me/second-step/later/", mine.second_step_later, name="second_step_later"),
    path("me/codes/", mine.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("me/codes/new/", mine.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("me/codes/file/", mine.RecoveryCodesFile.as_view(), name="mfa_download_recovery_codes"),
    path("me/passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "me/passkeys/<int:pk>/remove/",
        passkeys.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("begin/", steps.first_run_business, name="first_run_business"),
    path("begin/language/", steps.first_run_language, name="first_run_language"),
    path("begin/goal/", steps.first_run_goal, name="first_run_goal"),
    path("begin/questions/", steps.first_run_questions, name="first_run_questions"),
    path("begin/twenty/", steps.first_run_twenty, name="first_run_twenty"),
    path("begin/tomorrow/", steps.first_run_tomorrow, name="first_run_tomorrow"),
)
urlpatterns = [guarded(page) for page in PAGES]
