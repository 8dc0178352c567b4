// A function's machine code: lines of source, addresses, instructions with the symbols in them to follow.
function listingOf(symbol, address) {
  const { lines, end } = symbol.listing();
  const rows = [];
  for (const line of lines) {
    if (line.source !== null) {
      rows.push(element("div", { class: "source" }, isolated(line.source)));
    }
    rows.push(element("div", { class: "line" + (line.rva === address ? " target" : ""), id: "at-" + line.rva.toString(16) },
      element("span", { class: "address" }, hexadecimal(line.rva)),
      element("code", {}, instruction(line.text, symbol, lines[0].rva, end))));
  }
  return element("div", { class: "listing", role: "region", "aria-label": "Disassembly", tabindex: 0 }, rows);
}

function instruction(text, symbol, start, end) {
  if (typeof text !== "string") {
    const [before, target, name, after] = text;
    return [mnemonic(before), element("a", { href: symbolAddress(target), class: "symbol" }, isolated(name)), after];
  }
  // A jump inside the function.
  const jump = /^(j\w+ (?:\w+ )?)(0x[0-9A-Fa-f]+)$/.exec(text);
  const to = jump === null ? -1 : Number(jump[2]);
  return to >= start && to < end ? [mnemonic(jump[1]), element("a", { href: symbolAddress(symbol, to) }, jump[2])] : mnemonic(text);
}

function mnemonic(text) {
  const space = text.indexOf(" ");
  return space < 0 ? [element("b", {}, text)] : [element("b", {}, text.slice(0, space)), isolated(text.slice(space))];
}
