function showDiff(view, model) {
  const { diff } = model;
  view.append(
    element("h2", {}, "Against ", named(diff.baseline)),
    element("div", { class: "narrow" }, dataTable("Totals in bytes", ["", ["Before", "number"], ["After", "number"], ["Change", "number"]],
      columns.map((column, i) => [column.title, bytes(diff.before[i]), bytes(diff.after[i]), delta(diff.after[i] - diff.before[i])]))),
    element("p", { class: "ways" },
      element("a", { href: mapAddress({ zoom: "", column: null }, { colour: "change" }) }, "Show on the map")),
    diff.rows.length === 0 ? nothing("Nothing differs.") : dataTable("What differs, in bytes of the file",
      ["Change", "What", "Kind", ["Before", "number"], ["After", "number"], ["Change", "number"]],
      diff.rows.map(row => [
        element("span", { class: "badge change-" + row.change }, changeTitles[row.change]),
        [row.symbol === null ? named(row.name) : symbolLink(row.symbol),
          row.former === "" ? null : element("div", { class: "note" }, "was ", named(row.former))],
        kindCell(row.kind), bytes(row.before[1]), bytes(row.after[1]), delta(row.delta[1])])));
}

function delta(count) {
  return element("span", { class: count > 0 ? "more" : count < 0 ? "less" : null }, signed(count));
}
