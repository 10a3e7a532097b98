// Copies what is shown once; without this the text is selected by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    if (button.dataset.done) button.textContent = button.dataset.done;
  });
});
