"""The addresses of signing in, and of what one signs in with."""

from django.urls import path

from regulars.console.door import address, by_mail, entering, mine, passkeys, signing_in

pages = (
    path("language/", signing_in.speak, name="speak"),
    path("password/", signing_in.choose_password, name="choose_password"),
    path("sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", entering.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/by-mail/", by_mail.MailACode.as_view(), name="account_request_login_code"),
    path("sign-in/code/", by_mail.MailedCode.as_view(), name="account_confirm_login_code"),
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
    path("me/address/", address.my_address, name="my_address"),
    path("me/address/code/", address.my_address_code, name="my_address_code"),
    path("me/address/forget/", address.my_address_forget, name="my_address_forget"),
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
)
