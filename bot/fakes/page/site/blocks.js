// Block Kit as DOM nodes. A kind of block that the page does not know says so instead of vanishing.
//
// `scene` is what a block stands in: { names, press(block, element, value), options(block, element, query), fields }.
// `fields` (in modals) is where inputs sign in, so that the modal can read them.

import { element } from "./elements.js";
import { h, link } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { inputBlock } from "./fields.js";
import { mrkdwn } from "./mrkdwn.js";

export const blocks = (list, scene) => list.map((block) => h("div", { class: `block ${block.type}` }, one(block, scene)));

function one(block, scene) {
  const draw = KINDS[block.type];
  return draw ? draw(block, scene) : h("p", { class: "unknown" }, `(a “${block.type}” block, which this page does not show)`);
}

export function words(object, scene) {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text, scene.names, { verbatim: object.verbatim });
  return h("span", { class: "plain" }, object.emoji === false ? object.text : withEmoji(object.text));
}

const KINDS = {
  section: (block, scene) =>
    h(
      "div",
      { class: "section-row" },
      h(
        "div",
        { class: "section-body" },
        block.text && h("div", { class: "words" }, words(block.text, scene)),
        block.fields && h("div", { class: "pairs" }, block.fields.map((field) => h("div", { class: "words" }, words(field, scene)))),
      ),
      block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, scene)),
    ),
  header: (block, scene) => h("h3", {}, words(block.text, scene)),
  divider: () => h("hr"),
  context: (block, scene) =>
    h("div", { class: "context-row" }, block.elements.map((part) => (part.type === "image" ? picture(part, "tiny") : h("span", {}, words(part, scene))))),
  actions: (block, scene) => h("div", { class: "actions-row" }, block.elements.map((part) => element(part, block, scene))),
  image: (block, scene) => h("figure", {}, block.title && h("figcaption", {}, words(block.title, scene)), picture(block, "large")),
  input: inputBlock,
  markdown: (block) => h("div", { class: "words raw" }, block.text),
  rich_text: (block, scene) => block.elements.map((part) => rich(part, scene)),
  table: (block, scene) =>
    h("div", { class: "table" }, h("table", {}, block.rows.map((row, index) => h("tr", {}, row.map((cell) => tableCell(cell, index, scene)))))),
};

// Pictures come from elsewhere and the page loads nothing from elsewhere: a box with the words for it.
export function picture(image, size) {
  const box = h("span", { class: `picture ${size}`, role: "img", "aria-label": image.alt_text, title: image.alt_text }, icon("image"));
  if (size === "large") box.append(h("span", {}, image.alt_text));
  return box;
}

function tableCell(cell, index, scene) {
  return h(index === 0 ? "th" : "td", {}, cell.type === "rich_text" ? cell.elements.map((part) => rich(part, scene)) : String(cell.text ?? cell.value ?? ""));
}

function rich(part, scene) {
  const inside = () => (part.elements ?? []).map((leaf) => (leaf.elements ? rich(leaf, scene) : richLeaf(leaf, scene)));
  if (part.type === "rich_text_preformatted") return h("pre", {}, inside());
  if (part.type === "rich_text_quote") return h("blockquote", {}, inside());
  if (part.type === "rich_text_list") return h(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((item) => h("li", {}, rich(item, scene))));
  return h("div", { class: "words raw" }, inside());
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

function richLeaf(leaf, scene) {
  const plain = {
    link: () => link(leaf.url, leaf.text ?? leaf.url),
    user: () => h("span", { class: "mention" }, `@${scene.names.user(leaf.user_id) ?? leaf.user_id}`),
    channel: () => h("span", { class: "mention" }, `#${scene.names.channel(leaf.channel_id) ?? leaf.channel_id}`),
    broadcast: () => h("span", { class: "mention broadcast" }, `@${leaf.range}`),
    emoji: () => emoji(leaf.name) ?? `:${leaf.name}:`,
    date: () => mrkdwn(`<!date^${leaf.timestamp}^${leaf.format}|${leaf.fallback ?? ""}>`, scene.names),
  };
  const node = plain[leaf.type]?.() ?? leaf.text ?? "";
  return Object.entries(STYLES).reduce((inner, [style, tag]) => (leaf.style?.[style] ? h(tag, {}, inner) : inner), node);
}
