// A long time line opens where the work is: with today a third of the way in.

function toToday() {
  const area = document.querySelector(".plan > .gantt");
  const line = area?.querySelector("path.l-target");
  if (!line || area.scrollLeft) return;
  area.scrollLeft = parseFloat(line.getAttribute("d").slice(1)) - area.clientWidth / 3;
}

document.addEventListener("htmx:afterSettle", toToday);
toToday();
