// Slack's mrkdwn as DOM nodes. Every word of it may be foreign, so nodes are built one by one, text as text.

import { full, tokens } from "./dates.js";
import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";

const FENCE = /```\n?([\s\S]*?)```/g;

// In this order: a code span, a <token>, *bold* _italic_ ~strike~, an emoji, a bare address.
const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}])([*_~])(?=\S)((?:`[^`\n]*`|<[^<>\n]*>|[^\n`<])+?)(?<=\S)\3(?![\p{L}\p{N}])|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>]+)/gu;

const STYLES = { "*": "strong", _: "em", "~": "s" };
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

// `names` knows people and channels: { user(id), channel(id) } give a name or undefined.
export function mrkdwn(text, names, { verbatim = false } = {}) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    out.append(lines(trimEnd(text.slice(from, fence.index)), names, verbatim));
    out.append(h("pre", {}, literal(fence[1].replace(/\n$/, ""))));
    from = fence.index + fence[0].length;
    if (text[from] === "\n") from += 1;
  }
  out.append(lines(text.slice(from), names, verbatim));
  return out;
}

// Inside code nothing is styled; a link shows its words.
const literal = (text) => unescape(text.replace(/<((?:https?:|mailto:|[@#!])[^<>|]+)(?:\|([^<>]*))?>/g, (_, target, words) => words ?? target));

const trimEnd = (text) => text.replace(/\n$/, "");

function lines(text, names, verbatim) {
  const out = document.createDocumentFragment();
  let quote = null;
  let first = true;
  for (const line of text === "" ? [] : text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    if (quoted) {
      if (!quote) out.append((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(inline(line.slice(quoted[0].length), names, verbatim));
    } else {
      if (!first && !quote) out.append(h("br"));
      quote = null;
      out.append(inline(line, names, verbatim));
    }
    first = false;
  }
  return out;
}

function inline(text, names, verbatim) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, code, token, mark, marked, short, bare] = found;
    out.append(unescape(text.slice(from, found.index)));
    from = found.index + whole.length;
    if (code !== undefined) out.append(h("code", {}, literal(code)));
    else if (token !== undefined) out.append(special(token, names));
    else if (mark !== undefined) out.append(h(STYLES[mark], {}, inline(marked, names, verbatim)));
    else if (short !== undefined) out.append(emoji(short) ? glyph(short) : whole);
    else out.append(verbatim ? unescape(bare) : link(unescape(bare)));
  }
  out.append(unescape(text.slice(from)));
  return out;
}

const glyph = (code) => h("span", { class: "emoji", role: "img", "aria-label": code.replaceAll("_", " ") }, emoji(code));

function special(token, names) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(token.slice(bar + 1));
  if (target.startsWith("@")) return h("span", { class: "mention" }, `@${names.user(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${names.channel(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("!date^")) return moment(target, label);
  if (target.startsWith("!")) return h("span", { class: "mention broadcast" }, label ?? `@${target.slice(1).split("^")[0]}`);
  // A link's words may be styled, but hold no further link.
  return label === undefined ? link(unescape(target)) : link(unescape(target), inline(token.slice(bar + 1), names, true));
}

function moment(target, fallback) {
  const [, stamp, pattern, address] = target.split("^");
  const seconds = Number(stamp);
  if (!Number.isFinite(seconds) || pattern === undefined) return h("span", {}, fallback ?? "");
  const time = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds) }, unescape(tokens(seconds, pattern)));
  return address ? link(unescape(address), time) : time;
}
