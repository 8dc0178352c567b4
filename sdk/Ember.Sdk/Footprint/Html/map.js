const changeTitles = { Grown: "Grown", Shrunk: "Shrunk", Added: "Added", Moved: "Moved or renamed", Removed: "Removed" };

function showMap(view, model, route) {
  const column = mapColumn(model, route);
  const zoomed = nodeAt(model.root, route.zoom);
  const colours = colouring(model, route.colour, column);
  const map = element("div", { class: "map", role: "tree", "aria-label": "Treemap of " + zoomed.name + " by " + columns[column].title });
  view.append(
    element("div", { class: "bar" },
      choice("Size", columns.map((c, i) => ({ id: c.id, title: c.title, disabled: model.root.sizes[i] === 0 })), columns[column].id,
        id => location.replace(mapAddress(readRoute(), { column: id }))),
      choice("Colour", colours.choices, colours.id, id => location.replace(mapAddress(readRoute(), { colour: id })))),
    breadcrumb(zoomed, column, route),
    map,
    legend(colours.legend(zoomed)));
  if (colours.id === "change") {
    view.append(removedList(model.diff));
  }

  // Laid out anew whenever the window gives it another size.
  let drawn = "";
  const draw = () => {
    const size = map.clientWidth + "x" + map.clientHeight;
    if (size !== drawn) {
      drawn = size;
      drawMap(map, zoomed, column, colours, route);
    }
  };
  draw();
  const observer = new ResizeObserver(draw);
  observer.observe(map);
  return () => {
    observer.disconnect();
    hideTooltip();
  };
}

function mapColumn(model, route) {
  const wanted = columns.findIndex(column => column.id === route.column);
  return wanted >= 0 && model.root.sizes[wanted] > 0 ? wanted : 1;
}

function choice(title, choices, chosen, choose) {
  return element("fieldset", { class: "choice" }, element("legend", {}, title), choices.map(one =>
    element("label", {},
      element("input", {
        type: "radio", name: title, value: one.id, checked: one.id === chosen, disabled: one.disabled, change: () => choose(one.id),
      }),
      element("span", {}, one.title))));
}

function breadcrumb(node, column, route) {
  const steps = [];
  for (let step = node; step !== null; step = step.parent) {
    steps.unshift(step);
  }
  return element("nav", { class: "breadcrumb", "aria-label": "Zoom" }, element("ol", {}, steps.map(step => element("li", {},
    step === node
      ? element("span", { "aria-current": "true" }, named(step.name))
      : element("a", { href: mapAddress(route, { zoom: nodePath(step) }) }, named(step.name))))),
  element("output", { class: "total" }, bytes(node.sizes[column]) + " bytes"));
}

function drawMap(map, root, column, colours, route) {
  const tiles = layOut(root, column, map.clientWidth, map.clientHeight);
  const whole = root.sizes[column];
  map.replaceChildren(...tiles.map((tile, i) => drawTile(tile, i, column, whole, colours, route)));
  if (tiles.length === 0) {
    map.append(nothing("Nothing here takes any room in this column."));
  }
  map.onkeydown = event => moveFocus(event, map, tiles, root, route);
}

function drawTile(tile, number, column, whole, colours, route) {
  const { node } = tile;
  const size = node.sizes[column];
  const canLabel = tile.isGroup || (tile.width > 44 && tile.height > 15);
  const made = element("div", {
    class: "tile " + (tile.isGroup ? "group" : colours.of(node) + (tile.height > 32 ? " tall" : "")) + (canLabel ? " labelled" : ""),
    role: "treeitem",
    tabindex: number === 0 ? 0 : -1,
    "aria-level": tile.level,
    "aria-label": [symbolOf(node)?.shortName ?? node.name, kindTitle(kindOf(node)), bytes(size) + " bytes", share(size, whole)].join(", "),
    "data-node": node.number,
    click: event => {
      event.stopPropagation();
      openNode(node, route);
    },
    pointermove: event => showTooltip(node, column, whole, event.clientX, event.clientY),
    pointerleave: hideTooltip,
    focus: () => {
      const box = made.getBoundingClientRect();
      showTooltip(node, column, whole, box.left + Math.min(box.width, 40), box.top + Math.min(box.height, 20));
    },
    blur: hideTooltip,
  }, canLabel ? [isolated(colours.mark(node) + tile.title, "label"), element("span", { class: "size" }, bytes(size))] : []);
  // Set through the object model: the page allows no style in markup.
  Object.assign(made.style, { left: tile.x + "px", top: tile.y + "px", width: tile.width + "px", height: tile.height + "px" });
  return made;
}

// A symbol's parts are shown, but opened as the symbol.
function openNode(node, route) {
  const symbol = symbolOf(node);
  go(symbol !== null ? symbolAddress(symbol)
    : node.children.length !== 0 ? mapAddress(route, { zoom: nodePath(node) })
      : hash({ tab: "table", zoom: nodePath(node) }));
}

// Arrow keys go to the nearest tile that way, Enter opens, Backspace goes out.
function moveFocus(event, map, tiles, root, route) {
  const at = [...map.children].indexOf(document.activeElement);
  if (at < 0 || tiles.length === 0) {
    return;
  }
  if (event.key === "Enter" || event.key === " ") {
    openNode(tiles[at].node, route);
  } else if (event.key === "Backspace" && root.parent !== null) {
    go(mapAddress(route, { zoom: nodePath(root.parent) }));
  } else if (event.key.startsWith("Arrow")) {
    const next = nearest(tiles, tiles[at], event.key);
    if (next >= 0) {
      map.children[at].tabIndex = -1;
      map.children[next].tabIndex = 0;
      map.children[next].focus();
    }
  } else {
    return;
  }
  event.preventDefault();
}

