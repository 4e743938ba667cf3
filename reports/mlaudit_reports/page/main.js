// What the address asks for, what is printed, and how it all begins.
const FEW_OPEN = 3;
const FEW_PRINTED = 12;

// The workload whose address the hash begins with.
const workloadAt = (hash) => {
  for (let text = hash; text; text = text.slice(0, Math.max(0, text.lastIndexOf("/")))) {
    if (byAnchor.has(text)) return byAnchor.get(text);
  }
  return null;
};

const reveal = async () => {
  const hash = location.hash.slice(1);
  const workload = workloadAt(hash);
  const panel = workload ? await open(workload) : null;
  const target = document.getElementById(hash);
  if (!target) return;
  if (target.hidden || target.closest("[hidden]")) reset();
  for (let at = target; at; at = at.parentElement) {
    if (at.localName === "details") at.open = true;
  }
  target.fill?.();
  document.querySelector(".aim")?.classList.remove("aim");
  target.classList.add("aim");
  target.scrollIntoView();
  (target === panel ? panel.heading : target.querySelector("summary"))?.focus({
    preventScroll: true,
  });
};

const printing = { closed: [], panels: [] };
const ready = new Map();
const prepare = async () => {
  for (const each of workloads.length <= FEW_PRINTED ? workloads : [])
    ready.set(each.at, await detailOf(each));
};
addEventListener("beforeprint", () => {
  // Pictures keep the colours they were drawn in; on paper those of a dark screen cannot be read.
  document.documentElement.classList.toggle("was-dark", dark.matches);
  for (const [anchor, detail] of ready) {
    if (!panelFor(anchor)) {
      const panel = panelOf(detail);
      printing.panels.push(panel);
      opened.append(panel);
      panel.draw();
    }
  }
  for (const item of document.querySelectorAll("#\\/opened .item, #\\/regions .item"))
    item.fill?.();
  for (const each of document.querySelectorAll("details:not([open])")) {
    printing.closed.push(each);
    each.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const each of printing.closed) each.open = false;
  for (const each of printing.panels) each.remove();
  printing.closed = [];
  printing.panels = [];
});

const start = async () => {
  startOverview();
  showPracticesIfThere();
  texts = await unpack(stored("/data/texts"));
  if (document.getElementById("/regions")) showPlatform(await unpack(stored("/data/platform")));
  if (document.getElementById("/beyond/list")) showBeyond(await unpack(stored("/data/beyond")));
  if (workloads.length <= FEW_OPEN) for (const each of [...workloads].reverse()) await open(each);
  addEventListener("hashchange", reveal);
  // A link to where the address leads already changes nothing, and still opens what was closed.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a")?.getAttribute("href") === location.hash && location.hash)
      reveal();
  });
  await reveal();
  document.documentElement.dataset.ready = "";
  await prepare();
  document.documentElement.dataset.ready = "all";
};
const showPracticesIfThere = () => {
  if (document.getElementById("/practices/list")) showPractices();
};
start().catch((problem) => {
  progress.textContent =
    "This browser cannot expand the details. A newer one can, and the Markdown report has them too.";
  throw problem;
});
