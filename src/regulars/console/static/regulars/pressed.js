// A form that was just sent is not sent again by a second press: its first answer may show what is shown once.
// Another page comes in its place; where a file comes instead, it can be sent again soon.
const PATIENCE_MS = 60_000;
const PATIENCE_FOR_A_FILE_MS = 3_000;
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const patience = "file" in form.dataset ? PATIENCE_FOR_A_FILE_MS : PATIENCE_MS;
  if (performance.now() - (sent.get(form) ?? -patience) < patience) {
    event.preventDefault();
    return;
  }
  sent.set(form, performance.now());
});

// By the browser's Back a page comes as it was left: whoever presses there means it.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
});
