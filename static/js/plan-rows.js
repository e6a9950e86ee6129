// Choosing rows of a plan's outline and changing many at once, and dragging a row by its handle.
// Alt with an arrow and Tab do the same as dragging; plan.js sends what is decided here.

const boxes = () => [...document.querySelectorAll("[data-grid] input[name=row]")];
const bar = () => document.getElementById("bulk");

// --- choosing ------------------------------------------------------------------------------------

let last = null;

function count() {
  const form = bar();
  if (!form) return;
  const chosen = boxes().filter((box) => box.checked);
  for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  // Not classes: htmx puts those back as they came a moment after a swap.
  form.dataset.chosen = chosen.length;
  const words = form.querySelector("[data-bulk-count]");
  words.textContent = chosen.length === 1 ? words.dataset.one : words.dataset.many.replace("#", chosen.length);
  ask();
}

// Only the field of what is being set stands there.
function ask() {
  const what = document.getElementById("bulk-what");
  for (const field of bar()?.querySelectorAll("[data-for]") ?? []) field.hidden = field.dataset.for !== what.value;
}

function choose(event) {
  const box = event.target.closest?.("[data-grid] input[name=row]");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && last.isConnected) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  count();
}

// --- dragging ------------------------------------------------------------------------------------

let drag = null;

function grab(event) {
  const row = event.target.closest?.("[data-grip]")?.closest("tr");
  if (!row || event.button !== 0) return;
  event.preventDefault();
  drag = { row, level: Number(row.dataset.level), target: null, place: "" };
  row.classList.add("dragged");
  document.addEventListener("pointermove", pull);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", forget);
}

// Rows that go along, since they stand below the one that is dragged.
function below(row) {
  const found = [row];
  let next = row.nextElementSibling;
  while (next && Number(next.dataset.level) > drag.level) {
    found.push(next);
    next = next.nextElementSibling;
  }
  return found;
}

function pull(event) {
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-grid] tr[data-row]");
  clear();
  drag.target = null;
  if (!over || below(drag.row).includes(over)) return;
  const box = over.getBoundingClientRect();
  const at = (event.clientY - box.top) / box.height;
  drag.target = over;
  drag.place = at < 0.3 ? "before" : at > 0.7 ? "after" : "in";
  over.classList.add(`drop-${drag.place}`);
}

function clear() {
  for (const css of ["drop-before", "drop-after", "drop-in"]) {
    for (const row of document.querySelectorAll(`.${css}`)) row.classList.remove(css);
  }
}

function forget() {
  clear();
  drag?.row.classList.remove("dragged");
  drag = null;
  document.removeEventListener("pointermove", pull);
  document.removeEventListener("pointerup", release);
  document.removeEventListener("pointercancel", forget);
}

function release() {
  const { row, target, place } = drag;
  forget();
  if (!target) return;
  const detail = {
    url: () => `${row.dataset.url}move/`,
    values: () => ({ direction: place, target: target.dataset.row }),
  };
  document.dispatchEvent(new CustomEvent("plan:send", { detail }));
}

document.addEventListener("click", choose);
document.addEventListener("change", (event) => event.target.id === "bulk-what" && ask());
document.addEventListener("plan:chosen", count);
document.addEventListener("pointerdown", grab);
document.addEventListener("keydown", (event) => event.key === "Escape" && drag && forget());
count();
