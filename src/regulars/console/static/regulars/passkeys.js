// Joins our forms to django-allauth's passkeys: each form says what it is for, and asks what it asks.
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form || !window.allauth) return;
  const failed = form.querySelector("[data-failed]");
  const told = form.dataset.options ? JSON.parse(form.dataset.options) : {};
  const ids = {
    add: "passkey-button",
    authenticate: "passkey-button",
    login: "passkey-button",
    credential: "passkey-credential",
    passwordless: "passkey-passwordless",
  };
  const { addForm, authenticateForm, loginForm } = window.allauth.webauthn.forms;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    failed.hidden = false;
  });
  if (form.dataset.passkey === "add") {
    addForm({ ids, data: { creation_options: told } });
  } else if (form.dataset.passkey === "show") {
    authenticateForm({ ids, data: { request_options: told } });
  } else {
    loginForm({ ids });
  }
})();
