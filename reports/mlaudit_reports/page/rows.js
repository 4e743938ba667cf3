// One result: a line that opens to what it asks, what was seen and what was not.
let texts = {};

const guidance = (address) =>
  address.startsWith("https://")
    ? el("a", { href: address, rel: "noreferrer noopener" }, address)
    : address;

const asked = (row) => {
  const done = row.status === "pass" || row.status === "not_applicable";
  const told = Object.entries(texts[row.id] || {})
    .filter(([name]) => !(done && name === "Next step"))
    .map(([name, text]) => [name, name === "Guidance" ? guidance(text) : text]);
  return told.length ? terms("texts", told) : null;
};

const declared = (row) => {
  const told = [
    ["Attested", row.attested],
    ["Exception", row.exception],
  ].filter(([, says]) => says);
  return told.length ? terms("texts", told) : null;
};

const left = (count) => (count ? el("p", {}, `and ${count} more, in the JSON report.`) : null);

const evidence = (row) => [
  row.seen.length
    ? table(
        "What was seen",
        ["Fact", "Grade", "Last true", "Resource"],
        row.seen.map(([fact, grade, at, arn]) => [fact, grade, at || "no time known", code(arn)]),
      )
    : null,
  left(row.more[0]),
  row.gaps.length
    ? table(
        "What could not be seen",
        ["Read", "Region", "Code", "Why", "Concerns"],
        row.gaps.map(([read, region, error, why, what]) => [
          code(read),
          region,
          code(error),
          why,
          what ? code(what) : "the whole listing",
        ]),
      )
    : null,
  left(row.more[1]),
];

const rowOf = (row) => {
  const tags = [
    row.critical ? el("strong", { class: "critical" }, "critical") : null,
    row.excepted ? el("span", { class: "strength" }, row.excepted) : null,
  ].flatMap((each) => (each ? [" ", each] : []));
  const made = el(
    "details",
    { class: `item ${row.status}`, id: row.at, "data-status": row.status },
    el(
      "summary",
      {},
      badge(row.status, row.said),
      " ",
      el("span", { class: "id" }, row.id),
      " ",
      el("span", { class: "title" }, row.title, tags),
      " ",
      row.strength || row.money
        ? el("span", { class: "strength" }, row.money || row.strength)
        : null,
      " ",
      el("span", { class: "says" }, row.summary),
    ),
  );
  made.row = row;
  made.text = textOf(row);
  made.fill = () => {
    if (made.childElementCount > 1) return;
    made.append(
      el(
        "div",
        { class: "body" },
        asked(row),
        declared(row),
        evidence(row),
        el("p", { class: "link" }, link(row.at, "Link to this item")),
      ),
    );
  };
  made.addEventListener("toggle", () => {
    if (made.open) made.fill();
  });
  return made;
};

const uncheckedOf = (rows) =>
  el(
    "details",
    { class: "unchecked" },
    el(
      "summary",
      {},
      badge(rows[0].status),
      " ",
      el("span", { class: "title" }, `${rows.length} items have no check yet`),
      " ",
      el(
        "span",
        { class: "says" },
        "They count as not complete, and say nothing about the workload.",
      ),
    ),
    el(
      "ul",
      {},
      rows.map((row) => {
        const made = el(
          "li",
          { class: "item", id: row.at, "data-status": row.status },
          el("span", { class: "id" }, row.id),
          ` ${row.title}`,
        );
        made.row = row;
        made.text = textOf(row);
        return made;
      }),
    ),
  );
