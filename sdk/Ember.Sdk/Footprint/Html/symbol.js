function showSymbol(view, model, route) {
  const symbol = model.symbolsByName.get(route.symbol);
  if (symbol === undefined) {
    if (route.symbol !== null) {
      view.append(element("p", { class: "nothing" }, "This report has no symbol ", named(route.symbol), "."));
    }
    view.append(dataTable("The largest symbols in the file", ["Symbol", "Kind", ["File", "number"], ["Retained", "number"]],
      model.symbols.slice(0, 100).map(one => [symbolLink(one), kindCell(one.kind), bytes(one.sizes[1]), bytes(one.retained[1])])));
    return;
  }
  view.append(
    element("section", { class: "symbol-head", "data-name": symbol.fullName },
      element("p", { class: "kind" }, kindTitle(symbol.kind)),
      element("h2", {}, symbolName(symbol)),
      element("p", { class: "note" }, named(symbol.source.assembly),
        ", " + hexadecimal(symbol.rva) + " to " + hexadecimal(symbol.rva + symbol.length)),
      symbol.node === null ? null : element("p", { class: "ways" },
        element("a", { href: mapAddress({ column: null, colour: null }, { zoom: nodePath(symbol.node.parent ?? symbol.node) }) },
          "Show on the map"),
        element("a", { href: hash({ tab: "table", zoom: nodePath(symbol.node) }) }, "Show in the table"))),
    element("div", { class: "cards" }, sizesCard(symbol), whyCard(symbol), namesCard(symbol)),
    ...groupsOf(symbol),
    keptTable(symbol),
    element("section", {}, element("h3", {}, "Disassembly"),
      symbol.listing === null ? nothing("It is no code.") : listingOf(symbol, route.address)));
  if (route.address !== null) {
    document.getElementById("at-" + route.address.toString(16))?.scrollIntoView({ block: "center" });
  }
}

function sizesCard(symbol) {
  return element("section", { class: "card" }, dataTable("Bytes", ["", ["Its own", "number"], ["Retained", "number"]],
    columns.map((column, i) => [column.title, bytes(symbol.sizes[i]), bytes(symbol.retained[i])])),
  element("p", { class: "note" }, "Retained: what would go if it went, with everything that only it keeps."));
}

function whyCard(symbol) {
  return element("section", { class: "card" },
    element("h3", {}, "Why it is there"),
    element("dl", { class: "facts" },
      element("dt", {}, "Dominator"),
      element("dd", { class: "dominator" }, symbol.dominator === null ? "None: it is a root." : symbolLink(symbol.dominator)),
      element("dt", {}, "Path from a root"),
      element("dd", {}, symbol.path.length === 0 ? "None is known."
        : element("ol", { class: "path" }, symbol.path.map(step =>
          element("li", {}, step === symbol ? symbolName(step) : symbolLink(step)))))));
}

function namesCard(symbol) {
  return element("section", { class: "card" },
    element("h3", {}, "Names"),
    element("dl", { class: "facts" },
      element("dt", {}, "Symbol"), element("dd", { class: "code" }, named(symbol.name)),
      symbol.aliases.length === 0 ? [] : [
        element("dt", {}, "Also called"), element("dd", { class: "code" },
          element("ul", {}, symbol.aliases.map(alias => element("li", {}, named(alias)))))],
      symbol.changes.length === 0 ? [] : [
        element("dt", {}, "Since the baseline"),
        element("dd", {}, element("ul", {}, symbol.changes.map(row =>
          element("li", {}, changeTitles[row.change] + ": " + kindTitle(row.kind) + ", " + signed(row.delta[1]) + " bytes of file",
            row.former === "" ? null : [", was ", named(row.former)]))))]));
}

function groupsOf(symbol) {
  return [
    ...symbol.generics.map(group => shapesTable(group)),
    ...symbol.duplicates.map(group => bodiesTable(group)),
  ];
}

function keptTable(symbol) {
  return symbol.keeps.length === 0 ? null : element("details", { class: "kept" },
    element("summary", {}, "Keeps " + bytes(symbol.keeps.length) + (symbol.keeps.length === 1 ? " symbol" : " symbols") + " directly"),
    dataTable("What it is the dominator of", ["Symbol", "Kind", ["File", "number"], ["Retained", "number"]],
      symbol.keeps.map(kept => [symbolLink(kept), kindCell(kept.kind), bytes(kept.sizes[1]), bytes(kept.retained[1])])));
}
