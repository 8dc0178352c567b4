const mostResults = 60;

function startSearch(model) {
  const input = document.getElementById("search");
  const list = document.getElementById("results");
  const entries = searchEntries(model);
  let results = [];
  let chosen = 0;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const open = entry => {
    close();
    go(entry.address);
  };
  const choose = number => {
    if (results.length === 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = Math.max(0, Math.min(number, results.length - 1));
    list.children[chosen].setAttribute("aria-selected", "true");
    list.children[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", "result-" + chosen);
  };
  const search = () => {
    results = matches(entries, input.value);
    list.replaceChildren(...results.map((entry, i) => element("li", {
      role: "option", id: "result-" + i, "aria-selected": "false", pointerdown: event => event.preventDefault(), click: () => open(entry),
    }, entry.shown(), element("span", { class: "note" }, entry.note))));
    if (results.length === 0) {
      list.append(element("li", { class: "nothing" }, "Nothing has this name."));
    }
    list.hidden = input.value.trim() === "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(0);
  };
  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && results.length !== 0) {
      open(results[chosen]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

function searchEntries(model) {
  const symbols = model.symbols.map(symbol => ({
    text: [symbol.fullName, symbol.name, ...symbol.aliases].join("\n").toLowerCase(), size: symbol.sizes[1],
    shown: () => symbolName(symbol), note: kindTitle(symbol.kind) + ", " + bytes(symbol.sizes[1]), address: symbolAddress(symbol),
  }));
  const rows = model.nodes.filter(node => node.depth !== 0 && node.symbol === null && symbolOf(node) === null).map(node => ({
    text: node.name.toLowerCase(), size: node.sizes[1], shown: () => named(node.name),
    note: (node.children.length !== 0 ? "Group" : kindTitle(node.kind)) + ", " + bytes(node.sizes[1]),
    address: node.children.length !== 0 ? mapAddress({ column: null, colour: null }, { zoom: nodePath(node) })
      : hash({ tab: "table", zoom: nodePath(node) }),
  }));
  return [...rows, ...symbols];
}

// Every word must be in the name. Names that are the words come first, then those with a part that begins with them, then the largest.
function matches(entries, query) {
  const words = query.toLowerCase().split(/\s+/).filter(word => word !== "");
  const whole = words.join(" ");
  const rank = entry => entry.text.split("\n").includes(whole) ? 0 : entry.text.includes("." + whole) ? 1 : 2;
  return words.length === 0 ? [] : entries.filter(entry => words.every(word => entry.text.includes(word)))
    .map(entry => ({ entry, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || b.entry.size - a.entry.size)
    .slice(0, mostResults).map(({ entry }) => entry);
}
