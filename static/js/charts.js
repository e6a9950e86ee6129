// Draws the figures of a page. A box names the template element that holds its JSON:
// <div class="drawn" data-figure="ID">, <template id="ID">.
// Figures carry light colours and, in layout.meta.roles, the token each colour stands for: on
// screen every colour becomes the present value of its token, on paper the light ones stay.
// Without this file, or when drawing fails, the words and the table beside the box remain.

const NARROW = 560;
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const RGBA = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/;

const specs = new Map();
const sizes = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));
let plotly;

function load(box) {
  plotly ??= window.Plotly
    ? Promise.resolve(window.Plotly)
    : new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = box.dataset.plotly;
        script.onload = () => resolve(window.Plotly);
        script.onerror = reject;
        document.head.append(script);
      });
  return plotly;
}

function tokens(box, roles) {
  const probe = document.createElement("span");
  box.parentElement.append(probe);
  const now = {};
  for (const [light, token] of Object.entries(roles)) {
    probe.style.color = `var(--${token})`;
    now[light] = getComputedStyle(probe).color;
  }
  probe.remove();
  return now;
}

function seeThrough(text, now) {
  const [, red, green, blue, opacity] = text.match(RGBA) ?? [];
  if (opacity === undefined) return text;
  const hex = [red, green, blue].map((part) => Number(part).toString(16).padStart(2, "0"));
  const colour = now[`#${hex.join("")}`];
  return colour ? colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`) : text;
}

function recolour(part, now) {
  if (typeof part === "string") return now[part] ?? seeThrough(part, now);
  if (Array.isArray(part)) return part.map((item) => recolour(item, now));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, recolour(item, now)]));
}

function fitted(box, spec, paper) {
  const { meta, ...ground } = spec.layout;
  const narrow = box.clientWidth < NARROW ? meta.narrow : {};
  const size = { width: box.clientWidth, height: box.clientHeight };
  const figure = { data: spec.data, layout: { ...ground, ...narrow, ...size } };
  return paper ? figure : recolour(figure, tokens(box, meta.roles));
}

async function draw(box, paper = false) {
  if (!specs.has(box) || !box.clientWidth) return;
  try {
    const library = await load(box);
    const { data, layout } = fitted(box, specs.get(box), paper);
    await library.react(box, data, layout, CONFIG);
    box.dataset.state = "drawn";
  } catch (error) {
    box.hidden = true;
    console.warn("This figure could not be drawn; its table holds the same values.", error);
  }
}

function drawAll(paper = false) {
  specs.forEach((_, box) => draw(box, paper));
}

function meet(box) {
  const source = document.getElementById(box.dataset.figure);
  if (!source || specs.has(box)) return;
  specs.set(box, JSON.parse(source.content.textContent));
  sizes.observe(box);
}

function forget(box) {
  sizes.unobserve(box);
  specs.delete(box);
  window.Plotly?.purge(box);
}

function look() {
  specs.forEach((_, box) => box.isConnected || forget(box));
  document.querySelectorAll("[data-figure]").forEach(meet);
}

function follow() {
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(() => drawAll()).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
  addEventListener("beforeprint", () => drawAll(true));
  addEventListener("afterprint", () => drawAll());
}

// Labels are measured while drawing, so the typeface has to be there first.
document.fonts.ready.then(() => {
  look();
  follow();
});
