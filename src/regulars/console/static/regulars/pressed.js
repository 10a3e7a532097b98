// A form that was just sent is not sent again by a second press: its first answer may show what is shown once.
const PATIENCE_MS = 4000;
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (performance.now() - (sent.get(form) ?? -PATIENCE_MS) < PATIENCE_MS) {
    event.preventDefault();
    return;
  }
  sent.set(form, performance.now());
});

// By the browser's Back a page comes as it was left: whoever presses there means it.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
});
