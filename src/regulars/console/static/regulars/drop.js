// A file that is dropped, or chosen, is sent at once.
const form = document.querySelector("form[data-drop]");
const field = form && form.querySelector("input[type=file]");
const MEGABYTE = 1000000;

function send() {
  const file = field.files[0];
  const problem = form.querySelector("[data-problem]");
  if (!file) {
    return;
  }
  if (file.size > Number(form.dataset.most) * MEGABYTE) {
    problem.textContent = form.dataset.tooLarge;
    field.value = "";
    return;
  }
  problem.textContent = "";
  form.classList.add("sending");
  form.querySelector(".invitation").textContent = form.dataset.sending;
  form.requestSubmit();
}

if (field) {
  form.classList.add("ready");
  field.addEventListener("change", send);
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragenter" || name === "dragover");
    });
  }
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      send();
    }
  });
}
