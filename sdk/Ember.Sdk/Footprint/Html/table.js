// The rows that are open, and the order, stay while the page does.
const tableState = { open: new Set([0]), sort: "file", isDescending: true, focus: 0 };

const tableColumns = [
  { id: "name", title: "Name", value: node => node.name },
  { id: "kind", title: "Kind", value: node => kindTitle(node.kind) },
  ...columns.map((column, i) => ({ id: column.id, title: column.title, number: i, value: node => node.sizes[i] })),
];

function showTable(view, model, route) {
  if (route.zoom !== "") {
    const wanted = nodeAt(model.root, route.zoom);
    for (let node = wanted.parent; node !== null; node = node.parent) {
      tableState.open.add(node.number);
    }
    tableState.focus = wanted.number;
  }
  const head = element("thead");
  const body = element("tbody", { keydown: event => tableKey(event, draw, model) });
  const draw = () => {
    head.replaceChildren(tableHead(draw));
    const focused = body.contains(document.activeElement);
    body.replaceChildren(...tableRows(model.root).map(node => tableRow(node, model, draw)));
    const current = body.querySelector(`[data-node="${tableState.focus}"]`) ?? body.firstElementChild;
    current.tabIndex = 0;
    if (focused) {
      current.focus();
    }
  };
  view.append(
    element("div", { class: "bar" },
      element("button", { type: "button", click: () => {
        model.nodes.filter(node => node.children.length !== 0 && node.symbol === null).forEach(node => tableState.open.add(node.number));
        draw();
      } }, "Expand to members"),
      element("button", { type: "button", click: () => {
        tableState.open = new Set([0]);
        draw();
      } }, "Collapse")),
    element("div", { class: "scroll" }, element("table", { class: "tree", role: "treegrid", "aria-label": "Sizes in bytes" }, head, body)));
  draw();
  if (route.zoom !== "") {
    body.querySelector(`[data-node="${tableState.focus}"]`).scrollIntoView({ block: "center" });
    body.querySelector(`[data-node="${tableState.focus}"]`).classList.add("target");
  }
}

function tableHead(draw) {
  return element("tr", {}, tableColumns.map(column => element("th", {
    scope: "col",
    class: column.number === undefined ? null : "number",
    "aria-sort": tableState.sort !== column.id ? "none" : tableState.isDescending ? "descending" : "ascending",
  }, element("button", { type: "button", "data-sort": column.id, click: () => {
    tableState.isDescending = tableState.sort === column.id ? !tableState.isDescending : column.number !== undefined;
    tableState.sort = column.id;
    draw();
    document.querySelector(`[data-sort="${column.id}"]`).focus();
  } }, column.title))), element("th", { scope: "col", class: "share" }, "Share"));
}

function tableRows(root) {
  const rows = [];
  const { value } = tableColumns.find(column => column.id === tableState.sort);
  const sign = tableState.isDescending ? -1 : 1;
  const order = (a, b) => value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0;
  const add = node => {
    rows.push(node);
    if (tableState.open.has(node.number)) {
      [...node.children].sort(order).forEach(add);
    }
  };
  add(root);
  return rows;
}

function tableRow(node, model, draw) {
  const isOpen = tableState.open.has(node.number);
  const measured = tableColumns.find(column => column.id === tableState.sort).number ?? 1;
  const hasChildren = node.children.length !== 0;
  const name = element("td", {},
    hasChildren ? element("button", {
      type: "button", class: "twisty", tabindex: -1, "aria-hidden": "true", click: () => {
        toggleRow(node);
        draw();
      },
    }, isOpen ? "▾" : "▸") : element("span", { class: "twisty" }),
    node.symbol !== null ? element("a", { href: symbolAddress(node.symbol), tabindex: -1 }, named(node.name)) : named(node.name));
  name.style.setProperty("--depth", node.depth);
  const bar = element("span", { class: "filled" });
  bar.style.width = (model.root.sizes[measured] === 0 ? 0 : 100 * node.sizes[measured] / model.root.sizes[measured]) + "%";
  return element("tr", {
    "data-node": node.number, "aria-level": node.depth + 1, "aria-expanded": hasChildren ? String(isOpen) : null, tabindex: -1,
    class: node.depth === 0 ? "total" : null, focus: () => { tableState.focus = node.number; },
  }, name,
  element("td", { class: "kind" }, kindTitle(node.kind)),
  node.sizes.map(size => element("td", { class: size === 0 ? "number zero" : "number" }, bytes(size))),
  element("td", { class: "share" }, element("span", { class: "gauge", "aria-hidden": "true" }, bar),
    share(node.sizes[measured], model.root.sizes[measured])));
}

function toggleRow(node) {
  tableState.focus = node.number;
  if (!tableState.open.delete(node.number)) {
    tableState.open.add(node.number);
  }
}

function tableKey(event, draw, model) {
  const row = event.target.closest("tr");
  const node = model.nodes[Number(row.dataset.node)];
  const isOpen = tableState.open.has(node.number);
  const focus = other => {
    if (other) {
      row.tabIndex = -1;
      other.tabIndex = 0;
      other.focus();
    }
  };
  if (event.key === "ArrowDown") {
    focus(row.nextElementSibling);
  } else if (event.key === "ArrowUp") {
    focus(row.previousElementSibling);
  } else if ((event.key === "ArrowRight" && !isOpen && node.children.length !== 0) || (event.key === "ArrowLeft" && isOpen)) {
    toggleRow(node);
    draw();
  } else if (event.key === "ArrowLeft" && node.parent !== null) {
    focus(row.parentElement.querySelector(`[data-node="${node.parent.number}"]`));
  } else if (event.key === "Enter" && node.symbol !== null && event.target === row) {
    go(symbolAddress(node.symbol));
  } else {
    return;
  }
  event.preventDefault();
}
