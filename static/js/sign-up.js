// Opening a workspace: guesses the time zone, suggests a short name and says whether it is free.

const form = document.querySelector("form[data-short-name]");
const { workspace_name: company, slug, time_zone: zone } = form.elements;
const place = form.querySelector("[data-short-name-say]");
const PAUSE_MS = 300;

let typed = slug.value !== "";
let waiting;

const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone.value === "UTC" && [...zone.options].some((option) => option.value === guess)) {
  zone.value = guess;
}

async function ask() {
  const query = new URLSearchParams({
    workspace_name: company.value,
    slug: typed ? slug.value : "",
  });
  const answer = await fetch(`${form.dataset.shortName}?${query}`);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = page.querySelector("[data-wanted]");
  if (!typed) slug.value = words.dataset.wanted;
  place.textContent = words.textContent.trim();
  place.className = `small ${words.className}`;
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE_MS);
}

company.addEventListener("input", soon);
slug.addEventListener("input", () => {
  typed = slug.value !== "";
  soon();
});
slug.closest(".field").append(place);
