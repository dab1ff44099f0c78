// The list of messages. Rows are keyed: only what is new or changed is drawn again, so focus and scroll stay.

import { blocks } from "./blocks.js";
import { clock, day, dayKey, full } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { moreActions } from "./shortcuts.js";

const TOGETHER = 300; // seconds within which one sender's messages share a picture and a name
const drawn = new Map(); // row key → { signature, node }

// `rows`: [{ key, message, whisper }] in order; `scene(row)` makes what a row's blocks stand in.
export function paintMessages(list, place, rows, people, scene, settled) {
  if (list.dataset.place !== place) {
    list.dataset.place = place;
    list.replaceChildren();
    drawn.clear();
  }
  const wanted = withDays(rows);
  const keys = new Set(wanted.map((row) => row.key));
  for (const [key, { node }] of drawn) if (!keys.has(key)) (node.remove(), drawn.delete(key));
  let after = null;
  for (const row of wanted) {
    const node = redrawn(row, people, scene, settled);
    const next = after ? after.nextSibling : list.firstChild;
    if (next !== node) list.insertBefore(node, next);
    after = node;
  }
}

function redrawn(row, people, scene, settled) {
  const signature = JSON.stringify([row.message, row.follows, row.day]);
  const known = drawn.get(row.key);
  if (known?.signature === signature) return known.node;
  const node = row.day ? dayLine(row) : messageRow(row, people, scene(row));
  if (known) {
    const focused = known.node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    known.node.replaceWith(node);
    if (!row.day) node.classList.add("changed");
    if (focused) [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused)?.focus();
  } else if (settled) node.classList.add("fresh");
  drawn.set(row.key, { signature, node });
  return node;
}

// Puts a line before each new day, and says which message follows on from the one before it.
function withDays(rows) {
  const out = [];
  let before = null;
  for (const row of rows) {
    const seconds = Number(row.message.ts);
    if (!before || dayKey(Number(before.message.ts)) !== dayKey(seconds)) {
      out.push({ key: `day ${dayKey(seconds)}`, day: day(seconds), message: null });
      before = null;
    }
    const follows =
      before !== null && !row.whisper && !before.whisper && sender(before.message) === sender(row.message) && seconds - Number(before.message.ts) < TOGETHER;
    out.push({ ...row, follows });
    before = row;
  }
  return out;
}

const sender = (message) => message.user ?? message.bot_id ?? message.username ?? "";

const dayLine = (row) => h("li", { class: "day" }, h("span", {}, row.day));

function messageRow({ message, whisper, follows, key }, people, scene) {
  const who = people.sender(message, whisper);
  const seconds = Number(message.ts);
  const time = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds) }, clock(seconds));
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  const kind = ["message", whisper && "whisper", follows && "follows", reply && "reply"].filter(Boolean).join(" ");
  return h(
    "li",
    { class: kind, "data-key": key, "data-ts": message.ts },
    whisper && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
    h("div", { class: "avatar-cell" }, follows ? time : avatar(who)),
    h(
      "div",
      { class: "message-body" },
      !follows && h("p", { class: "byline" }, h("strong", {}, who.name), who.bot && h("span", { class: "badge" }, "APP"), time),
      reply && h("p", { class: "in-thread" }, "replied in a thread"),
      content(message, scene),
    ),
    !whisper && moreActions(scene.shortcuts, scene.use),
  );
}

export function avatar(who) {
  if (who.bot) return h("span", { class: "avatar bot", "aria-hidden": "true" }, icon("cube"));
  const tint = [...who.id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return h("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, who.name.slice(0, 1).toUpperCase());
}

function content(message, scene) {
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const own = message.blocks?.length ? blocks(message.blocks, scene) : message.text ? [h("div", { class: "words" }, mrkdwn(message.text, scene.names))] : [];
  if (edited) (own.at(-1)?.querySelector?.(".words, .context-row") ?? own.at(-1) ?? h("div")).append(edited);
  return [...own, ...(message.attachments ?? []).map((one) => attachment(one, scene)), ...(message.files ?? []).map((one) => file(one, scene))];
}

function file(one, scene) {
  const href = `/demo/file/${encodeURIComponent(one.id)}?${new URLSearchParams({ user: scene.user })}`;
  const size = one.size < 1000 ? `${one.size} bytes` : `${Math.round(one.size / 1000).toLocaleString("en")} kB`;
  return h("p", { class: "file" }, icon("file"), h("a", { href, download: one.name }, one.title ?? one.name), h("span", { class: "file-size" }, size));
}

function attachment(one, scene) {
  const bar = h("div", { class: "bar" });
  const color = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" }[one.color] ?? (/^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : "#8d8d8d");
  bar.style.setProperty("background-color", color);
  const inside = one.blocks?.length
    ? blocks(one.blocks, scene)
    : [
        one.pretext && h("div", { class: "words" }, mrkdwn(one.pretext, scene.names)),
        one.title && h("strong", {}, one.title),
        h("div", { class: "words" }, mrkdwn(one.text ?? one.fallback ?? "", scene.names)),
      ];
  return h("div", { class: "attachment" }, bar, h("div", { class: "attachment-body" }, inside));
}
