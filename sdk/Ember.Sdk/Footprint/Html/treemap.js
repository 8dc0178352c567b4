// Squarified treemaps: the rectangles of a row's parts, as near to squares as they get.
// items: the largest first, each with a size above 0. Calls place(item, x, y, width, height) for each.
function squarify(items, size, x, y, width, height, place) {
  let rest = items.reduce((sum, item) => sum + size(item), 0);
  let first = 0;
  while (first < items.length && width > 0 && height > 0) {
    const side = Math.min(width, height);
    const scale = width * height / rest;
    let last = first;
    let strip = 0;
    let worst = Infinity;
    while (last < items.length) {
      const grown = strip + size(items[last]) * scale;
      const ratio = worstRatio(size(items[first]) * scale, size(items[last]) * scale, grown, side);
      if (ratio > worst) {
        break;
      }
      worst = ratio;
      strip = grown;
      last++;
    }
    const thickness = strip / side;
    let offset = 0;
    for (; first < last; first++) {
      const length = size(items[first]) * scale / thickness;
      if (width >= height) {
        place(items[first], x, y + offset, thickness, length);
      } else {
        place(items[first], x + offset, y, length, thickness);
      }
      offset += length;
      rest -= size(items[first]);
    }
    if (width >= height) {
      x += thickness;
      width -= thickness;
    } else {
      y += thickness;
      height -= thickness;
    }
  }
}

function worstRatio(largest, smallest, strip, side) {
  const square = strip * strip;
  return Math.max(side * side * largest / square, square / (side * side * smallest));
}

const headerHeight = 18;
const tileGap = 2;

// The tiles of everything under a row that is large enough to be seen: { node, x, y, width, height, level, isGroup, title }.
function layOut(root, column, width, height) {
  const tiles = [];
  const fill = (node, x, y, w, h, level) => {
    const parts = node.children.filter(child => child.sizes[column] > 0).sort((a, b) => b.sizes[column] - a.sizes[column]);
    squarify(parts, part => part.sizes[column], x, y, w, h, (part, px, py, pw, ph) => {
      if (pw < 1.5 || ph < 1.5) {
        return;
      }
      const hasParts = part.children.some(child => child.sizes[column] > 0);
      if (hasParts && part.symbol !== null) {
        // A symbol's code, tables and unwind description lie side by side, and the largest has its name.
        fill(part, px, py, pw, ph, level);
        return;
      }
      const isGroup = hasParts && pw > 36 && ph > 2 * headerHeight;
      tiles.push({ node: part, x: px, y: py, width: pw, height: ph, level, isGroup, title: tileTitle(part) });
      if (isGroup) {
        fill(part, px + tileGap, py + headerHeight, pw - 2 * tileGap, ph - headerHeight - tileGap, level + 1);
      }
    });
  };
  fill(root, 0, 0, width, height, 1);
  return tiles;
}

function tileTitle(node) {
  const { parent } = node;
  return parent.symbol !== null ? (parent.children[0] === node ? parent.name : node.name)
    : node.name.startsWith(parent.name + ".") ? node.name.slice(parent.name.length + 1) : node.name;
}
