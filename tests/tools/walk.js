// What stands on the page, as shapes: run in the page, returns { width, height, items }.
//
// An item is a box, a text on one line, a path, a picture, or { clip, items } for what a scroll container lets be seen.
// Lengths are CSS pixels from the corner of the viewport, colours are [red, green, blue, alpha].

const SIDES = ["Top", "Right", "Bottom", "Left"];
const CORNERS = ["TopLeft", "TopRight", "BottomRight", "BottomLeft"];
const PICTOGRAM = /\p{Extended_Pictographic}|[\u25b0\u25b1]/u; // these are as wide as their font wants: each stands alone
const letters = new Intl.Segmenter("en", { granularity: "grapheme" });
const ruler = document.createElement("canvas").getContext("2d");
const screen_ = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };

const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
const empty = ({ left, top, right, bottom }) => right - left < 0.5 || bottom - top < 0.5;
const size = ({ left, top, right, bottom }) => ({ x: Math.round(left), y: Math.round(top), width: Math.round(right) - Math.round(left), height: Math.round(bottom) - Math.round(top) }); // as the browser does, edges stand on whole pixels

function color(text) {
  const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  return [...numbers.slice(0, 3).map((one) => one * scale), numbers[3] ?? 1];
}

function gradient(text) {
  const found = /^linear-gradient\(([\d.]+)deg, (.+)\)$/.exec(text);
  return found && { angle: Number(found[1]), colors: found[2].match(/[a-z]+\([^)]*\)/g).map(color) };
}

function radii(style, rect) {
  const most = Math.min(rect.width, rect.height) / 2;
  return CORNERS.map((corner) => {
    const value = style[`border${corner}Radius`];
    return Math.min(most, value.endsWith("%") ? most : parseFloat(value));
  });
}

// Pseudo elements have no place that a script can ask for, so real elements take their part.
function embodyPseudoElements() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".embodied::before, .embodied::after { content: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  for (const node of document.querySelectorAll("body *")) {
    for (const [pseudo, where] of [["::before", "prepend"], ["::after", "append"]]) {
      const style = getComputedStyle(node, pseudo);
      if (style.content !== '""' || style.display === "none") continue;
      const body = document.createElement("span");
      for (const name of ["display", "flex", "width", "height", "padding", "border", "background-color", "border-radius"]) body.style.setProperty(name, style.getPropertyValue(name));
      node[where](body);
    }
    if (node.querySelector(":scope > span[style]")) node.classList.add("embodied");
  }
}

function box(rect, style, opacity) {
  const borders = SIDES.map((side) => ({ width: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]), color: color(style[`border${side}Color`]) }));
  const fill = color(style.backgroundColor);
  const shade = gradient(style.backgroundImage);
  const edged = borders.some((one) => one.width && one.color[3]);
  return fill[3] || shade || edged ? [{ kind: "box", ...size(rect), radii: radii(style, rect), fill, gradient: shade, borders, opacity }] : [];
}

function text(said, rect, style, opacity) {
  ruler.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = ruler.measureText(said);
  const y = Math.round((rect.top + rect.bottom) / 2 + (up - down) / 2);
  return { kind: "text", text: said, x: rect.left, y, width: rect.right - rect.left, size: parseFloat(style.fontSize), weight: Number(style.fontWeight), italic: style.fontStyle === "italic", mono: /mono/i.test(style.fontFamily.split(",")[0]), fill: color(style.color), opacity, alone: false };
}

// One run for each line, and one for each pictogram.
function runs(node, style, opacity, sight) {
  const out = [];
  const range = document.createRange();
  for (const { segment, index } of letters.segment(node.data)) {
    range.setStart(node, index);
    range.setEnd(node, index + segment.length);
    const rect = range.getClientRects()[0];
    if (!rect || rect.width === 0) continue;
    const alone = PICTOGRAM.test(segment);
    const gap = !segment.trim();
    const last = out.at(-1);
    if (last && !alone && !last.alone && Math.abs(last.rect.top - rect.top) < 2) {
      last.said += segment;
      if (!gap) last.rect.right = rect.right;
    } else if (!gap) out.push({ said: segment, alone, rect: { left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom } });
  }
  return out.filter(({ rect }) => !empty(meet(rect, sight))).map(({ said, rect, alone }) => ({ ...text(said.trimEnd(), rect, style, opacity), alone }));
}

