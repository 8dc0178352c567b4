function tabsOf(model) {
  return [
    { id: "map", title: "Map", show: showMap },
    { id: "table", title: "Table", show: showTable },
    { id: "symbol", title: "Symbol", show: showSymbol },
    { id: "duplicates", title: "Generics & duplicates", show: showDuplicates },
    ...(model.diff === null ? [] : [{ id: "diff", title: "Diff", show: showDiff }]),
    ...(model.history.length === 0 ? [] : [{ id: "history", title: "History", show: showHistory }]),
    ...(model.audit === null ? [] : [{ id: "audit", title: "Audit", show: showAudit }]),
  ];
}

function start(model) {
  const tabs = tabsOf(model);
  const bar = document.getElementById("tabs");
  bar.replaceChildren(...tabs.map(tab =>
    element("a", { role: "tab", id: "tab-" + tab.id, href: tabAddress(tab.id), "aria-controls": "view" }, tab.title)));
  bar.addEventListener("keydown", event => moveTab(event, bar));
  bar.hidden = false;
  document.getElementById("message").hidden = true;
  document.getElementById("subject").append(
    named(model.name), element("span", { class: "total" }, bytes(model.root.sizes[1]) + " bytes"),
    element("span", { class: "code", title: "SHA-256 " + model.digest }, model.digest.slice(0, 12)));
  document.title = model.name + ": Ember footprint";
  startSearch(model);
  addEventListener("hashchange", () => showRoute(model, tabs));
  showRoute(model, tabs);
}

let leave = null;

function showRoute(model, tabs) {
  const route = readRoute();
  const tab = tabs.find(one => one.id === route.tab) ?? tabs[0];
  const view = document.getElementById("view");
  const focused = focusedBefore(view);
  leave?.();
  for (const other of tabs) {
    const button = document.getElementById("tab-" + other.id);
    button.setAttribute("aria-selected", String(other === tab));
    button.tabIndex = other === tab ? 0 : -1;
  }
  view.replaceChildren();
  view.className = "view-" + tab.id;
  view.setAttribute("aria-labelledby", "tab-" + tab.id);
  scrollTo(0, 0);
  leave = tab.show(view, model, route) ?? null;
  const again = focused === null ? null : view.querySelector(focused);
  if (again !== null) {
    again.focus({ preventScroll: true });
  } else if (focused !== null) {
    view.focus({ preventScroll: true });
  }
}

// What had the focus is made anew: a choice, or the map.
function focusedBefore(view) {
  const active = document.activeElement;
  return !view.contains(active) ? null
    : active instanceof HTMLInputElement ? `input[name="${active.name}"][value="${active.value}"]`
      : active.closest(".map") !== null ? ".map > [tabindex='0']" : "h2";
}

function moveTab(event, bar) {
  const tabs = [...bar.children];
  const at = tabs.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at >= 0 && next !== undefined) {
    const tab = tabs[(next + tabs.length) % tabs.length];
    tab.focus();
    go(tab.getAttribute("href"));
    event.preventDefault();
  }
}

function fail(text) {
  const message = document.getElementById("message");
  message.textContent = text;
  message.hidden = false;
}

if (typeof DecompressionStream === "undefined") {
  fail("This browser cannot inflate the report in this page: it has no DecompressionStream. Open it with a browser of 2023 or later.");
} else {
  readDocument(document.getElementById("report").textContent).then(
    report => start(buildModel(report)),
    () => fail("The report in this page is damaged: it does not inflate to what was written. "
      + "Write the page again with 'ember footprint --html'."));
}
