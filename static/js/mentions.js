// While somebody writes @ and a name in a box, those who may be meant are offered below it. Without
// script the name is written out; the server finds who is meant either way.

const BEGUN = /(?:^|[^\w@./-])@([^\s@"]{0,40})$/u;
const PAUSE = 150;

let list = null;
let box = null;
let asked = 0;
let timer = 0;

const options = () => (list ? [...list.querySelectorAll("[role=option]")] : []);
const chosen = () => list?.querySelector("[aria-selected=true]");
const written = () => BEGUN.exec(box.value.slice(0, box.selectionStart));
const say = (words) => {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
};

function close() {
  asked += 1;
  clearTimeout(timer);
  list?.remove();
  list = null;
  box?.removeAttribute("aria-controls");
  box?.removeAttribute("aria-activedescendant");
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
}

function step(by) {
  const all = options();
  choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function mention(option) {
  const found = written();
  if (!found) return close();
  const end = box.selectionStart;
  box.setRangeText(`@${option.dataset.handle} `, end - found[1].length - 1, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  box.focus();
}

function show(html) {
  const read = new DOMParser().parseFromString(html, "text/html").getElementById("mentions");
  list?.remove();
  list = null;
  if (!read) return;
  const some = read.children.length > 0;
  say(some ? read.dataset.say : read.dataset.none);
  if (!some) return close();
  list = read;
  box.insertAdjacentElement("afterend", list);
  box.setAttribute("aria-controls", "mentions");
  choose(options()[0]);
}

async function ask(address) {
  const number = (asked += 1);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  // What was asked before is answered too late.
  if (number !== asked || !answer?.ok) return;
  const html = await answer.text();
  if (number === asked) show(html);
}

function type(event) {
  const place = event.target.closest?.("[data-mentions]");
  if (!place || !event.target.matches("textarea")) return;
  if (box !== event.target) close();
  box = event.target;
  box.setAttribute("aria-autocomplete", "list");
  const found = written();
  if (!found) return close();
  clearTimeout(timer);
  const address = `${place.dataset.mentions}?${new URLSearchParams({ q: found[1] })}`;
  timer = setTimeout(() => ask(address), PAUSE);
}

function press(event) {
  if (!list || event.target !== box || event.isComposing) return;
  const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(by);
  else if (plain && (event.key === "Enter" || event.key === "Tab")) mention(chosen());
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("input", type);
document.addEventListener("keydown", press, true);
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("#mentions [role=option]");
  if (!option) return;
  // The box keeps the caret.
  event.preventDefault();
  mention(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === box) close();
});
