"use strict";
(() => {
  const tools = document.getElementById("/tools");
  const search = tools.querySelector("input[type=search]");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const count = tools.querySelector("output");
  const items = [...document.querySelectorAll(".item")];
  const groups = [...document.querySelectorAll(".group, .unchecked")];
  const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));

  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const item of items) {
      item.hidden = !statuses.has(item.dataset.status) || !texts.get(item).includes(wanted);
    }
    for (const group of groups) {
      group.hidden = !group.querySelector(".item:not([hidden])");
      if (wanted && !group.hidden && group.matches(".unchecked")) group.open = true;
    }
    const shown = items.filter((item) => !item.hidden).length;
    count.textContent = `${shown} of ${items.length} items`;
  };

  const reset = () => {
    search.value = "";
    for (const box of boxes) box.checked = true;
    filter();
  };

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) reset();
    for (let at = target; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
    }
    target.scrollIntoView();
  };

  const toggle = (open) => {
    for (const item of document.querySelectorAll("details.item:not([hidden])")) item.open = open;
  };

  const printing = new Set();
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      printing.add(each);
      each.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const each of printing) each.open = false;
    printing.clear();
  });

  tools.addEventListener("input", filter);
  tools.addEventListener("click", (event) => {
    const does = event.target.dataset.does;
    if (does) toggle(does === "expand");
  });
  addEventListener("hashchange", reveal);
  tools.hidden = items.length === 0;
  filter();
  reveal();
})();
