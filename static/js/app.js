// Comforts on top of pages that work without them. Words come from the page, so that they are
// translated; everything is delegated, so that fragments need no wiring.

const root = document.documentElement;
const region = () => document.getElementById("toasts");

// --- theme: changes at once; the cookie tells the server for the next page ----------------------

function chooseTheme(event) {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  event.preventDefault();
  root.dataset.bsTheme = button.value;
  const [name, secure] = location.protocol === "https:" ? ["__Host-theme", ";secure"] : ["theme", ""];
  document.cookie = `${name}=${button.value};path=/;max-age=31536000;samesite=lax${secure}`;
  button.form.querySelector(`[data-theme-choice]:not([value=${button.value}])`).focus();
}

// --- toasts: say what was done, offer to undo it ------------------------------------------------

function showToast({ text, level = "success", undo = "" }) {
  const toast = region().querySelector("template").content.firstElementChild.cloneNode(true);
  toast.classList.add(`is-${level}`);
  toast.setAttribute("role", level === "error" ? "alert" : "status");
  toast.querySelector("span").textContent = text;
  const form = toast.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  region().append(toast);
}

function dismiss(event) {
  event.target.closest("[data-dismiss]")?.closest(".toast-one").remove();
}

// --- copying: the button beside a text that is shown once ----------------------------------------

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  showToast({ text: button.dataset.said });
}

// --- menus and Escape: it always backs out of the nearest open thing ----------------------------

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function backOut(event) {
  // An open dialog is the nearest, and closes by itself.
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  const toast = region()?.querySelector(".toast-one:last-of-type");
  if (!toast) return;
  const held = toast.contains(document.activeElement);
  toast.remove();
  if (held) document.getElementById("main").focus();
}

// --- the splitter between outline and time line -------------------------------------------------

let share = null;

function split(splitter, percent) {
  share = Math.min(75, Math.max(30, Math.round(percent)));
  splitter.parentElement.style.setProperty("--split", `${share}%`);
  splitter.setAttribute("aria-valuenow", share);
}

function splitByKey(event) {
  if (!event.target.matches?.("[role=separator][data-split]")) return;
  const now = Number(event.target.getAttribute("aria-valuenow"));
  const to = { ArrowLeft: now - 3, ArrowRight: now + 3, Home: 30, End: 75 }[event.key];
  if (to === undefined) return;
  split(event.target, to);
  event.preventDefault();
}

function splitByPointer(event) {
  if (!event.target.matches?.("[role=separator][data-split]")) return;
  if (event.type === "pointerdown") event.target.setPointerCapture(event.pointerId);
  if (!event.target.hasPointerCapture(event.pointerId)) return;
  const area = event.target.parentElement.getBoundingClientRect();
  split(event.target, ((event.clientX - area.left) / area.width) * 100);
}

// --- swaps: focus, open tables and the splitter stay, and the change is said once ---------------
// Names of htmx’s events stand here and in palette.js; our own is "toasts".

let kept = null;

const rowsIn = (element) => [...element.querySelectorAll("[data-rows] > *")];

function beforeSwap(event) {
  const { target } = event.detail;
  const active = document.activeElement;
  kept = {
    inside: target.contains(active),
    id: active?.id,
    row: rowsIn(target).findIndex((row) => row.contains(active)),
    open: [...target.querySelectorAll("details[id][open]")].map((details) => details.id),
  };
}

function afterSettle(event) {
  const old = event.detail.target;
  const fresh = (old.id && document.getElementById(old.id)) || old;
  fresh.removeAttribute("aria-busy");
  for (const id of kept?.open ?? []) document.getElementById(id)?.setAttribute("open", "");
  const splitter = fresh.querySelector("[role=separator][data-split]");
  if (splitter && share !== null) split(splitter, share);
  if (kept?.inside) keepFocus(fresh);
  kept = null;
  const words = fresh.closest("[data-say]") ?? fresh.querySelector("[data-say]");
  const live = document.getElementById("live");
  if (live && words) live.textContent = words.dataset.say;
}

function keepFocus(fresh) {
  if (document.activeElement !== document.body) return;
  const again = (kept.id && document.getElementById(kept.id)) || neighbour(fresh);
  if (!again && !fresh.hasAttribute("tabindex")) fresh.tabIndex = -1;
  (again || fresh).focus({ preventScroll: true });
}

// Where a row went, the one that took its place.
function neighbour(fresh) {
  if (kept.row < 0) return null;
  const rows = rowsIn(fresh);
  return rows[Math.min(kept.row, rows.length - 1)]?.querySelector("a[href]");
}

function busy(event) {
  event.detail.target?.setAttribute("aria-busy", "true");
}

function notBusy(event) {
  event.detail.target?.removeAttribute("aria-busy");
}

function sayFault(event) {
  notBusy(event);
  const word = event.type === "htmx:sendError" ? "unreachable" : "failed";
  showToast({ text: region().dataset[word], level: "error" });
}

// --- wiring -------------------------------------------------------------------------------------

for (const listener of [chooseTheme, copy, dismiss, closeMenus]) {
  document.addEventListener("click", listener);
}
for (const listener of [backOut, splitByKey]) document.addEventListener("keydown", listener);
for (const type of ["pointerdown", "pointermove"]) document.addEventListener(type, splitByPointer);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
document.addEventListener("htmx:beforeRequest", busy);
document.addEventListener("htmx:beforeSwap", beforeSwap);
document.addEventListener("htmx:afterSettle", afterSettle);
document.addEventListener("htmx:afterRequest", notBusy);
document.addEventListener("htmx:responseError", sayFault);
document.addEventListener("htmx:sendError", sayFault);
document.addEventListener("toasts", (event) => event.detail.list.forEach(showToast));
for (const button of document.querySelectorAll("[data-dismiss]")) button.hidden = false;
for (const here of document.querySelectorAll(".sidenav [aria-current], .tabs [aria-current]"))
  here.scrollIntoView({ block: "nearest", inline: "center" });
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}
document.querySelector("[data-focus]")?.focus();
