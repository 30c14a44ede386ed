// A chart is drawn from the table below it, so that the two can never differ; without JavaScript the table stands alone.
// <figure data-chart="bar|line|stack"> with <div data-chart-canvas> and a <table>: first column names, the others series.
const PALETTE = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5"];
const DASHES = ["solid", "dashed", "dotted"];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function read(table) {
  const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.children]);
  return {
    names: rows.map((row) => row[0].textContent.trim()),
    series: titles.slice(1).map((title, index) => ({
      name: title,
      values: rows.map((row) => Number(row[index + 1].dataset.value ?? row[index + 1].textContent.replace(/[^\d.-]/g, ""))),
    })),
  };
}

function options(kind, data) {
  const ink = colour("--ink");
  const quiet = colour("--ink-quiet");
  const font = getComputedStyle(document.body).fontFamily;
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.875;
  const axis = { axisLabel: { color: quiet, fontSize: size }, axisLine: { lineStyle: { color: colour("--edge-strong") } }, splitLine: { lineStyle: { color: colour("--edge") } } };
  return {
    animation: false,
    aria: { enabled: true, decal: { show: kind !== "line" && data.series.length > 1 } },
    color: PALETTE.map(colour),
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    // text drawn on the canvas: the tooltip in HTML would need inline style, which the security policy forbids
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--surface"), borderColor: colour("--edge-strong"), textStyle: { color: ink, fontSize: size } },
    xAxis: { type: "category", data: data.names, ...axis, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, interval: 0, hideOverlap: true } },
    yAxis: { type: "value", ...axis },
    series: data.series.map((one, index) => ({
      name: one.name,
      data: one.values,
      type: kind === "line" ? "line" : "bar",
      stack: kind === "stack" ? "all" : undefined,
      barMaxWidth: 48,
      lineStyle: { type: DASHES[index % DASHES.length], width: 2.5 },
      symbolSize: 7,
    })),
  };
}

// Which colour is which series: in HTML, the small build of the chart library has no legend. The words are drawn by the style sheet from
// an attribute: the table below says them as text, once for everybody, with and without JavaScript.
function legend(canvas, series) {
  if (series.length < 2) return;
  const list = document.createElement("ul");
  list.className = "chart__legend";
  list.setAttribute("aria-hidden", "true");
  series.forEach((one, index) => {
    const entry = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = `chart__swatch chart__swatch--${(index % PALETTE.length) + 1}`;
    entry.append(swatch);
    entry.dataset.name = one.name;
    list.append(entry);
  });
  canvas.before(list);
}

function draw(figure, echarts) {
  const canvas = figure.querySelector("[data-chart-canvas]");
  const table = figure.querySelector("table");
  legend(canvas, read(table).series);
  canvas.classList.add("chart__canvas--drawn"); // measured while still empty: without its height nothing would be seen
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  const paint = () => chart.setOption(options(figure.dataset.chart, read(table)), true);
  paint();
  window.addEventListener("resize", () => chart.resize());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-care"] });
}

export function charts(root) {
  const figures = root.querySelectorAll("[data-chart]");
  if (!figures.length) return;
  const start = () => figures.forEach((figure) => draw(figure, window.echarts));
  if (window.echarts) start();
  else document.querySelector("script[data-echarts]")?.addEventListener("load", start);
}
