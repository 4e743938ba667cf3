// Elements are made of names and texts; nothing is ever read as markup.
const SVG = "http://www.w3.org/2000/svg";

const put = (made, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(
    ...children
      .flat(2)
      .filter((each) => each !== null && each !== undefined && each !== false && each !== ""),
  );
  return made;
};
const el = (name, attributes = {}, ...children) =>
  put(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  put(document.createElementNS(SVG, name), attributes, children);

const stored = (id) => document.getElementById(id)?.textContent ?? "";
const index = JSON.parse(stored("/data/index"));
const words = index.words;
const STATUSES = Object.keys(words.status);

const unpack = async (text) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
};

// Every text in a piece of data, in lower case, to search in.
const textOf = (data) => {
  const found = [];
  const walk = (each) => {
    if (typeof each === "string") found.push(each);
    else if (each && typeof each === "object") Object.values(each).forEach(walk);
  };
  walk(data);
  return found.join("\n").toLowerCase();
};

const workloads = index.workloads.map((each, number) => {
  const [at, name, region, scores, level, outcome, items, sections, more, trend] = each;
  return { number, at, name, region, scores, level, outcome, items, sections, more, trend };
});
const byAnchor = new Map(workloads.map((each) => [each.at, each]));
const packedDetails = document.getElementsByClassName("detail");
const details = new Map();
const detailOf = (workload) => {
  if (!details.has(workload.number)) {
    details.set(workload.number, unpack(packedDetails[workload.number].textContent));
  }
  return details.get(workload.number);
};

const badge = (status, says) => {
  const [symbol, word] = words.status[status];
  return el(
    "span",
    { class: `badge ${status}` },
    el("span", { "aria-hidden": "true" }, symbol),
    ` ${says || word}`,
  );
};
const outcome = (value) =>
  value ? el("span", { class: `outcome ${value}` }, words.outcome[value]) : "not judged";

const bar = (percent) =>
  svg(
    "svg",
    { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 6 }),
    svg("rect", { class: "pass", width: Math.min(percent, 100), height: 6 }),
  );

const counts = (letters) => {
  const found = new Map(STATUSES.map((each) => [each, 0]));
  for (const letter of letters) {
    const status = words.letters[letter];
    if (status) found.set(status, found.get(status) + 1);
  }
  return found;
};

const stack = (letters) => {
  const found = [...counts(letters)].filter(([, count]) => count);
  const told = found.map(([status, count]) => `${count} ${words.status[status][1]}`).join(", ");
  let at = 0;
  const parts = found.map(([status, count]) => {
    const part = svg("rect", { class: status, x: at, width: count, height: 6 });
    at += count;
    return part;
  });
  return svg(
    "svg",
    {
      class: "stack",
      viewBox: `0 0 ${Math.max(at, 1)} 6`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": told || "nothing judged",
    },
    parts,
  );
};

const cells = (tag, each) =>
  each.map((cell) => el(tag, tag === "th" ? { scope: "col" } : {}, cell));
const table = (caption, heads, lines, name = null) =>
  el(
    "div",
    { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    el(
      "table",
      { class: name },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, cells("th", heads))),
      el(
        "tbody",
        {},
        lines.map((line) => el("tr", {}, cells("td", line))),
      ),
    ),
  );
const code = (text) => el("code", {}, text);
const link = (address, ...says) => el("a", { href: `#${address}` }, ...says);
const button = (says, does, more = {}) => {
  const made = el("button", { type: "button", ...more }, says);
  made.addEventListener("click", does);
  return made;
};
const terms = (name, pairs) =>
  el(
    "dl",
    { class: name },
    pairs.map(([term, says]) => [el("dt", {}, term), el("dd", {}, says)]),
  );
