// Whoever is written down on a line is offered as having brought others, before anything is sent.
const list = document.getElementById("names");
const known = list ? Array.from(list.options, (option) => option.value) : [];

function offer() {
  const written = Array.from(document.querySelectorAll("input[name^='name-']"), (field) =>
    field.value.trim(),
  );
  const names = new Set([...known, ...written.filter(Boolean)]);
  list.replaceChildren(
    ...Array.from(names, (name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }),
  );
}

if (list) {
  document.addEventListener("change", offer);
}
