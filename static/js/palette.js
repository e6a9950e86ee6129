// The command palette: a dialog over the page that /search/ is without script. The server finds and
// ranks; this file opens the dialog and moves through its options.

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-field");
const says = dialog?.querySelector("[data-palette-says]");
const options = () => [...dialog.querySelectorAll("[role=option]")].filter((o) => o.offsetParent);
const chosen = () => dialog.querySelector("[role=option][aria-selected=true]");

// Set while Enter waits for the answer to what was typed just before.
let waiting = null;
const isCurrent = () =>
  document.getElementById("results").dataset.for === field.value.trim().replace(/\s+/g, " ");

function openDialog(id) {
  const wanted = document.getElementById(id);
  if (!wanted || wanted.open) return;
  document.querySelector("dialog[open]")?.close();
  wanted.showModal();
  if (wanted !== dialog) return;
  field.value = "";
  waiting = null;
  field.dispatchEvent(new Event("opened", { bubbles: true }));
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

function step(by) {
  const all = options();
  const from = all.indexOf(chosen());
  choose(all[(from + by + all.length) % all.length]);
}

function perform(inNewTab) {
  const option = chosen() ?? options()[0];
  if (!option) field.form.requestSubmit();
  else if (inNewTab && option.href) window.open(option.href, "_blank", "noopener");
  else option.click();
}

function move(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && options().length) {
    event.preventDefault();
    step(by);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const inNewTab = event.ctrlKey || event.metaKey;
    if (isCurrent()) perform(inNewTab);
    // Pressed again while no answer comes: the plain page, then.
    else if (waiting) field.form.requestSubmit();
    else waiting = { inNewTab };
  } else {
    waiting = null;
  }
}

function listen(event) {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  openDialog("palette");
}

function click(event) {
  const inNewTab = event.ctrlKey || event.metaKey || event.shiftKey;
  const opens = event.target.closest("[data-opens]");
  const open = event.target.closest("dialog[open]");
  // The dialog itself is hit only beside its contents.
  if (open && (event.target === open || event.target.closest("[data-closes], .found")) && !inNewTab) {
    open.close();
  }
  if (opens && !inNewTab) {
    event.preventDefault();
    openDialog(opens.dataset.opens);
  }
}

function found() {
  const results = document.getElementById("results");
  field.setAttribute("aria-expanded", String(options().length > 0));
  choose(options()[0]);
  says.textContent = results.dataset.count ?? "";
  if (!waiting || !isCurrent()) return;
  const { inNewTab } = waiting;
  waiting = null;
  perform(inNewTab);
}

if (dialog) {
  document.addEventListener("keydown", listen);
  document.addEventListener("click", click);
  field.addEventListener("keydown", move);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "results") found();
  });
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) {
    for (const key of document.querySelectorAll("kbd")) {
      key.textContent = key.textContent.replace("Ctrl ", "⌘ ");
    }
  }
}
