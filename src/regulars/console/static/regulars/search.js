// Search as one types: asks for the same page that the button asks for, and shows its results.
const form = document.querySelector("form[data-search]");
const field = form && form.querySelector("input[type=search]");
let waiting = 0;
let asked = 0;

async function ask() {
  const number = ++asked;
  const address = new URL(form.action);
  if (field.value.trim()) {
    address.searchParams.set("q", field.value.trim());
  }
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const results = page.getElementById("results");
  if (number === asked && answer.ok && results) {
    document.getElementById("results").replaceWith(document.adoptNode(results));
    document.getElementById("found").textContent = page.getElementById("found").textContent;
    history.replaceState(null, "", address);
  }
}

if (field) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 180);
  });
}
