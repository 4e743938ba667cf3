// Bars by Apache ECharts. Their numbers stand beside them in words.
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Set();

const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const COLOURS = {
  pass: "pass",
  partial: "partial",
  fail: "fail",
  not_applicable: "track",
  not_assessed: "unseen",
};

const bars = (labels, byStatus) => ({
  animation: false,
  grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
  xAxis: {
    type: "value",
    minInterval: 1,
    axisLabel: { color: colour("muted") },
    splitLine: { lineStyle: { color: colour("line") } },
  },
  yAxis: {
    type: "category",
    inverse: true,
    data: labels,
    axisLabel: { color: colour("text"), interval: 0 },
    axisLine: { lineStyle: { color: colour("line") } },
    axisTick: { show: false },
  },
  series: STATUSES.map((status) => ({
    type: "bar",
    stack: "items",
    name: words.status[status][1],
    data: byStatus.map((each) => each.get(status)),
    itemStyle: { color: colour(COLOURS[status]), opacity: status === "not_assessed" ? 0.5 : 1 },
    barMaxWidth: 18,
  })),
});

// A chart in an element that is in the page already; it follows the width and the colour scheme.
const chart = (host, options) => {
  const made = echarts.init(host);
  const each = {
    host,
    redraw: () => {
      made.setOption(options());
      made.getZr().flush();
    },
  };
  each.redraw();
  new ResizeObserver(() => {
    if (host.isConnected) made.resize();
  }).observe(host);
  drawn.add(each);
  return each;
};

const redraw = () => {
  for (const each of drawn) {
    if (each.host.isConnected) each.redraw();
    else drawn.delete(each);
  }
};
dark.addEventListener("change", redraw);

const sectionTitles = new Map(index.sections);
const sectionLabel = (number) => {
  const title = sectionTitles.get(number) || "";
  const room = innerWidth < 640 ? 14 : 28;
  return `${number}. ${title.length > room ? `${title.slice(0, room)}…` : title}`;
};
const tellBars = (labels, byStatus) =>
  labels
    .map(
      (label, at) =>
        `${label}: ${
          [...byStatus[at]]
            .filter(([, n]) => n)
            .map(([status, n]) => `${n} ${words.status[status][1]}`)
            .join(", ") || "none"
        }`,
    )
    .join("; ");
