// The topmost modal of the acting person. Blocks are keyed: an update draws only those that differ, so that what is
// typed, the focus and an open list survive it. What a field holds is kept by its ids, also below a view pushed on top.

import { Trouble } from "./api.js";
import { blocks, words } from "./blocks.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { noteRow } from "./notes.js";

const drafts = new Map(); // view id → { "block action": value }
let open = null; // the window that is shown: { id, view, deeds, rows: key → { signature, node, fields }, …its parts }

// `deeds`: { names, press(block, item, value, values), options(block, item, query), submit(values), close() }, each asking
// the server. `notes`: what the person has at hand; the sidebar cannot be reached while a modal is open, so forms to type
// into show it.
export function paintModal(views, deeds, notes) {
  const dialog = byId("modal");
  if (open) drafts.set(open.id, Object.fromEntries(fieldsOf(open).map((one) => [one.key, one.made.read()])));
  for (const id of drafts.keys()) if (!views.some((view) => view.id === id)) drafts.delete(id);
  const view = views.at(-1);
  if (!view) {
    open = null;
    if (dialog.open) dialog.close();
    return;
  }
  const fresh = open?.id !== view.id;
  if (fresh) open = newWindow(dialog, view.id, deeds);
  open.view = view;
  dialog.classList.toggle("stacked", views.length > 1);
  paintFrame(open, views.length, notes);
  const refocus = paintBlocks(open, drafts.get(view.id) ?? {});
  if (!dialog.open) dialog.showModal();
  if (fresh) fieldsOf(open)[0]?.made.focus.focus();
  else refocus();
}

const fieldsOf = (one) => [...one.rows.values()].flatMap(({ fields }) => fields);
const keyOf = (block, item) => `${block.block_id} ${item.action_id}`;

function valuesOf(one) {
  const values = {};
  for (const { block, item, made } of fieldsOf(one)) (values[block.block_id] ??= {})[item.action_id] = made.read();
  return values;
}

function newWindow(dialog, id, deeds) {
  const alert = h("p", { class: "dialog-alert", role: "alert" });
  const one = { id, deeds, alert, rows: new Map(), head: h("div", { class: "dialog-head" }), body: h("div", { class: "dialog-body" }, alert), foot: h("div", { class: "dialog-foot" }), hand: h("ul", { class: "notes" }) };
  const form = h("form", { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit(one)) }, one.head, one.body, one.foot, one.hand);
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => (event.preventDefault(), deeds.close());
  return one;
}

function paintFrame(one, depth, notes) {
  const { view, deeds } = one;
  const scene = { names: deeds.names };
  const atHand = view.blocks?.some(({ element }) => element?.type === "plain_text_input") ? notes : [];
  const signature = JSON.stringify([view.title, view.submit, view.close, depth, atHand]);
  if (one.signature === signature) return;
  one.signature = signature;
  one.send = view.submit && h("button", { type: "submit", class: "button primary", id: "modal-submit" }, words(view.submit, scene));
  one.head.replaceChildren(
    h("h2", { id: "modal-title" }, words(view.title, scene)),
    h("button", { type: "button", class: "icon-button", "aria-label": depth > 1 ? "Back to the window before" : "Close", onclick: deeds.close }, icon("close")),
  );
  const close = h("button", { type: "button", class: "button", id: "modal-close", onclick: deeds.close }, view.close ? words(view.close, scene) : "Close");
  one.foot.replaceChildren(...[close, one.send].filter(Boolean));
  one.hand.replaceChildren(...atHand.map(noteRow));
  one.hand.hidden = atHand.length === 0;
}

// Gives a function that puts the focus back if its place was drawn anew.
function paintBlocks(one, draft) {
  const focused = fieldsOf(one).find(({ made }) => made.focus === document.activeElement)?.key;
  const scrolled = one.body.scrollTop;
  const before = one.rows;
  one.rows = new Map();
  let after = one.alert;
  (one.view.blocks ?? []).forEach((block, index) => {
    const key = block.block_id ?? `#${index}`;
    const signature = JSON.stringify(block);
    const known = before.get(key);
    const row = known?.signature === signature ? known : drawn(block, signature, one, draft);
    if (known) before.delete(key);
    if (known && known !== row) known.node.replaceWith(row.node);
    if (after.nextSibling !== row.node) after.after(row.node);
    after = row.node;
    one.rows.set(key, row);
  });
  for (const { node } of before.values()) node.remove();
  one.body.scrollTop = scrolled;
  return () => {
    const field = focused && fieldsOf(one).find(({ key }) => key === focused);
    if (field && field.made.focus !== document.activeElement) field.made.focus.focus();
  };
}

function drawn(block, signature, one, draft) {
  const fields = [];
  const known = (part, item) => draft[keyOf(part, item)] ?? one.view.state?.values?.[part.block_id]?.[item.action_id];
  const scene = {
    names: one.deeds.names,
    press: (part, item, value) => trying(one.alert, () => one.deeds.press(part, item, value, valuesOf(one))),
    options: one.deeds.options,
    fields: {
      draft: (part, item) => (known(part, item)?.type === item.type ? known(part, item) : undefined),
      join: (part, item, made, complain) => fields.push({ key: keyOf(part, item), block: part, item, made, complain }),
    },
  };
  const [node] = blocks([block], scene);
  return { signature, node, fields };
}

async function submit(one) {
  const fields = fieldsOf(one).filter(({ complain }) => complain);
  fields.forEach(({ complain }) => complain(""));
  if (!one.send || complainAll(fields, Object.fromEntries(fields.map((field) => [field.block.block_id, lack(field)])))) return;
  one.send.disabled = true;
  await trying(one.alert, async () => {
    const { status, body, error } = await one.deeds.submit(valuesOf(one));
    if (error || status < 200 || status > 299) throw new Trouble(`We had some trouble connecting (${error ?? status}). Try again?`);
    if (body?.response_action === "errors") complainAll(fields, body.errors ?? {});
  });
  one.send.disabled = false;
}

// What goes wrong is told inside the modal: behind it nobody would see it.
async function trying(alert, deed) {
  alert.textContent = "";
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    alert.textContent = error.message;
    alert.scrollIntoView({ block: "nearest" });
  }
}

function lack({ block, item, made }) {
  if (made.empty()) return block.optional ? "" : "This is a required field.";
  const text = made.read().value;
  if (typeof text === "string" && text.length < (item.min_length ?? 0)) return `Type at least ${item.min_length} characters.`;
  return "";
}

// Shows each error under its field and goes to the first one; says whether there was any.
function complainAll(fields, errors) {
  const wrong = fields.filter((one) => errors[one.block.block_id]);
  wrong.forEach((one) => one.complain(errors[one.block.block_id]));
  wrong[0]?.made.focus.focus();
  return wrong.length > 0;
}
