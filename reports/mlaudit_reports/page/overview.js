// The table of all workloads: filters, order and pages.
const PAGE = 50;
const tools = document.getElementById("/tools");
const field = (name) => tools.querySelector(`[name=${name}]`);
const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
const output = tools.querySelector("output");
const progress = document.getElementById("/progress");
const ORDERS = {
  name: (each) => each.name.toLowerCase(),
  region: (each) => each.region,
  strict: (each) => each.scores[0][2],
  gate: (each) => each.scores[1][2],
  evidence: (each) => each.scores[2][2],
  level: (each) => each.level,
  outcome: (each) => ["closed", "cannot_decide", "open"].indexOf(each.outcome),
  trend: (each) => each.trend[1],
};
const view = { page: 0, order: "name", down: false, listed: workloads };
const facts = { text: "", found: new Set(), texts: new Map() };

const wish = () => ({
  statuses: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
  section: field("section")?.value ?? "",
  item: field("item")?.value ?? "",
  outcome: field("outcome")?.value ?? "",
  text: (field("text")?.value ?? "").trim().toLowerCase(),
});
const asksAll = ({ statuses, section, item }) =>
  statuses.size === boxes.length && !section && !item;

const places = ({ section, item }) => {
  const each = index.items.map(([id, , number], at) =>
    (!section || String(number) === section) && (!item || id === item) ? at : -1,
  );
  return each.filter((at) => at >= 0);
};
const placesBeyond = ({ section, item }) =>
  section
    ? []
    : index.extended.map(([id], at) => (!item || id === item ? at : -1)).filter((at) => at >= 0);

const listed = (wanted) => {
  const all = asksAll(wanted);
  const here = places(wanted);
  const beyond = placesBeyond(wanted);
  const fits = (letters, at) => wanted.statuses.has(words.letters[letters[at]]);
  const called = ([id, title]) =>
    wanted.text && `${id} ${title}`.toLowerCase().includes(wanted.text);
  const named = here.filter((at) => called(index.items[at]));
  const namedBeyond = beyond.filter((at) => called(index.extended[at]));
  return workloads.filter((each) => {
    if (wanted.outcome && each.outcome !== wanted.outcome) return false;
    if (
      !all &&
      !here.some((at) => fits(each.items, at)) &&
      !beyond.some((at) => fits(each.more, at))
    )
      return false;
    return (
      !wanted.text ||
      `${each.name} ${each.region}`.toLowerCase().includes(wanted.text) ||
      facts.found.has(each.number) ||
      named.some((at) => fits(each.items, at)) ||
      namedBeyond.some((at) => fits(each.more, at))
    );
  });
};

const score = ([complete, applicable, percent]) => [
  el("strong", {}, `${percent.toFixed(1)} %`),
  el("span", { class: "fraction" }, `${complete}/${applicable}`),
];
const lineOf = (each) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, link(each.at, each.name)),
    index.several ? el("td", { class: "region" }, each.region) : null,
    each.scores.map((value) => el("td", { class: "number" }, score(value))),
    el("td", {}, each.level),
    el("td", {}, outcome(each.outcome)),
    index.compared ? el("td", {}, each.trend[0]) : null,
    el("td", {}, stack(each.items)),
  );
const heatOf = (each) =>
  el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      link(each.at, each.name),
      index.several ? el("span", { class: "fraction" }, each.region) : null,
    ),
    each.sections.map(([complete, applicable, percent]) =>
      el(
        "td",
        { class: `heat h${applicable ? Math.min(4, Math.floor(percent / 20)) : "x"}` },
        applicable ? `${complete}/${applicable}` : "none",
      ),
    ),
  );

const draw = () => {
  const order = ORDERS[view.order];
  const sign = view.down ? -1 : 1;
  const keyed = view.listed.map((each) => [order(each), each]);
  keyed.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0));
  const pages = Math.max(1, Math.ceil(keyed.length / PAGE));
  view.page = Math.min(view.page, pages - 1);
  const shown = keyed.slice(view.page * PAGE, (view.page + 1) * PAGE).map(([, each]) => each);
  document.getElementById("/rows").replaceChildren(...shown.map(lineOf));
  document.getElementById("/heat").replaceChildren(...shown.map(heatOf));
  const pager = document.getElementById("/pages");
  pager.hidden = pages === 1;
  pager.querySelector("span").textContent = `Page ${view.page + 1} of ${pages}`;
  const [before, after] = pager.querySelectorAll("button");
  before.disabled = view.page === 0;
  after.disabled = view.page === pages - 1;
};

const totals = () =>
  index.sections.map(([number]) => {
    const found = new Map(STATUSES.map((each) => [each, 0]));
    const here = index.items
      .map(([, , section], at) => (section === number ? at : -1))
      .filter((at) => at >= 0);
    for (const each of view.listed) {
      for (const at of here) {
        const status = words.letters[each.items[at]];
        if (status) found.set(status, found.get(status) + 1);
      }
    }
    return found;
  });