function nearest(tiles, from, key) {
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  // A group counts as its name: that is what one sees of it.
  const middle = ({ x, y, width, height, isGroup }) => isGroup
    ? { x: x + Math.min(width, 40) / 2, y: y + headerHeight / 2 }
    : { x: x + width / 2, y: y + height / 2 };
  const start = middle(from);
  let best = -1;
  let bestDistance = Infinity;
  tiles.forEach((tile, i) => {
    const { x, y } = middle(tile);
    const ahead = sign * (isAcross ? x - start.x : y - start.y);
    const aside = Math.abs(isAcross ? y - start.y : x - start.x);
    if (tile !== from && ahead > 0.5 && ahead + 3 * aside < bestDistance) {
      bestDistance = ahead + 3 * aside;
      best = i;
    }
  });
  return best;
}

// What colours the tiles have, and what they mean.
function colouring(model, wanted, column) {
  const choices = [{ id: "kind", title: "Kind" }, { id: "namespace", title: "Namespace" }];
  if (model.diff !== null) {
    choices.push({ id: "change", title: "Change" });
  }
  const id = choices.some(one => one.id === wanted) ? wanted : "kind";
  return { choices, mark: () => "", ...{ kind: byKind, namespace: byNamespace, change: byChange }[id](model, column), id };
}

// What the leaves under a row take together by what a function says of them, the largest first.
function sumBy(root, column, keyOf) {
  const sums = new Map();
  const add = node => {
    if (node.children.length === 0) {
      sums.set(keyOf(node), (sums.get(keyOf(node)) ?? 0) + node.sizes[column]);
    }
    node.children.forEach(add);
  };
  add(root);
  return [...sums].filter(([, sum]) => sum > 0).sort((a, b) => b[1] - a[1]);
}

function byKind(model, column) {
  return {
    of: node => "kind-" + kindOf(node),
    legend: root => {
      const sums = sumBy(root, column, node => node.kind);
      return sums.map(([kind, sum]) => ({ class: "kind-" + kind, title: kindTitle(kind), note: bytes(sum) }));
    },
  };
}

const namespaceColours = 12;

function byNamespace(model, column) {
  const owner = node => symbolOf(node)?.source.namespace || (node.depth <= 1 || node.parent.depth === 0 ? node.name : owner(node.parent));
  const sorted = sumBy(model.root, column, owner);
  const colours = new Map(sorted.slice(0, namespaceColours).map(([name], i) => [name, "hue-" + i]));
  const others = sorted.slice(namespaceColours).reduce((sum, [, size]) => sum + size, 0);
  return {
    of: node => colours.get(owner(node)) ?? "hue-other",
    legend: () => [
      ...sorted.slice(0, namespaceColours).map(([name, sum]) => ({ class: colours.get(name), title: name, note: bytes(sum) })),
      ...(others > 0 ? [{ class: "hue-other", title: "Others", note: bytes(others) }] : []),
    ],
  };
}

// A method's tables and unwind descriptions are rows of the diff of their own: they count together.
function byChange(model, column) {
  const changeOf = node => {
    const rows = symbolOf(node)?.changes ?? [];
    return { change: rows[0]?.change, delta: rows.reduce((sum, row) => sum + row.delta[column], 0) };
  };
  const change = node => {
    const found = changeOf(node);
    return found.change === undefined || found.change === "Added" || found.change === "Moved" ? found.change
      : found.delta > 0 ? "Grown" : found.delta < 0 ? "Shrunk" : undefined;
  };
  const marks = { Grown: "▲ ", Shrunk: "▼ ", Added: "+ ", Moved: "→ " };
  return {
    of: node => "change-" + (change(node) ?? "none"),
    mark: node => marks[change(node)] ?? "",
    legend: () => ["Grown", "Shrunk", "Added", "Moved"].map(name => ({
      class: "change-" + name, title: (marks[name] ?? "") + changeTitles[name],
      note: bytes(model.diff.rows.filter(row => row.change === name).length),
    })).concat([{ class: "change-none", title: "The same", note: "" }]),
  };
}

function legend(entries) {
  return element("ul", { class: "legend", "aria-label": "Colours" }, entries.map(entry => element("li", {},
    element("span", { class: "swatch " + entry.class, "aria-hidden": "true" }),
    named(entry.title),
    element("span", { class: "note" }, entry.note))));
}

function removedList(diff) {
  const removed = diff.rows.filter(row => row.change === "Removed");
  return element("section", { class: "removed" }, element("h2", {}, "Removed"), removed.length === 0
    ? nothing("Nothing was removed.")
    : element("ul", {}, removed.map(row => element("li", {}, named(row.name), " ",
      element("span", { class: "note" }, bytes(row.before[1]) + " bytes")))));
}

function showTooltip(node, column, whole, x, y) {
  const tooltip = document.getElementById("tooltip");
  tooltip.replaceChildren(
    element("strong", {}, named(symbolOf(node)?.fullName ?? node.name)),
    element("span", { class: "note" }, kindTitle(node.kind ?? (node.symbol === null ? null : kindOf(node)))),
    element("dl", {}, columns.flatMap((title, i) => [
      element("dt", { class: i === column ? "chosen" : null }, title.title),
      element("dd", { class: i === column ? "chosen" : null }, bytes(node.sizes[i]))])),
    element("span", { class: "note" }, share(node.sizes[column], whole) + " of what is shown"));
  tooltip.hidden = false;
  tooltip.style.left = Math.max(4, Math.min(x + 14, innerWidth - tooltip.offsetWidth - 8)) + "px";
  tooltip.style.top = Math.max(4, y + 18 + tooltip.offsetHeight > innerHeight ? y - tooltip.offsetHeight - 10 : y + 18) + "px";
}

function hideTooltip() {
  document.getElementById("tooltip").hidden = true;
}
