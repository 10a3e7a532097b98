// Where one is, a browser knows, and the currency follows the city until one is chosen.
const city = document.querySelector("select[data-currencies]");
const currency = document.getElementById("currency");

if (city && currency) {
  const paid = JSON.parse(city.dataset.currencies);
  let isChosen = currency.value !== paid[city.value];
  const follow = () => {
    const one = paid[city.value];
    if (!isChosen && Array.from(currency.options).some((option) => option.value === one)) {
      currency.value = one;
    }
  };
  currency.addEventListener("change", () => {
    isChosen = true;
  });
  city.addEventListener("change", follow);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ("guessed" in city.dataset && here in paid) {
    city.value = here;
    follow();
  }
}
