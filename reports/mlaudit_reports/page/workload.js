// All of one workload.
const itemLink = (detail, id, ...says) => link(`${detail.at}/${encodeURIComponent(id)}`, ...says);

const calloutOf = (title, lines) =>
  lines.length
    ? el(
        "div",
        { class: "callout" },
        el("h3", {}, title),
        el(
          "ul",
          {},
          lines.map((each) => el("li", {}, each)),
        ),
      )
    : null;

const gateOf = (detail, gate) => {
  const [complete, needed, applicable, unknown] = gate.counts;
  const whole = Math.max(applicable, 1);
  const rect = (name, x, width) => svg("rect", { class: name, x, y: 4, width, height: 6 });
  const floor = [
    ...gate.failed.map((id) => ["fail", id]),
    ...gate.unknown.map((id) => ["not_assessed", id]),
  ];
  return el(
    "details",
    { class: "gate", open: gate.target === "streaming" },
    el(
      "summary",
      {},
      el("h3", {}, `${gate.target[0]?.toUpperCase() ?? ""}${gate.target.slice(1)} gate`),
      " ",
      outcome(gate.outcome),
    ),
    svg(
      "svg",
      {
        class: "meter",
        viewBox: `0 0 ${whole} 14`,
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      rect("track", 0, whole),
      rect("pass", 0, complete),
      rect("not_assessed", complete, unknown),
      svg("path", { class: "needed", d: `M${needed},0V14` }),
    ),
    el(
      "dl",
      { class: "sum" },
      [
        ["Complete", complete],
        ["Needed", needed],
        ["Applicable", applicable],
        ["Not assessed", unknown],
      ].map(([term, says]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(says)))),
    ),
    el(
      "ul",
      { class: "reasons" },
      gate.reasons.map((each) => el("li", {}, each)),
    ),
    floor.length
      ? el(
          "p",
          { class: "floor" },
          "Floor items to look at:",
          floor.map(([status, id]) => [
            " ",
            el(
              "a",
              { class: status, href: `#${detail.at}/${encodeURIComponent(id)}` },
              `${words.status[status][0]} ${id}`,
            ),
          ]),
        )
      : null,
  );
};

const stepsOf = (detail) => {
  if (!detail.steps.length) return null;
  const titles = new Map(detail.items.map((row) => [row.id, row]));
  return el(
    "details",
    { class: "steps", open: true },
    el(
      "summary",
      {},
      el("h3", {}, "What stands between it and streaming"),
      ` ${detail.steps.length} items: what nothing makes up for, then the least effort first`,
    ),
    el(
      "ol",
      {},
      detail.steps.map(([id, effort, required, does]) =>
        el(
          "li",
          {},
          badge(titles.get(id).status),
          " ",
          itemLink(detail, id, `${id} ${titles.get(id).title}`),
          " ",
          el("span", { class: "strength" }, required ? `required, ${effort}` : effort),
          does ? el("span", { class: "does" }, does) : null,
        ),
      ),
    ),
  );
};

const candidatesOf = (detail) =>
  detail.candidates.length
    ? el(
        "details",
        { class: "candidates" },
        el(
          "summary",
          {},
          el("h3", {}, "Versions that may be promoted"),
          ` ${detail.candidates.length}, with what is asked of each alone`,
        ),
        detail.candidates.map((each) => [
          el("h4", {}, each.name),
          el(
            "p",
            { class: "sub" },
            code(each.arn),
            `, made ${each.created}`,
            each.serves.length ? `, serves on ${each.serves.join(", ")}` : ", serves nowhere",
          ),
          table(
            `What is asked of ${each.name}`,
            ["Asked", "Item", "Status", "What was seen"],
            each.asked.map(([need, item, status, says]) => [
              need,
              itemLink(detail, item, item),
              badge(status),
              says,
            ]),
          ),
        ]),
      )
    : null;