// What a field shows is no text node: its words stand in the middle of its height.
function fieldText(node, rect, style, opacity) {
  const said = node.tagName === "SELECT" ? (node.selectedOptions[0]?.text ?? "") : node.value || node.placeholder;
  const paint = node.tagName === "INPUT" && !node.value ? { ...pick(style), color: getComputedStyle(node, "::placeholder").color } : pick(style);
  ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const left = rect.left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft) + (node.tagName === "SELECT" ? 4 : 0);
  const out = said ? [text(said, { left, right: left + ruler.measureText(said).width, top: rect.top, bottom: rect.bottom }, paint, opacity)] : [];
  if (node.tagName !== "SELECT") return out;
  const [x, y] = [rect.right - parseFloat(style.borderRightWidth) - 12, (rect.top + rect.bottom) / 2];
  return [...out, { kind: "path", d: "M0 0l4 4 4-4", move: [x, y - 2], scale: 1, stroke: color(style.color), width: 2, opacity }];
}

const pick = ({ fontStyle, fontWeight, fontSize, fontFamily, color }) => ({ fontStyle, fontWeight, fontSize, fontFamily, color });

function iconPaths(svg, style, opacity) {
  return [...svg.querySelectorAll("path")].map((path) => {
    const { a, e, f } = path.getScreenCTM();
    return { kind: "path", d: path.getAttribute("d"), move: [Math.round(e), Math.round(f)], scale: a, stroke: color(style.stroke), width: parseFloat(style.strokeWidth), opacity };
  });
}

function inside(node, style, rect, opacity, sight) {
  if (node.tagName === "SELECT" || node.tagName === "INPUT") return fieldText(node, rect, style, opacity);
  if (node.tagName === "IMG") return [{ kind: "image", source: node.getAttribute("src"), ...size(rect) }];
  if (node.tagName === "svg") return iconPaths(node, style, opacity);
  return [...node.childNodes].flatMap((child) => {
    if (child.nodeType === Node.TEXT_NODE) return runs(child, style, opacity, sight);
    return child.nodeType === Node.ELEMENT_NODE ? walk(child, opacity, sight) : [];
  });
}

// The bar of a container that scrolls, where it takes room.
function scrollbar(node, style, rect) {
  const { clientWidth: wide, clientHeight: high, scrollHeight: all } = node;
  const room = rect.width - wide - parseFloat(style.borderLeftWidth) - parseFloat(style.borderRightWidth);
  if (all <= high || room < 2 || node.tagName === "SELECT" || node.tagName === "INPUT") return [];
  const shape = { x: rect.right - room + 2, y: rect.top + (node.scrollTop / all) * high + 2, width: room - 4, height: (high / all) * high - 4 };
  return [{ kind: "box", ...shape, radii: CORNERS.map(() => (room - 4) / 2), fill: color(style.scrollbarColor.split(")")[0]), gradient: null, borders: [], opacity: 1 }];
}

function walk(node, above, sight) {
  const style = getComputedStyle(node);
  const opacity = above * Number(style.opacity);
  if (style.display === "none" || style.visibility !== "visible" || opacity === 0) return [];
  const rect = node.getBoundingClientRect();
  const drawn = empty(meet(rect, sight)) ? [] : box(rect, style, opacity);
  if (style.overflowX === "visible") return [...drawn, ...inside(node, style, rect, opacity, sight)];
  const seen = meet(rect, sight);
  if (empty(seen)) return [];
  const items = [...inside(node, style, rect, opacity, seen), ...scrollbar(node, style, rect)];
  const corners = radii(style, rect);
  const cut = !node.matches("select, input") && (node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth || corners.some(Boolean));
  return [...drawn, ...(cut && items.length ? [{ kind: "group", clip: { ...size(rect), radii: corners }, items }] : items)];
}

embodyPseudoElements();
document.body.style.borderRadius = "12px"; // the picture stands on other pages
return { width: innerWidth, height: innerHeight, items: walk(document.body, 1, screen_) };
