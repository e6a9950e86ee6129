// A network larger than its window opens where the longest way begins, or at the step asked about.

function toStart() {
  const area = document.querySelector(".net-window");
  const circles = [...(area?.querySelectorAll("circle.n-crit") ?? [])];
  const at = (circle) => circle.cx.baseVal.value;
  const first = area?.querySelector("circle.is-chosen") ?? circles.sort((a, b) => at(a) - at(b))[0];
  if (!first) return;
  const place = first.getBoundingClientRect();
  const window = area.getBoundingClientRect();
  area.scrollLeft += place.left - window.left - window.width / 4;
  area.scrollTop += place.top - window.top - window.height / 2;
}

toStart();
