// What is typed on a sheet stays in this tab until it is sent: a reload, or a phone that lets go of the page, loses nothing.
const sheet = document.querySelector("form[data-draft]");

if (sheet) {
  const name = `draft-${sheet.dataset.draft}`;
  const fields = () => Array.from(sheet.querySelectorAll("input[type='text'], input[type='tel'], input:not([type])"));
  const kept = JSON.parse(sessionStorage.getItem(name) || "{}");
  if (fields().every((field) => !field.value)) {
    for (const field of fields()) {
      field.value = kept[field.name] || "";
      if (field.value) {
        field.closest("details")?.setAttribute("open", "");
      }
    }
    sheet.dispatchEvent(new Event("change", { bubbles: true }));
  }
  sheet.addEventListener("input", () => {
    const typed = fields().filter((field) => field.value);
    sessionStorage.setItem(name, JSON.stringify(Object.fromEntries(typed.map((field) => [field.name, field.value]))));
  });
  sheet.addEventListener("submit", () => sessionStorage.removeItem(name));
}
