// Comforts on top of pages that work without them.
(function () {
  const root = document.documentElement;

  // The theme changes at once; the cookie tells the server for the next page.
  function toggleTheme(event) {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    event.preventDefault();
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${next};path=/;max-age=31536000;samesite=lax${secure}`;
    button.setAttribute("aria-label", next === "dark" ? "Light theme" : "Dark theme");
    document.dispatchEvent(new CustomEvent("theme:changed"));
  }

  function dismiss(event) {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".toast-one").remove();
  }

  function showToast(text, isError) {
    const toast = document.createElement("div");
    toast.className = "toast-one" + (isError ? " is-error" : "");
    toast.setAttribute("role", isError ? "alert" : "status");
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.dismiss = "";
    close.textContent = "Close";
    toast.append(words, close);
    document.getElementById("toasts").append(toast);
  }

  // A figure's table: shown and hidden by one button, remembered by nobody.
  function toggleTable(event) {
    const button = event.target.closest("[data-table]");
    if (!button) return;
    const table = document.getElementById(button.dataset.table);
    table.hidden = !table.hidden;
    button.setAttribute("aria-expanded", String(!table.hidden));
  }

  function closeOnEscape(event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
      return;
    }
    const toast = document.querySelector(".toast-one:last-child");
    if (toast) toast.remove();
  }

  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  function dress(within) {
    for (const button of within.querySelectorAll("[data-dismiss]")) button.hidden = false;
    for (const button of within.querySelectorAll("[data-table]")) {
      button.hidden = false;
      document.getElementById(button.dataset.table).hidden = button.getAttribute("aria-expanded") !== "true";
    }
    for (const field of within.querySelectorAll("[data-submits]")) {
      field.addEventListener("change", () => field.form.requestSubmit());
    }
    for (const splitter of within.querySelectorAll("[role=separator][data-split]")) split(splitter);
  }

  function split(splitter) {
    const box = splitter.parentElement;
    const set = function (percent) {
      const held = Math.min(75, Math.max(30, Math.round(percent)));
      box.style.setProperty("--split", held + "%");
      splitter.setAttribute("aria-valuenow", held);
    };
    splitter.addEventListener("keydown", function (event) {
      const now = Number(splitter.getAttribute("aria-valuenow"));
      const to = { ArrowLeft: now - 3, ArrowRight: now + 3, Home: 30, End: 75 }[event.key];
      if (to === undefined) return;
      set(to);
      event.preventDefault();
    });
    splitter.addEventListener("pointerdown", (event) => splitter.setPointerCapture(event.pointerId));
    splitter.addEventListener("pointermove", function (event) {
      if (!splitter.hasPointerCapture(event.pointerId)) return;
      const area = box.getBoundingClientRect();
      set(((event.clientX - area.left) / area.width) * 100);
    });
  }

  // After a swap the focus stays where it was, and the change is said once.
  let focused = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    const active = document.activeElement;
    focused = active && event.detail.target.contains(active) ? active.id : null;
    event.detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    event.detail.target.removeAttribute("aria-busy");
    dress(event.detail.target);
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
    const said = event.detail.target.querySelector("[data-say]");
    if (said) document.getElementById("live").textContent = said.dataset.say;
  });
  document.addEventListener("htmx:responseError", () => showToast("That did not work. Reload the page and try again.", true));
  document.addEventListener("htmx:sendError", () => showToast("The server cannot be reached. What you see may be old.", true));

  document.addEventListener("click", toggleTheme);
  document.addEventListener("click", dismiss);
  document.addEventListener("click", toggleTable);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeOnEscape);
  document.addEventListener("DOMContentLoaded", function () {
    dress(document);
    const error = document.querySelector("[data-focus]");
    if (error) error.focus();
  });
})();
