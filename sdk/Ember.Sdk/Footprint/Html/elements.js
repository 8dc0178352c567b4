"use strict";

// Everything a name goes through on its way to the screen: text, never markup.
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return made;
}

const wholeNumber = new Intl.NumberFormat("en-US");

function bytes(count) {
  return wholeNumber.format(count);
}

function signed(count) {
  return count > 0 ? "+" + bytes(count) : count < 0 ? "\u2212" + bytes(-count) : "0";
}

function share(part, whole) {
  return whole === 0 ? "" : (100 * part / whole).toFixed(part * 1000 < whole ? 2 : 1) + " %";
}

function hexadecimal(address) {
  return "0x" + address.toString(16).toUpperCase();
}

// A text out of the report, set apart so that none changes how the text around it reads.
function isolated(text, kind) {
  return element("bdi", { class: kind, dir: "ltr" }, text);
}

// The same for a name, which may be long: it breaks behind what separates its parts.
function named(text) {
  return isolated(breakable(text));
}

function breakable(text) {
  return text.split(/(?<=[.,(<_])/).flatMap((part, i) => i === 0 ? [part] : [element("wbr"), part]);
}

function symbolName(symbol) {
  if (typeof symbol === "string") {
    return named(symbol);
  }
  const { namespace } = symbol.source;
  return isolated([
    namespace === "" ? null : element("span", { class: "namespace" }, breakable(namespace + "."), element("wbr")),
    breakable(symbol.shortName)]);
}

// A reference that is no symbol of the report is shown and leads nowhere.
function symbolLink(symbol, address) {
  return typeof symbol === "string" ? symbolName(symbol)
    : element("a", { href: symbolAddress(symbol, address), class: "symbol" }, symbolName(symbol));
}

// head: texts, or [text, "number"]; rows: arrays of cells, each a text, an element, or a number.
function dataTable(caption, head, rows) {
  return element("div", { class: "scroll" }, element("table", {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, head.map(title => Array.isArray(title)
      ? element("th", { scope: "col", class: title[1] }, title[0])
      : element("th", { scope: "col" }, title)))),
    element("tbody", {}, rows.map(row => element("tr", {}, row.map((cell, i) =>
      element("td", Array.isArray(head[i]) ? { class: head[i][1] } : {}, cell)))))));
}

function kindCell(kind) {
  return element("span", { class: "kind" }, kindTitle(kind));
}

function nothing(text) {
  return element("p", { class: "nothing" }, text);
}
