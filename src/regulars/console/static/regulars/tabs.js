// Where pages stand in a row that is wider than a phone, the one that is open comes into view.
document.querySelectorAll(".tabs [aria-current]").forEach((here) => {
  const row = here.closest("ul");
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
});
