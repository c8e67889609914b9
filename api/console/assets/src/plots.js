// Plots of `ui.plot`: the canvas says what it shows in `data-plot`, the table below it says the same in numbers.
import {
  BarController, BarElement, CategoryScale, Chart, Filler, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip,
} from "chart.js";

Chart.register(
  BarController, BarElement, CategoryScale, Filler, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip,
);

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4]];

function colour(tone) {
  const probe = document.createElement("span");
  probe.className = `tone-${tone}`;
  probe.hidden = false;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function draw(canvas) {
  const told = JSON.parse(canvas.dataset.plot);
  const soft = colour("soft");
  const line = colour("line");
  canvas.parentElement.style.height = `${canvas.parentElement.dataset.height}px`;
  const area = told.kind === "area";
  const datasets = told.series.map((one, at) => {
    const shade = colour(one.tone ?? "accent");
    return {
      label: one.label, data: one.values, borderColor: shade, borderWidth: 2, maxBarThickness: 64,
      backgroundColor: told.kind === "line" ? "transparent" : shade.replace("rgb(", "rgba(").replace(")", ", 0.75)"),
      borderDash: told.kind === "line" ? DASHES[at % DASHES.length] : [], fill: area && (at ? "-1" : "origin"), pointRadius: told.labels.length > 60 ? 0 : 2,
      tension: 0.2, spanGaps: false,
    };
  });
  Chart.getChart(canvas)?.destroy();
  new Chart(canvas, {
    type: told.kind === "bar" ? "bar" : "line",
    data: { labels: told.labels, datasets },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { display: told.series.length > 1, position: "bottom", labels: { color: soft, boxWidth: 14 } } },
      scales: {
        x: { stacked: told.stacked, ticks: { color: soft, maxRotation: 0, autoSkipPadding: 16 }, grid: { display: false }, border: { color: line } },
        y: { stacked: told.stacked, beginAtZero: true, ticks: { color: soft, precision: 0 }, grid: { color: line }, border: { display: false } },
      },
    },
  });
}

function drawAll() {
  for (const canvas of document.querySelectorAll("canvas[data-plot]")) draw(canvas);
}

drawAll();
document.addEventListener("htmx:after:swap", drawAll);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
