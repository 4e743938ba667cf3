// The lineage of a workload, drawn by cytoscape and laid out by dagre.
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const lineageStyle = () => [
  {
    selector: "node",
    style: {
      shape: "round-rectangle",
      width: 190,
      height: 44,
      label: "data(label)",
      "text-wrap": "wrap",
      "text-valign": "center",
      "font-size": 12,
      "font-family": "system-ui, sans-serif",
      color: colour("text"),
      "background-color": colour("panel"),
      "border-width": 2,
      "border-color": "data(colour)",
    },
  },
  {
    selector: "edge",
    style: {
      width: 1.4,
      "line-color": colour("muted"),
      "target-arrow-color": colour("muted"),
      "target-arrow-shape": "triangle",
      "curve-style": "bezier",
      label: "data(label)",
      "font-size": 10.5,
      color: colour("muted"),
      "text-background-color": colour("sunk"),
      "text-background-opacity": 1,
      "text-background-padding": 2,
    },
  },
  {
    selector: ".wanted",
    style: { "border-style": "dashed", "line-style": "dashed", "background-opacity": 0 },
  },
  { selector: ".found", style: { "border-width": 5, "border-color": colour("focus") } },
  { selector: "node:selected", style: { "border-width": 5, "border-color": colour("focus") } },
];

const lineageElements = ({ nodes, edges }) => [
  ...nodes.map(([kind, label, , tone, state], at) => ({
    data: {
      id: String(at),
      serves: tone === "serving",
      label: `${short(state ? `${kind} ${state}` : kind, 26)}\n${short(label, 25)}`,
      place: at,
      colour: colour(
        state ? (state === "missing" ? "fail" : "unseen") : tone === "other" ? "muted" : tone,
      ),
    },
    classes: state ? "wanted" : "",
    pannable: true,
  })),
  ...edges.map(([source, target, relation, state]) => ({
    data: { source: String(source), target: String(target), label: short(relation, 28) },
    classes: state ? "wanted" : "",
  })),
];

const drawLineage = (host, lineage) => {
  const graph = cytoscape({
    container: host,
    elements: lineageElements(lineage),
    style: lineageStyle(),
    layout: {
      name: "dagre",
      rankDir: host.clientWidth > 700 ? "LR" : "TB",
      nodeSep: 18,
      rankSep: 90,
      animate: false,
      fit: true,
      padding: 16,
    },
    autoungrabify: true,
    boxSelectionEnabled: false,
    userZoomingEnabled: false,
    minZoom: 0.05,
    maxZoom: 3,
  });
  closer(graph);
  drawn.add({
    host,
    redraw: () => {
      graph.elements().remove();
      graph.add(lineageElements(lineage));
      graph.style(lineageStyle());
      graph
        .layout({
          name: "dagre",
          rankDir: host.clientWidth > 700 ? "LR" : "TB",
          animate: false,
          padding: 16,
        })
        .run();
    },
  });
  host.graph = graph;
  return graph;
};

// A large picture begins where it can be read: at what serves.
const READABLE = 0.6;
const closer = (graph) => {
  if (graph.zoom() >= READABLE) return;
  const serving = graph.nodes().filter((node) => node.data("serves"));
  graph.zoom(READABLE);
  graph.center(serving.length ? serving : graph.nodes());
};

const tellNode = ([kind, label, detail, , state, id]) =>
  `${state ? `${state}, asked for by item ${kind}` : kind}: ${label}${detail ? `, ${detail}` : ""}${id ? ` (${id})` : ""}`;

const steer = (graph, host) => {
  const zoom = (by) =>
    graph.zoom({
      level: graph.zoom() * by,
      renderedPosition: { x: host.clientWidth / 2, y: host.clientHeight / 2 },
    });
  const moves = {
    ArrowLeft: () => graph.panBy({ x: 60, y: 0 }),
    ArrowRight: () => graph.panBy({ x: -60, y: 0 }),
    ArrowUp: () => graph.panBy({ x: 0, y: 60 }),
    ArrowDown: () => graph.panBy({ x: 0, y: -60 }),
    "+": () => zoom(1.25),
    "-": () => zoom(0.8),
    0: () => graph.fit(undefined, 16),
  };
  host.addEventListener("keydown", (event) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? null : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  return [button("Closer", moves["+"]), button("Wider", moves["-"]), button("All", moves[0])];
};

const lineageOf = (detail) => {
  const { lineage } = detail;
  if (!lineage.nodes.length) return null;
  const host = el("div", {
    class: "canvas graph",
    tabindex: "0",
    role: "group",
    "aria-label": `Lineage of ${detail.name}: ${lineage.nodes.length} things and ${lineage.edges.length} relations; arrow keys move it, plus and minus zoom, and the list below says the same`,
  });
  const says = el("output", { class: "told" });
  const search = el("input", {
    type: "search",
    placeholder: "name, kind, ARN",
    autocomplete: "off",
    spellcheck: "false",
  });
  const controls = el(
    "p",
    { class: "controls" },
    el("label", {}, "Find in the picture ", search),
    says,
  );
  const made = el(
    "details",
    { class: "lineage", open: true },
    el("summary", {}, el("h3", {}, "Lineage")),
    controls,
    host,
    wantedOf(lineage),
    el(
      "details",
      { class: "relations" },
      el("summary", {}, "Relations as a list"),
      relationsOf(lineage),
    ),
  );
  made.draw = () => {
    if (host.graph || !host.clientWidth) return;
    const graph = drawLineage(host, lineage);
    search.closest("label").after(...steer(graph, host));
    graph.on("tap", "node", (event) => {
      says.textContent = tellNode(lineage.nodes[event.target.data("place")]);
    });
    search.addEventListener("input", () => find(graph, lineage, search.value, says));
  };
  made.addEventListener("toggle", () => made.draw());
  return made;
};

const find = (graph, lineage, text, says) => {
  const wanted = text.trim().toLowerCase();
  const found = graph
    .nodes()
    .filter((node) => wanted && textOf(lineage.nodes[node.data("place")]).includes(wanted));
  graph.nodes().removeClass("found");
  found.addClass("found");
  graph.fit(found.length ? found : undefined, 60);
  if (graph.zoom() > 1.4) graph.zoom(1.4);
  if (found.length) graph.center(found);
  says.textContent = wanted
    ? `${found.length} found${found.length === 1 ? `: ${tellNode(lineage.nodes[found[0].data("place")])}` : ""}`
    : "";
};

const wantedOf = (lineage) => {
  const wanted = lineage.nodes.filter((each) => each[4]);
  if (!wanted.length) return null;
  return [
    el("h4", {}, "Links that are missing, or not seen (dashed in the picture)"),
    el(
      "ul",
      { class: "wanted" },
      wanted.map((each) =>
        el("li", { class: each[4] === "missing" ? "fail" : "not_assessed" }, tellNode(each)),
      ),
    ),
  ];
};

const relationsOf = (lineage) => [
  el(
    "ul",
    {},
    lineage.told.map(([source, relation, target]) =>
      el("li", {}, el("b", {}, source), ` ${relation} `, el("b", {}, target)),
    ),
  ),
  lineage.alone.length
    ? el(
        "p",
        {},
        "Linked to nothing: ",
        lineage.alone.map(([kind, label], at) => [at ? ", " : "", `${kind} `, el("b", {}, label)]),
        ".",
      )
    : null,
];
