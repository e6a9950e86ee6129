// The outline of a plan as a sheet to type into. Without this file its links and forms do the same.
// Every change is sent by itself, one after the other, and answers with the plan as it then is;
// what somebody is typing meanwhile is put back where it was. plan-rows.js has dragging and choosing.

const plan = () => document.getElementById("plan");
const grid = () => document.querySelector("table[data-grid]");
const rowsOf = () => [...(grid()?.querySelectorAll("tbody > tr[data-row]") ?? [])];
const cellsOf = (row) => [...row.children].filter((cell) => !cell.matches(".o-sel"));
const rowById = (id) => document.getElementById(`row-${id}`);
const say = (words) => (document.getElementById("live").textContent = words);

let here = null; // the cell in focus: {row: id, col: number}
let leaving = false; // Tab goes on to what follows the table: Escape was pressed, or Tab led here
let passing = false; // Tab was pressed outside the rows
let swapping = false;
let draft = null; // the row being typed: {after: id, level: number, value: text, row: element}
const pending = []; // rows typed and not yet answered for
const queue = [];
let busy = false;

// --- the sheet: roles, one stop for Tab ----------------------------------------------------------

function dress() {
  const table = grid();
  if (!table) return;
  table.setAttribute("role", "treegrid");
  table.setAttribute("aria-multiselectable", "true");
  for (const row of rowsOf()) {
    row.setAttribute("aria-level", row.dataset.level);
    row.setAttribute("aria-posinset", row.dataset.place);
    row.setAttribute("aria-setsize", row.dataset.of);
    if (row.dataset.open) row.setAttribute("aria-expanded", row.dataset.open);
    row.setAttribute("aria-selected", String(row.querySelector("input[name=row]").checked));
    for (const inner of row.querySelectorAll("a, input")) inner.tabIndex = -1;
    for (const cell of cellsOf(row)) cell.tabIndex = -1;
  }
  for (const button of document.querySelectorAll("[data-plan-keys]")) button.hidden = false;
  const row = rowById(here?.row) ?? rowsOf()[0];
  if (row) cellsOf(row)[rowById(here?.row) ? here.col : 1].tabIndex = 0;
}

