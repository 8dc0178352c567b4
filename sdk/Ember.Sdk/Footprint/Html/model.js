// Turns the document that the report was written as back into rows and symbols that know each other.
const columns = [
  { id: "flash", title: "Flash" },
  { id: "file", title: "File" },
  { id: "loaded", title: "Loaded" },
  { id: "runtime", title: "Run time" },
];

const kindTitles = {
  Method: "C# code", Stub: "Machine-code stub", Literal: "Literal", MethodData: "Jump tables", Statics: "Static fields",
  Unwind: "Unwind description", UnwindInfo: "Unwind description", FunctionNames: "Function names", CompilerTable: "Compiler's table",
  Headers: "Headers", Relocations: "Relocations", Signature: "Signature", Padding: "Padding", Rounding: "Rounding",
  FlashMetadata: "Flash metadata", FlashFile: "File on flash", FlashFree: "Free flash", RunTime: "Run-time memory",
  Unattributed: "Unattributed",
};

function kindTitle(kind) {
  return kind === null ? "" : kindTitles[kind] ?? kind;
}

async function readDocument(base64) {
  const deflated = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  const inflated = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(inflated).text());
}

function buildModel(document) {
  const model = { name: document.name, digest: document.digest, symbols: document.symbols.map(readSymbol), nodes: [] };
  const resolved = reference => typeof reference === "number" ? model.symbols[reference] : reference;
  for (const symbol of model.symbols) {
    symbol.dominator = resolved(symbol.dominator);
    symbol.path = symbol.path.map(resolved);
    if (symbol.dominator?.keeps) {
      symbol.dominator.keeps.push(symbol);
    }
  }
  model.root = readNode(document.tree, null, model);
  model.generics = document.generics.map(([definition, sizes, shapes]) => ({ definition, sizes, shapes: shapes.map(resolved) }));
  model.duplicates = document.duplicates.map(([exact, wasted, bodies]) => ({ exact, wasted, bodies: bodies.map(resolved) }));
  model.duplicates.forEach(group => group.bodies.forEach(body => body.duplicates?.push(group)));
  model.generics.forEach(group => group.shapes.forEach(shape => shape.generics?.push(group)));
  model.history = document.history.map(([revision, digest, sizes, namespaces]) =>
    ({ revision, digest, sizes, namespaces: new Map(namespaces) }));
  model.diff = document.diff ? readDiff(document.diff, resolved) : null;
  model.audit = document.audit ? readAudit(document.audit, resolved) : null;
  for (const listing of document.listings) {
    model.symbols[listing[0]].listing = () => readListing(listing, document, resolved);
  }
  model.symbolsByName = new Map([...model.symbols].reverse().map(symbol => [symbol.name, symbol]));
  return model;
}

function readSymbol([name, kind, rva, length, assembly, namespace, type, member, aliases, sizes, retained, dominator, path]) {
  const shortName = type === "" ? member : type + "." + member;
  return {
    name, kind, rva, length, aliases, sizes, retained, dominator, path, shortName,
    source: { assembly, namespace, type, member },
    fullName: namespace === "" ? shortName : namespace + "." + shortName,
    keeps: [], duplicates: [], generics: [], changes: [], listing: null, node: null,
  };
}

function readNode([name, kind, sizes, symbol, children], parent, model) {
  const node = { name, kind, sizes, parent, depth: parent === null ? 0 : parent.depth + 1, symbol: null, children: [] };
  node.number = model.nodes.length;
  model.nodes.push(node);
  if (symbol !== null) {
    node.symbol = model.symbols[symbol];
    node.symbol.node ??= node;
  }
  node.children = children.map(child => readNode(child, node, model));
  return node;
}

function readDiff({ baseline, before, after, rows }, resolved) {
  const diff = {
    baseline, before, after,
    rows: rows.map(([change, kind, namespace, name, former, rowBefore, rowAfter, symbol]) => ({
      change, kind, namespace, name, former, before: rowBefore, after: rowAfter,
      delta: rowAfter.map((size, i) => size - rowBefore[i]), symbol: resolved(symbol),
    })),
  };
  diff.rows.forEach(row => row.symbol?.changes.push(row));
  return diff;
}

function readAudit(rules, resolved) {
  return rules.map(([number, title, summary, evidence, violations]) => ({
    number, title, summary,
    evidence: evidence.map(([name, detail, symbol]) => ({ name, detail, symbol: resolved(symbol) })),
    violations: violations.map(([name, what, symbol, rva]) => ({ name, what, symbol: resolved(symbol), rva })),
  }));
}

// Lines of { rva, text or [before, symbol, name, after], source }.
function readListing([, addresses, lastLength, texts, sources], document, resolved) {
  let rva = 0;
  const lines = addresses.map((step, i) => {
    rva += step;
    const text = document.texts[texts[i]];
    return { rva, source: null, text: typeof text === "string" ? text : [text[0], resolved(text[1]), text[2], text[3]] };
  });
  let line = 0;
  let number = 0;
  for (let i = 0; i < sources.length; i += 3) {
    line += sources[i];
    number += sources[i + 2];
    lines[line].source = document.files[sources[i + 1]] + (number === 0 ? "" : ":" + number);
  }
  return { lines, end: rva + lastLength };
}

// The way to a row by names, as addresses of the page have it.
function nodePath(node) {
  return node.parent === null ? "" : nodePath(node.parent) + "/" + encodeURIComponent(node.name);
}

function nodeAt(root, path) {
  let node = root;
  for (const part of path.split("/").filter(name => name !== "")) {
    node = node.children.find(child => encodeURIComponent(child.name) === part) ?? node;
  }
  return node;
}

// The symbol that a row is, or is a part of.
function symbolOf(node) {
  return node.symbol ?? (node.children.length === 0 ? node.parent?.symbol ?? null : null);
}

// What most of a row is, for its colour.
function kindOf(node) {
  return node.kind ?? (node.children.length === 0 ? null : kindOf(node.children[0]));
}