const tell = () => {
  const panels = [...opened.children];
  const rows = panels.flatMap((panel) => [...panel.querySelectorAll(".item")]);
  const items = rows.length
    ? `, ${rows.filter((row) => !row.hidden).length} of ${rows.length} results in what is open`
    : "";
  output.textContent = `${view.listed.length} of ${workloads.length} workloads${items}`;
};

const filterRows = (root) => {
  const wanted = wish();
  const own =
    wanted.text &&
    [...byAnchor.values()].some(
      (each) => each.at === root.id && each.name.toLowerCase().includes(wanted.text),
    );
  for (const item of root.querySelectorAll(".item")) {
    const { row } = item;
    const fits =
      wanted.statuses.has(row.status) &&
      (!wanted.section || String(row.section) === wanted.section) &&
      (!wanted.item || row.id === wanted.item);
    item.hidden = !fits || !(own || item.text.includes(wanted.text));
  }
  for (const group of root.querySelectorAll(".group, .unchecked")) {
    group.hidden = !group.querySelector(".item:not([hidden])");
    if (wanted.text && !group.hidden && group.matches(".unchecked")) group.open = true;
  }
  tell();
};

let overviewChart = null;
const redrawChart = () => {
  if (!overviewChart) return;
  overviewChart.redraw();
  overviewChart.host.setAttribute(
    "aria-label",
    tellBars(
      index.sections.map(([number, title]) => `${number}. ${title}`),
      totals(),
    ),
  );
};
const filter = () => {
  view.listed = listed(wish());
  draw();
  redrawChart();
  for (const each of document.querySelectorAll("#\\/opened > .panel, #\\/regions"))
    filterRows(each);
  tell();
};

// Facts are in the packed details: they are expanded piece by piece, and what is found shows at once.
// What every workload has, such as the titles of items, is no fact about one.
const KEEP = 500;
const fact = ({ id, title, status, strength, ...rest }) => rest;
const factText = ({ items, more, gates, sections, scores, steps, levels, ...rest }) =>
  textOf([rest, items.map(fact), more.map(fact)]);
const factsOf = async (workload) => {
  const known = facts.texts.get(workload.number);
  if (known !== undefined) return known;
  const text = factText(await unpack(packedDetails[workload.number].textContent));
  if (facts.texts.size < KEEP) facts.texts.set(workload.number, text);
  return text;
};
const searchFacts = async () => {
  const { text } = wish();
  if (text === facts.text) return;
  facts.text = text;
  facts.found = new Set();
  progress.textContent = "";
  if (text.length < 2) return;
  let told = performance.now();
  for (const each of workloads) {
    const found = (await factsOf(each)).includes(text);
    if (facts.text !== text) return;
    if (found) facts.found.add(each.number);
    if (performance.now() - told > 150) {
      progress.textContent = `Searched the facts of ${each.number + 1} of ${workloads.length} workloads`;
      filter();
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      told = performance.now();
    }
  }
  progress.textContent = `Searched all facts: ${facts.found.size} workloads have them`;
  filter();
};

const reset = () => {
  for (const box of boxes) box.checked = true;
  for (const name of ["text", "section", "item", "outcome"]) field(name).value = "";
  facts.found = new Set();
  facts.text = "";
  progress.textContent = "";
  filter();
};

const toggleAll = (opens) => {
  for (const item of document.querySelectorAll(
    "#\\/opened details.item:not([hidden]), #\\/regions details.item:not([hidden])",
  ))
    item.open = opens;
};

const choices = (name, pairs) =>
  field(name).append(...pairs.map(([value, says]) => el("option", { value }, says)));

const startOverview = () => {
  if (!workloads.length) return;
  choices(
    "section",
    index.sections.map(([number, title]) => [number, `${number}. ${title}`]),
  );
  choices(
    "item",
    index.items.concat(index.extended).map(([id, title]) => [id, `${id} ${title}`]),
  );
  choices("outcome", Object.entries(words.outcome));
  let waiting = 0;
  tools.addEventListener("input", () => {
    view.page = 0;
    facts.found = facts.text === wish().text ? facts.found : new Set();
    filter();
    clearTimeout(waiting);
    waiting = setTimeout(searchFacts, 250);
  });
  const does = {
    expand: () => toggleAll(true),
    collapse: () => toggleAll(false),
    reset,
    before: () => {
      view.page -= 1;
      draw();
    },
    after: () => {
      view.page += 1;
      draw();
    },
  };
  document.addEventListener("click", (event) => {
    does[event.target.dataset?.does]?.();
  });
  for (const head of document.querySelectorAll("[data-order]")) {
    head.addEventListener("click", () => {
      const { order } = head.dataset;
      view.down = view.order === order ? !view.down : !["name", "region", "level"].includes(order);
      view.order = order;
      for (const each of document.querySelectorAll("[data-order]")) {
        each
          .closest("th")
          .setAttribute(
            "aria-sort",
            each === head ? (view.down ? "descending" : "ascending") : "none",
          );
      }
      draw();
    });
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    field("text").focus();
  });
  tools.hidden = false;
  filter();
  const host = document.getElementById("/chart");
  if (!host?.clientWidth) return;
  overviewChart = chart(host, () =>
    bars(
      index.sections.map(([number]) => sectionLabel(number)),
      totals(),
    ),
  );
  redrawChart();
};
