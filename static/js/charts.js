/* Draws <canvas data-chart-table="id"> from the table of that id: first column names, every further column a series.
   `data-chart-type` is bar or line, `data-chart-stacked` piles the series up. The page loads chart.umd.min.js first. */
(() => {
  "use strict";

  const SERIES = ["#0e8a80", "#4c7fd9", "#d98a1f", "#c2476b", "#7a5cc0", "#5d8a2d", "#6b7785", "#2a9db5"];
  const numberOf = (cell) => Number(cell.dataset.value ?? cell.textContent.replace(/[^\d.-]/g, ""));
  const textColour = () => getComputedStyle(document.body).color;

  function seriesOf(table) {
    const [, ...names] = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      datasets: names.map((label, column) => ({
        label,
        data: rows.map((row) => numberOf(row.cells[column + 1])),
        backgroundColor: SERIES[column % SERIES.length],
        borderColor: SERIES[column % SERIES.length],
      })),
    };
  }

  function optionsOf(canvas) {
    const stacked = "chartStacked" in canvas.dataset;
    const ticks = { color: textColour() };
    const grid = { color: "rgba(128, 128, 128, 0.25)" };
    return {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: { stacked, ticks, grid }, y: { stacked, grid, ticks: { ...ticks, precision: 0 }, beginAtZero: true } },
      plugins: { legend: { labels: ticks } },
    };
  }

  function draw(canvas) {
    const table = document.getElementById(canvas.dataset.chartTable);
    if (!table) return;
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, { type: canvas.dataset.chartType || "bar", data: seriesOf(table), options: optionsOf(canvas) });
  }

  const drawAll = () => document.querySelectorAll("canvas[data-chart-table]").forEach(draw);
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