const sectionsOf = (detail) => {
  const numbers = detail.sections.map((each) => each[0]);
  const found = numbers.map(
    (number) =>
      new Map(
        STATUSES.map((status) => [
          status,
          detail.items.filter((row) => row.section === number && row.status === status).length,
        ]),
      ),
  );
  const host = el("div", {
    class: "canvas chart",
    role: "img",
    "aria-label": tellBars(numbers.map(String), found),
  });
  const made = el(
    "div",
    {},
    el("h3", {}, "Sections"),
    host,
    el(
      "ol",
      { class: "sections" },
      detail.sections.map(([number, title, complete, applicable]) =>
        el(
          "li",
          {},
          el("span", {}, `${number}. ${title}`),
          " ",
          el("span", { class: "fraction" }, `${complete}/${applicable}`),
        ),
      ),
    ),
  );
  made.draw = () => {
    if (host.clientWidth)
      chart(host, () =>
        bars(
          numbers.map((number) => `${number}.`),
          found,
        ),
      );
  };
  return made;
};

const groupOf = (title, rows, ...lead) =>
  rows.length ? el("div", { class: "group" }, el("h4", {}, title), ...lead, rows.map(rowOf)) : null;

const itemsOf = (detail) => {
  const numbers = [
    ...new Set([...sectionTitles.keys(), ...detail.items.map((row) => row.section)]),
  ];
  const unchecked = detail.items.filter((row) => row.unchecked);
  const practices = new Map(index.groups.map((each) => [each.id, each]));
  return [
    el("h3", {}, "Items"),
    numbers.map((number) =>
      groupOf(
        `${number}. ${sectionTitles.get(number) || `Section ${number}`}`,
        detail.items.filter((row) => row.section === number && !row.unchecked),
      ),
    ),
    unchecked.length ? uncheckedOf(unchecked) : null,
    groupOf(
      "Beyond the checklist",
      detail.more.filter((row) => !row.group),
    ),
    [...practices.values()].map((each) =>
      groupOf(
        `Practices: ${each.title}`,
        detail.more.filter((row) => row.group === each.id),
        el("p", { class: "sub" }, `Asked for by ${each.source}.`),
      ),
    ),
  ];
};

const panelOf = (detail) => {
  const critical = detail.items.filter((row) => row.critical);
  const sections = sectionsOf(detail);
  const lineage = lineageOf(detail);
  const heading = el("h2", { tabindex: "-1" }, detail.name);
  const made = el(
    "section",
    { class: "panel workload", id: detail.at, "aria-label": `Workload ${detail.name}` },
    el(
      "div",
      { class: "top" },
      heading,
      button("Close", () => close(made), { "aria-label": `Close ${detail.name}` }),
    ),
    el("p", { class: "sub" }, detail.sub),
    calloutOf(
      "Needs attention first",
      critical.map((row) => [
        itemLink(detail, row.id, `${row.id} ${row.title}`),
        `: ${row.summary}`,
      ]),
    ),
    calloutOf("Warnings: used, and retired by AWS", detail.warnings),
    el(
      "div",
      { class: "cards" },
      detail.scores.map(([name, complete, applicable, percent, says]) =>
        el(
          "div",
          { class: "card" },
          el("h3", {}, name),
          el("p", { class: "big" }, percent.toFixed(1), el("small", {}, " %")),
          bar(percent),
          el("p", {}, `${complete} of ${applicable} complete, ${says}`),
        ),
      ),
    ),
    el(
      "div",
      { class: "columns" },
      el(
        "div",
        { class: "gates" },
        detail.gates.map((gate) => gateOf(detail, gate)),
      ),
      sections,
    ),
    detail.levels.length ? [el("h3", {}, "Levels"), terms("method", detail.levels)] : null,
    stepsOf(detail),
    candidatesOf(detail),
    lineage,
    el(
      "details",
      { class: "members" },
      el("summary", {}, `${detail.members.length} members`),
      el(
        "ul",
        { class: "arns" },
        detail.members.map((arn) => el("li", {}, code(arn))),
      ),
    ),
    itemsOf(detail),
  );
  made.heading = heading;
  made.draw = () => {
    sections.draw();
    lineage?.draw();
  };
  return made;
};

const opened = document.getElementById("/opened");
const close = (panel) => {
  panel.remove();
  document.getElementById("/workloads").scrollIntoView();
  tell();
};
const panelFor = (anchor) => [...opened.children].find((each) => each.id === anchor);
const open = async (workload) => {
  const there = panelFor(workload.at);
  if (there) return there;
  const detail = await detailOf(workload);
  if (panelFor(workload.at)) return panelFor(workload.at);
  const panel = panelOf(detail);
  opened.prepend(panel);
  panel.draw();
  filterRows(panel);
  return panel;
};
