// The topmost modal of the acting person. What was typed survives an update of the view and a view pushed on top.

import { Trouble } from "./api.js";
import { blocks, words } from "./blocks.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { noteRow } from "./notes.js";

const drafts = new Map(); // view id → { "block action": value }
let open = null; // { id, signature, fields }

// `deeds`: { names, press(action, value), submit(values), close(), options(action, query) }, each asking the server.
// `notes`: what the person has at hand; the sidebar cannot be reached while a modal is open, so forms to type into show it.
export function paintModal(views, deeds, notes) {
  const dialog = byId("modal");
  keepDraft();
  for (const id of drafts.keys()) if (!views.some((view) => view.id === id)) drafts.delete(id);
  const view = views.at(-1);
  if (!view) {
    open = null;
    if (dialog.open) dialog.close();
    return;
  }
  const signature = JSON.stringify([view.id, view.title, view.submit, view.close, view.blocks, views.length]);
  if (open?.signature !== signature) draw(dialog, view, views.length, signature, deeds, notes);
  if (!dialog.open) dialog.showModal();
}

function keepDraft() {
  if (open) drafts.set(open.id, Object.fromEntries(open.fields.map((one) => [one.key, one.made.read()])));
}

function draw(dialog, view, depth, signature, deeds, notes) {
  const again = open?.id === view.id;
  const focused = again && dialog.contains(document.activeElement) ? open.fields.findIndex((one) => one.made.focus === document.activeElement) : -1;
  const draft = drafts.get(view.id) ?? {};
  const fields = [];
  const alert = h("p", { class: "dialog-alert", role: "alert" });
  const scene = {
    names: deeds.names,
    press: (item, value) => trying(alert, () => deeds.press(item.action_id, value)),
    options: (item, query) => deeds.options(item.action_id, query),
    fields: {
      draft: (block, item) => draft[`${block.block_id} ${item.action_id}`],
      join: (block, item, made, complain) => fields.push({ key: `${block.block_id} ${item.action_id}`, block, item, made, complain }),
    },
  };
  const atHand = view.blocks?.some(({ element }) => element?.type === "plain_text_input") ? notes : [];
  const send = view.submit && h("button", { type: "submit", class: "button primary", id: "modal-submit" }, words(view.submit, scene));
  const form = h(
    "form",
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit(fields, alert, send, deeds)) },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "modal-title" }, words(view.title, scene)),
      h("button", { type: "button", class: "icon-button", "aria-label": depth > 1 ? "Back to the window before" : "Close", onclick: deeds.close }, icon("close")),
    ),
    h("div", { class: "dialog-body" }, alert, blocks(view.blocks ?? [], scene)),
    h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", id: "modal-close", onclick: deeds.close }, view.close ? words(view.close, scene) : "Close"), send),
    atHand.length > 0 && h("ul", { class: "notes" }, atHand.map(noteRow)),
  );
  const scrolled = again ? dialog.querySelector(".dialog-body").scrollTop : 0;
  dialog.classList.toggle("stacked", depth > 1);
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => (event.preventDefault(), deeds.close());
  open = { id: view.id, signature, fields };
  if (!dialog.open) dialog.showModal();
  form.querySelector(".dialog-body").scrollTop = scrolled;
  (fields[focused] ?? (again ? null : fields[0]))?.made.focus.focus();
}

async function submit(fields, alert, send, deeds) {
  fields.forEach((one) => one.complain?.(""));
  if (!send || complainAll(fields, Object.fromEntries(fields.filter((one) => one.complain).map((one) => [one.block.block_id, lack(one)])))) return;
  const values = {};
  for (const { block, item, made } of fields) (values[block.block_id] ??= {})[item.action_id] = made.read();
  send.disabled = true;
  await trying(alert, async () => {
    const { status, body, error } = await deeds.submit(values);
    if (error || status < 200 || status > 299) throw new Trouble(`We had some trouble connecting (${error ?? status}). Try again?`);
    if (body?.response_action === "errors") complainAll(fields, body.errors ?? {});
  });
  send.disabled = false;
}

// What goes wrong is told inside the modal: behind it nobody would see it.
async function trying(alert, deed) {
  alert.textContent = "";
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    alert.textContent = error.message;
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
  const wrong = fields.filter((one) => one.complain && errors[one.block.block_id]);
  wrong.forEach((one) => one.complain(errors[one.block.block_id]));
  wrong[0]?.made.focus.focus();
  return wrong.length > 0;
}
