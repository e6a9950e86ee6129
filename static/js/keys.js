// Shortcuts of one key. They never fire while somebody types, and can be switched off for good
// (WCAG 2.1.4); the list of them is the dialog that "?" opens.

const COOKIE = location.protocol === "https:" ? "__Host-shortcuts" : "shortcuts";
const WAIT = 1200;
const THEME = ".top [data-theme-choice]";
const TYPED_INTO = "input, textarea, select, [contenteditable], [role=separator], [role=slider]";

let leading = "";
let waiting;

const off = () => document.cookie.split("; ").includes(`${COOKIE}=off`);
const seen = (element) => element && element.offsetParent !== null;

function rows() {
  const all = document.querySelectorAll("#main [data-rows] > *, #main tbody > tr");
  return [...all].filter((row) => seen(row) && row.querySelector("a[href]"));
}

function step(by) {
  const all = rows();
  const from = all.findIndex((row) => row.contains(document.activeElement));
  const to = from < 0 ? all[by > 0 ? 0 : all.length - 1] : all[from + by];
  to?.querySelector("a[href]").focus();
}

function press(selector) {
  [...document.querySelectorAll(selector)].find(seen)?.click();
}

const rowInFocus = () => rows().find((each) => each.contains(document.activeElement));

// In a list the row in focus comes first; what stands in rows is never meant from outside of it.
function act(key) {
  const own = rowInFocus()?.querySelector(`[data-key=${key}]`);
  if (!own) return press(`#main [data-key=${key}]:not([data-rows] *)`);
  own.click();
  if (own.matches("summary")) own.parentElement.querySelector("button, a")?.focus();
}

const ACTIONS = {
  "/": () => press("[data-opens=palette]"),
  "?": () => document.getElementById("shortcuts")?.showModal(),
  // In a row that can be taken it takes it; anywhere else it changes the look.
  t: () => (rowInFocus()?.querySelector("[data-key=t]") ? act("t") : press(THEME)),
  o: () => rowInFocus()?.querySelector("a[href]").click(),
  j: () => step(1),
  k: () => step(-1),
  e: () => act("e"),
  n: () => act("n"),
  s: () => act("s"),
};

function go(key) {
  // Looked up by comparing, since a key may be a sign that a selector would trip over.
  const links = [...document.querySelectorAll("[data-go]")];
  links.find((link) => link.dataset.go === key)?.click();
}

function lead(key) {
  leading = key;
  clearTimeout(waiting);
  waiting = setTimeout(() => (leading = ""), WAIT);
}

function isMeant(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.isComposing || event.target.closest?.(TYPED_INTO)) return false;
  return !document.querySelector("dialog[open]") && !off();
}

function pressed(event) {
  if (!isMeant(event)) return;
  if (leading === "g") {
    lead("");
    go(event.key);
  } else if (event.key === "g") {
    lead("g");
  } else if (Object.hasOwn(ACTIONS, event.key)) {
    event.preventDefault();
    ACTIONS[event.key]();
  }
}

function switchKeys(event) {
  const secure = location.protocol === "https:" ? ";secure" : "";
  const value = event.target.checked ? "on" : "off";
  document.cookie = `${COOKIE}=${value};path=/;max-age=31536000;samesite=lax${secure}`;
}

document.addEventListener("keydown", pressed);
for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !off();
  box.addEventListener("change", switchKeys);
}
