function showDuplicates(view, model) {
  view.append(
    element("section", {}, element("h2", {}, "Generics"),
      element("p", { class: "note" }, "Every generic that was compiled to two shapes or more, the largest first."),
      model.generics.length === 0 ? nothing("No generic has more than one shape.")
        : model.generics.map(group => expandable(group.definition,
          bytes(group.shapes.length) + " shapes, " + bytes(group.sizes[1]) + " bytes", shapesTable(group)))),
    element("section", {}, element("h2", {}, "Duplicates"),
      element("p", { class: "note" }, "Methods whose code is the same, or the same but for constants and targets; what wastes most first."),
      model.duplicates.length === 0 ? nothing("No two methods have equal or nearly equal code.")
        : model.duplicates.map(group => expandable(group.bodies[0]?.fullName ?? group.bodies[0] ?? "",
          bytes(group.bodies.length) + (group.exact ? " equal methods, " : " nearly equal methods, ")
            + bytes(group.wasted) + " bytes wasted",
          bodiesTable(group)))));
}

function expandable(title, note, content) {
  return element("details", { class: "group" }, element("summary", {}, named(title), element("span", { class: "note" }, note)), content);
}

function shapesTable(group) {
  return dataTable("Shapes of this generic", ["Shape", ["File", "number"]], group.shapes.map(sizeRow));
}

function bodiesTable(group) {
  return dataTable(group.exact ? "Methods with the same code" : "Methods with nearly the same code",
    ["Method", ["File", "number"]], group.bodies.map(sizeRow));
}

function sizeRow(symbol) {
  return [symbolLink(symbol), typeof symbol === "string" ? "" : bytes(symbol.sizes[1])];
}
