const chart = { width: 960, height: 280, left: 70, right: 16, top: 14, bottom: 34 };

function showHistory(view, model) {
  const entries = model.history;
  view.append(
    element("h2", {}, "History"),
    trend(entries),
    dataTable("Builds, the newest first; bytes",
      ["Revision", "Core", ...columns.map(column => [column.title, "number"]), ["Change in file", "number"]],
      entries.map((entry, i) => [
        named(entry.revision), element("span", { class: "code" }, entry.digest.slice(0, 12)), ...entry.sizes.map(bytes),
        i === 0 ? "" : delta(entry.sizes[1] - entries[i - 1].sizes[1])]).reverse()),
    namespacesOf(entries));
}

// The file and the loaded image over the builds, from 0, so that a change looks as large as it is.
function trend(entries) {
  const shown = [{ column: 1, class: "trend-file" }, { column: 2, class: "trend-loaded" }];
  const top = Math.max(1, ...entries.flatMap(entry => shown.map(line => entry.sizes[line.column])));
  const step = 2 ** Math.ceil(Math.log2(top / 4));
  const ceiling = Math.ceil(top / step) * step;
  const x = i => chart.left + (entries.length === 1 ? 0.5 : i / (entries.length - 1)) * (chart.width - chart.left - chart.right);
  const y = size => chart.height - chart.bottom - size / ceiling * (chart.height - chart.top - chart.bottom);
  const svg = drawing("svg", {
    viewBox: `0 0 ${chart.width} ${chart.height}`, class: "trend", role: "img",
    "aria-label": "File and loaded size of every build; the table below has the numbers",
  });
  for (let size = 0; size <= ceiling; size += step) {
    svg.append(
      drawing("line", { x1: chart.left, x2: chart.width - chart.right, y1: y(size), y2: y(size), class: "grid" }),
      drawing("text", { x: chart.left - 8, y: y(size) + 4, "text-anchor": "end" },
        size >= 1024 ? bytes(size / 1024) + " KiB" : bytes(size)));
  }
  for (const line of shown) {
    const points = entries.map((entry, i) => x(i) + "," + y(entry.sizes[line.column])).join(" ");
    svg.append(drawing("polyline", { points, class: line.class }));
    entries.forEach((entry, i) => svg.append(drawing("circle", { cx: x(i), cy: y(entry.sizes[line.column]), r: 4, class: line.class },
      drawing("title", {}, entry.revision + ": " + columns[line.column].title + " " + bytes(entry.sizes[line.column]) + " bytes"))));
  }
  svg.append(
    drawing("text", { x: chart.left, y: chart.height - 10 }, entries[0].revision.slice(0, 12)),
    drawing("text", { x: chart.width - chart.right, y: chart.height - 10, "text-anchor": "end" }, entries.at(-1).revision.slice(0, 12)));
  return element("figure", {}, svg, element("figcaption", { class: "legend" }, shown.map(line =>
    element("span", {}, element("span", { class: "swatch " + line.class, "aria-hidden": "true" }), columns[line.column].title))));
}

function namespacesOf(entries) {
  const first = entries[0].namespaces;
  const last = entries.at(-1).namespaces;
  const rows = [...new Set([...first.keys(), ...last.keys()])]
    .map(name => ({ name, before: first.get(name) ?? 0, after: last.get(name) ?? 0 }))
    .sort((a, b) => b.after - a.after || b.before - a.before);
  return rows.length === 0 ? null : dataTable("Namespaces, bytes of the file",
    ["Namespace", ["Oldest", "number"], ["Newest", "number"], ["Change", "number"]],
    rows.map(row => [named(row.name), bytes(row.before), bytes(row.after), delta(row.after - row.before)]));
}
