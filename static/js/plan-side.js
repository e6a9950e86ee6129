// A work package beside the outline of its plan. Without this file its link opens its own page.
// Escape and the cross close it, and the focus goes back to the row it was opened from.

const side = () => document.getElementById("side");
const rowOf = (id) => document.getElementById(`row-${id}`);

let from = ""; // the row whose package stands there
let opening = false;

function mark() {
  for (const row of document.querySelectorAll("tr[data-beside-it]")) row.removeAttribute("data-beside-it");
  if (!side().hidden) rowOf(from)?.setAttribute("data-beside-it", "");
}

function asked(event) {
  const row = event.detail.elt.closest?.("[data-beside]")?.closest("tr");
  if (!row) return;
  from = row.dataset.row;
  opening = true;
}

function swapped(event) {
  const id = event.detail.target?.id;
  if (id === "plan") return outlineChanged();
  if (id !== "side") return;
  side().hidden = false;
  mark();
  if (opening) document.getElementById("side-title")?.focus();
  opening = false;
}

// What changed in the outline may have moved the package; what somebody is writing beside it stays.
function outlineChanged() {
  if (side().hidden) return;
  const row = rowOf(from);
  if (!row) return close(false);
  mark();
  const writing = [...side().querySelectorAll("textarea, input[name=text]")].some((field) => field.value);
  if (!writing && !side().contains(document.activeElement)) {
    window.htmx.ajax("GET", row.dataset.url, { source: "#side", target: "#side", swap: "innerHTML" });
  }
}

function close(backAgain) {
  side().hidden = true;
  side().replaceChildren();
  mark();
  if (!backAgain) return;
  if (document.querySelector("table[data-grid]")) document.dispatchEvent(new CustomEvent("plan:stand", { detail: from }));
  else rowOf(from)?.querySelector("[data-beside]").focus();
}

document.addEventListener("htmx:beforeRequest", asked);
document.addEventListener("htmx:afterSwap", swapped);
document.addEventListener("click", (event) => event.target.closest?.("[data-side-close]") && close(true));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !side()?.contains(event.target)) return;
  event.preventDefault();
  close(true);
});
