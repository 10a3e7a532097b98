// Where a part of a page asks in vain, the page says so, and stays as it is.
const trouble = document.getElementById("trouble");

function told(isTrouble) {
  trouble.textContent = isTrouble ? trouble.dataset.told : "";
}

if (trouble) {
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => told(true));
  }
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status) {
      told(event.detail.xhr.status >= 500);
    }
  });
}
