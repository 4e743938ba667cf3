// What belongs to the account: the platform, what is beyond the checklist, and practices.
const BATCH = 50;
const WIDE = 12;

const beyondLine = ([at, id, title, status, where, summary, money]) => [
  badge(status),
  link(at, `${id} ${title}`),
  where,
  summary,
  money,
];
const listOf = (caption, lines) => {
  const made = table(
    caption,
    ["Status", "Entry", "Where", "Conclusion", "Paid for nothing"],
    lines.slice(0, BATCH).map(beyondLine),
    "findings",
  );
  if (lines.length <= BATCH) return made;
  let at = BATCH;
  const more = button(
    "",
    () => {
      made
        .querySelector("tbody")
        .append(
          ...lines.slice(at, at + BATCH).map((line) => el("tr", {}, cells("td", beyondLine(line)))),
        );
      at += BATCH;
      name();
    },
    { class: "more" },
  );
  const name = () => {
    more.hidden = at >= lines.length;
    more.textContent = `Show ${Math.min(BATCH, lines.length - at)} more of ${lines.length}`;
  };
  name();
  return el("div", {}, made, more);
};

const showBeyond = (data) => {
  document.getElementById("/beyond/list").replaceChildren(
    ...[
      data.found.length
        ? listOf("Found, and not assessed", data.found)
        : el("p", {}, "Nothing was found."),
      data.fine.length
        ? el(
            "details",
            { class: "members" },
            el("summary", {}, `Fine or not applicable: ${data.fine.length}`),
            listOf("Fine or not applicable", data.fine),
          )
        : null,
      data.unchecked.length
        ? el(
            "details",
            { class: "members" },
            el("summary", {}, `${data.unchecked.length} have no check yet`),
            el(
              "ul",
              {},
              data.unchecked.map((each) => el("li", {}, each)),
            ),
          )
        : null,
    ].filter(Boolean),
  );
};

const nameOf = (each) => (index.several ? `${each.name} (${each.region})` : each.name);
const practiceCell = (each, id, at) => {
  const status = words.letters[each.more[at]];
  return status
    ? link(`${each.at}/${encodeURIComponent(id)}`, badge(status, words.fact[status]))
    : "";
};
const practiceCounts = (at) => {
  const found = counts(workloads.map((each) => each.more[at] ?? "-"));
  return STATUSES.map((status) => String(found.get(status)));
};

const showPractices = () => {
  const at = new Map(index.extended.map(([id], place) => [id, place]));
  const few = workloads.length <= WIDE;
  const heads = few ? workloads.map(nameOf) : STATUSES.map((status) => words.fact[status]);
  document.getElementById("/practices/list").replaceChildren(
    ...index.groups.map((group) =>
      el(
        "div",
        { class: "group" },
        el("h3", {}, group.title),
        el("p", {}, `Asked for by ${group.source}.`),
        table(
          group.title,
          ["Id", "Practice", ...heads],
          group.practices.map(([id, title]) => [
            id,
            title,
            ...(few
              ? workloads.map((each) => practiceCell(each, id, at.get(id)))
              : practiceCounts(at.get(id))),
          ]),
          "practices",
        ),
      ),
    ),
  );
};

const showPlatform = (regions) => {
  const host = document.getElementById("/regions");
  host.replaceChildren(
    ...regions.map((region) =>
      el(
        "div",
        { class: "region-of" },
        el("h3", {}, region.name),
        groupOf("Items", region.items),
        groupOf("Beyond the checklist", region.more),
      ),
    ),
  );
  filterRows(host);
};