function stand(row, col) {
  if (!row) return;
  const cells = cellsOf(row);
  const cell = cells[Math.max(0, Math.min(col, cells.length - 1))];
  for (const other of grid().querySelectorAll("tbody [tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  here = { row: row.dataset.row, col: cells.indexOf(cell) };
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const nameAt = (row) => cellsOf(row).findIndex((cell) => cell.dataset.cell === "name");

function walk(row, by, col) {
  const rows = rowsOf();
  const to = Math.max(0, Math.min(rows.indexOf(row) + by, rows.length - 1));
  stand(rows[to], col);
}

// --- sending: one change after the other ---------------------------------------------------------

function send(job) {
  queue.push(job);
  return drain();
}

async function drain() {
  if (busy) return;
  busy = true;
  while (queue.length && !plan().hasAttribute("data-asks")) {
    const job = queue.shift();
    const { at, version } = grid().dataset;
    const values = { at, version, ...job.values(), swap: "1" };
    await window.htmx.ajax("POST", job.url(), { source: "#plan", target: "#plan", swap: "outerHTML", values });
    if (plan().hasAttribute("data-refused")) job.refused?.();
    else job.done?.();
  }
  busy = false;
}

function change(row, part, values) {
  const { url } = rowById(row).dataset;
  send({ url: () => `${url}${part}/`, values: () => values });
}

// --- writing in a cell ---------------------------------------------------------------------------

function open(cell, text) {
  const row = cell.closest("tr");
  const input = document.createElement("input");
  input.className = "cell-edit";
  input.type = cell.dataset.kind === "date" ? "date" : "text";
  input.value = input.type === "date" ? cell.dataset.raw : (text ?? cell.dataset.raw);
  input.setAttribute("aria-label", columnOf(cell));
  if (cell.dataset.cell === "owner") input.setAttribute("list", grid().dataset.owners);
  input.dataset.was = cell.dataset.raw;
  cell.classList.add("editing");
  cell.append(input);
  here = { row: row.dataset.row, col: cellsOf(row).indexOf(cell) };
  input.focus();
  if (text === undefined && input.type === "text") input.select();
}

function columnOf(cell) {
  const heads = [...grid().querySelectorAll("thead th:not(.o-sel)")];
  return heads[cellsOf(cell.parentElement).indexOf(cell)]?.textContent.trim() ?? "";
}

function close(input, keep) {
  if (input.dataset.closed) return;
  input.dataset.closed = "yes"; // going away takes the focus along, and that closes as well
  const cell = input.parentElement;
  const row = cell.closest("tr").dataset.row;
  const { value } = input;
  const changed = keep && value.trim() !== input.dataset.was.trim();
  cell.classList.remove("editing");
  input.remove();
  if (changed) tell(row, cell.dataset.cell, value);
}

// What is refused stands there again, to be mended.
function tell(row, field, value) {
  const { url } = rowById(row).dataset;
  send({
    url: () => `${url}cell/`,
    values: () => ({ field, value }),
    refused: () => {
      const cell = rowById(row)?.querySelector(`[data-cell=${field}]`);
      if (cell && !document.querySelector(".cell-edit")) open(cell, value);
    },
  });
}

function typeInCell(event) {
  const input = event.target;
  const cell = input.parentElement;
  const row = cell.closest("tr");
  const col = cellsOf(row).indexOf(cell);
  if (event.key === "Escape" || event.key === "Enter") {
    event.preventDefault();
    close(input, event.key === "Enter");
    stand(row, col);
  } else if (event.key === "Tab") {
    event.preventDefault();
    close(input, true);
    if (cell.dataset.cell === "name") indent(row, event.shiftKey);
    stand(row, cell.dataset.cell === "name" ? col : col + (event.shiftKey ? -1 : 1));
  }
  event.stopPropagation();
}

// --- a new row -----------------------------------------------------------------------------------

function begin(after, level, value = "") {
  drop();
  const row = document.createElement("tr");
  row.className = "draft";
  const cell = document.createElement("td");
  cell.colSpan = grid().tHead.rows[0].cells.length;
  const input = document.createElement("input");
  input.className = "cell-edit";
  input.value = value;
  input.maxLength = 500;
  input.placeholder = grid().dataset.new;
  input.setAttribute("aria-label", grid().dataset.new);
  cell.append(input);
  row.append(cell);
  draft = { after, level, row };
  (pending.at(-1)?.row ?? rowById(after))?.after(row);
  if (!row.isConnected) grid().tBodies[0].append(row);
  setLevel(level);
  input.focus();
}

// Below a row, or as the last of the rows in it when it stands open.
function beginAt(row) {
  const level = Number(row.dataset.level);
  if (row.dataset.open !== "true") return begin(row.dataset.row, level);
  const rows = rowsOf();
  let last = rows.indexOf(row);
  while (Number(rows[last + 1]?.dataset.level) > level) last += 1;
  begin(rows[last].dataset.row, level + 1);
}

function setLevel(level) {
  draft.level = level;
  draft.row.firstElementChild.className = `in-${Math.min(level, 9)}`;
}

function drop() {
  const row = draft?.row;
  draft = null;
  row?.remove();
}

const deepest = () => (pending.at(-1)?.level ?? Number(rowById(draft.after)?.dataset.level ?? 0)) + 1;

function typeInDraft(event) {
  const input = event.target;
  if (event.key === "Enter") {
    event.preventDefault();
    if (input.value.trim()) keepDraft(true);
    else leaveDraft();
  } else if (event.key === "Escape") {
    event.preventDefault();
    leaveDraft();
  } else if (event.key === "Tab") {
    event.preventDefault();
    const to = draft.level + (event.shiftKey ? -1 : 1);
    setLevel(Math.max(1, Math.min(to, deepest())));
  }
  event.stopPropagation();
}

function leaveDraft() {
  const row = rowById(draft.after) ?? rowsOf()[0];
  drop();
  if (row) stand(row, nameAt(row));
}

// What was typed becomes a row at once, and the next one can be typed while the server hears of it.
function keepDraft(another) {
  const { after, level, row } = draft;
  const typed = { after, level, value: row.querySelector("input").value, row };
  draft = null;
  row.className = "pending";
  row.firstElementChild.textContent = typed.value;
  pending.push(typed);
  if (another) begin(after, level);
  send({
    url: () => grid().dataset.add,
    values: () => ({ name: typed.value, after: typed.after, level: typed.level }),
    refused: () => {
      forgetTyped(typed);
      if (!draft) begin(typed.after, typed.level, typed.value);
    },
    done: () => {
      forgetTyped(typed);
      const id = plan().dataset.added;
      if (!id) return;
      for (const other of [...pending, draft ?? {}]) other.after = id;
      // A row that moves loses the focus for a moment, which is not leaving it.
      swapping = true;
      for (const other of [...pending].reverse()) rowById(id)?.after(other.row);
      if (draft) (pending.at(-1)?.row ?? rowById(id))?.after(draft.row);
      swapping = false;
      draft?.row.querySelector("input").focus();
    },
  });
}

function forgetTyped(typed) {
  pending.splice(pending.indexOf(typed), 1);
  typed.row.remove();
}

// --- swaps: whoever types goes on typing ---------------------------------------------------------

let kept = null;

function capture(event) {
  if (event.detail.target?.id !== "plan") return;
  const input = document.activeElement?.closest?.(".cell-edit");
  const cell = input?.closest("[data-cell]");
  kept = {
    inside: grid()?.contains(document.activeElement),
    index: rowsOf().findIndex((row) => row.dataset.row === here?.row),
    editing: cell && { row: here.row, cell: cell.dataset.cell, value: input.value, was: input.dataset.was },
    caret: input?.selectionStart,
    chosen: [...document.querySelectorAll("input[name=row]:checked")].map((box) => box.value),
    left: document.querySelector(".plan > .gantt")?.scrollLeft,
    typed: draft && draft.row.querySelector("input").value,
  };
  swapping = true;
}

function restore() {
  if (!kept) return;
  const { inside, index, editing, caret, chosen, left, typed } = kept;
  kept = null;
  swapping = false;
  dress();
  for (const id of chosen) {
    const box = rowById(id)?.querySelector("input[name=row]");
    if (box) box.checked = true;
  }
  const line = document.querySelector(".plan > .gantt");
  if (line && left) line.scrollLeft = left;
  document.dispatchEvent(new CustomEvent("plan:chosen"));
  for (const row of pending) grid().tBodies[0].append(row.row);
  if (draft) begin(draft.after, draft.level, typed);
  else if (plan().hasAttribute("data-asks")) document.querySelector("#preview [data-focus]")?.focus();
  else if (editing && rowById(editing.row)) reopen(editing, caret);
  else if (inside) standAgain(index);
  drain();
}

function reopen({ row, cell: name, value, was }, caret) {
  const cell = rowById(row).querySelector(`[data-cell=${name}]`);
  if (!cell) return;
  open(cell, value);
  const input = cell.querySelector("input");
  input.value = value;
  input.dataset.was = was;
  if (input.type === "text") input.setSelectionRange(caret, caret);
}

function standAgain(index) {
  const rows = rowsOf();
  const row = rowById(plan().dataset.chosen) ?? rowById(here?.row) ?? rows[Math.min(index, rows.length - 1)];
  if (row) stand(row, here?.col ?? 1);
}

// --- keys ----------------------------------------------------------------------------------------

// One of several chosen rows takes the others along.
function shift(row, direction) {
  const chosen = [...document.querySelectorAll("[data-grid] input[name=row]:checked")].map((box) => box.value);
  const together = chosen.length > 1 && chosen.includes(row.dataset.row);
  change(row.dataset.row, "move", together ? { direction, row: chosen } : { direction });
}

const indent = (row, out) => shift(row, out ? "out" : "in");

function fold(row, wanted) {
  const link = row.querySelector("a.fold");
  if (!link || row.dataset.open === wanted) return false;
  link.click();
  return true;
}

function sideways(row, cell, by) {
  if (cell.dataset.cell === "name" && fold(row, by > 0 ? "true" : "false")) return;
  const cells = cellsOf(row);
  stand(row, Math.max(0, cells.indexOf(cell) + by));
}

const KEYS = {
  ArrowUp: (row, cell, col) => walk(row, -1, col),
  ArrowDown: (row, cell, col) => walk(row, 1, col),
  ArrowLeft: (row, cell) => sideways(row, cell, -1),
  ArrowRight: (row, cell) => sideways(row, cell, 1),
  PageUp: (row, cell, col) => walk(row, -10, col),
  PageDown: (row, cell, col) => walk(row, 10, col),
  Home: (row) => stand(row, 0),
  End: (row) => stand(row, 99),
  "Control+Home": (row, cell, col) => walk(row, -1e4, col),
  "Control+End": (row, cell, col) => walk(row, 1e4, col),
  "Alt+ArrowUp": (row) => shift(row, "up"),
  "Alt+ArrowDown": (row) => shift(row, "down"),
  Enter: (row) => beginAt(row),
  "Control+Enter": (row) => row.querySelector("a.t").click(),
  F2: (row, cell) => cell.dataset.cell && open(cell),
  Delete: (row) => remove(row),
  " ": (row) => row.querySelector("input[name=row]").click(),
  "Control+z": () => send({ url: () => grid().dataset.undo, values: () => ({}) }),
  "?": () => document.getElementById("plan-keys").showModal(),
};

function remove(row) {
  const many = document.querySelectorAll("input[name=row]:checked").length;
  if (many && row.querySelector("input[name=row]").checked) document.querySelector("#bulk [value=remove]").click();
  else change(row.dataset.row, "remove", {});
}

function nameOf(event) {
  const ctrl = event.ctrlKey || event.metaKey;
  return `${ctrl ? "Control+" : ""}${event.altKey ? "Alt+" : ""}${event.key}`;
}

function tab(event, row, cell) {
  if (leaving || cell.dataset.cell !== "name" || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  indent(row, event.shiftKey);
}

function pressed(event) {
  passing = event.key === "Tab" && !event.target.closest?.("[data-grid] tbody");
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && plan()?.hasAttribute("data-asks") && plan().contains(event.target)) {
    event.preventDefault();
    event.stopPropagation();
    return document.querySelector("#preview [data-leave]").click();
  }
  if (event.target.matches?.(".draft .cell-edit")) return typeInDraft(event);
  if (event.target.matches?.("[data-grid] .cell-edit")) return typeInCell(event);
  const cell = event.target.closest?.("[data-grid] tbody td, [data-grid] tbody th");
  if (!cell || event.target !== cell) return;
  inCell(event, cell.parentElement, cell);
}

function inCell(event, row, cell) {
  if (event.key === "Tab") return tab(event, row, cell);
  leaving = event.key === "Escape";
  if (leaving) say(grid().dataset.leaving);
  const name = nameOf(event);
  const act = KEYS[name];
  if (act) {
    event.preventDefault();
    act(row, cell, cellsOf(row).indexOf(cell));
  } else if (cell.dataset.cell && name.length === 1 && name !== "/") {
    event.preventDefault();
    open(cell, name);
  }
}

// --- the mouse, pasting, leaving a cell ----------------------------------------------------------

function clicked(event) {
  if (event.target.closest("[data-plan-keys]")) return document.getElementById("plan-keys").showModal();
  const adds = event.target.closest("[data-adds]");
  if (adds && grid() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    return beginAt(rowById(here?.row) ?? rowsOf().at(-1));
  }
  const cell = event.target.closest("[data-grid] tbody td, [data-grid] tbody th");
  const row = cell?.closest("tr[data-row]");
  if (!row || cell.matches(".o-sel, .editing") || event.target.closest("a, input")) return;
  stand(row, cellsOf(row).indexOf(cell));
}

function doubled(event) {
  const cell = event.target.closest("[data-grid] [data-cell]");
  if (cell && !cell.matches(".editing") && !event.target.closest("a, input")) open(cell);
}

function pasted(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const typing = event.target.matches?.(".cell-edit");
  const inGrid = grid()?.contains(event.target);
  if (!inGrid || !text.trim() || (typing && !/[\t\n]./.test(text.trim()))) return;
  if (typing && !event.target.closest(".draft")) return;
  event.preventDefault();
  const after = draft?.after ?? here?.row;
  drop();
  send({ url: () => grid().dataset.paste, values: () => ({ text, after }) });
}

// Going elsewhere keeps what was typed.
function left(event) {
  if (swapping || !event.target.isConnected || !event.target.matches?.(".cell-edit")) return;
  if (event.target.dataset.was !== undefined) return close(event.target, true);
  if (!draft?.row.contains(event.target)) return;
  if (event.target.value.trim()) keepDraft(false);
  else drop();
}

document.addEventListener("keydown", pressed, true);
document.addEventListener("click", clicked);
document.addEventListener("dblclick", doubled);
document.addEventListener("paste", pasted);
document.addEventListener("focusout", left);
document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-grid] tbody [tabindex]");
  if (cell === event.target && cell.closest("tr[data-row]")) {
    here = { row: cell.parentElement.dataset.row, col: cellsOf(cell.parentElement).indexOf(cell) };
    // Whoever only passes through is not caught here.
    leaving ||= passing;
  } else leaving = false;
  passing = false;
});
document.addEventListener("htmx:beforeSwap", capture);
document.addEventListener("htmx:afterSwap", restore);
document.addEventListener("plan:send", (event) => send(event.detail));
document.addEventListener("plan:stand", ({ detail }) => rowById(detail) && stand(rowById(detail), nameAt(rowById(detail))));
document.addEventListener("toasts", () => {
  // One change, one word about it: the last is the one that can be taken back.
  for (const old of document.querySelectorAll("#toasts > .toast-one")) old.remove();
}, true);
dress();
