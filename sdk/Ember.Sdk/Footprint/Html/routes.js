// What is shown is in the page's address, so that it can be linked to, and Back works.
function readRoute() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const symbol = fields.get("symbol");
  return {
    tab: symbol !== null ? "symbol" : fields.get("tab") ?? "map",
    symbol,
    address: fields.has("at") ? parseInt(fields.get("at"), 16) : null,
    zoom: fields.get("zoom") ?? "",
    column: fields.get("column"),
    colour: fields.get("colour"),
  };
}

function symbolAddress(symbol, address) {
  return hash({ symbol: symbol.name, at: address === undefined ? null : address.toString(16) });
}

function tabAddress(tab) {
  return hash({ tab });
}

function mapAddress(route, changes) {
  const { zoom, column, colour } = { ...route, ...changes };
  return hash({ tab: "map", zoom: zoom === "" ? null : zoom, column, colour });
}

function hash(fields) {
  return "#" + new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== null)).toString();
}

function go(address) {
  location.hash = address;
}
