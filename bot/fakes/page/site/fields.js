// The inputs of a modal. Each knows how to say its value as Slack's `state.values` has it.
//
// field(item, { scene, block, label, start, id }) → { node, focus, read(), empty() }; `start` is a value in that same shape.

import { words } from "./blocks.js";
import { combobox } from "./combobox.js";
import { freshId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";

export function field(item, setting) {
  return MAKERS[item.type]?.(item, setting) ?? null;
}

export function inputBlock(block, scene) {
  const item = block.element;
  const id = freshId("field");
  const made = field(item, { scene, block, id, label: null, start: scene.fields?.draft(block, item) });
  if (!made) return h("p", { class: "unknown" }, `(a “${item.type}” input, which this page does not show)`);
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const hint = block.hint && h("p", { class: "field-hint", id: `${id}-hint` }, words(block.hint, scene));
  made.focus.setAttribute("aria-describedby", `${id}-error${hint ? ` ${id}-hint` : ""}`);
  if (!block.optional) made.focus.setAttribute("aria-required", "true");
  scene.fields?.join(block, item, made, (text) => {
    error.textContent = text;
    made.focus.toggleAttribute("data-wrong", Boolean(text));
    made.focus.setAttribute("aria-invalid", String(Boolean(text)));
  });
  if (block.dispatch_action) dispatching(block, item, made, scene);
  const title = [words(block.label, scene), block.optional && h("span", { class: "optional" }, " (optional)")];
  if (made.group) return h("fieldset", { "aria-labelledby": id }, h("legend", { id }, title), made.node, error, hint);
  return [h("label", { for: id }, title), made.node, error, hint];
}

const PAUSE = 400; // milliseconds of quiet before "while one types" is told

// What is chosen is told to the app at once; a text at Enter, or while one types if the element asks for that.
function dispatching(block, item, made, scene) {
  const tell = () => scene.press(block, item, made.read());
  if (MAKERS[item.type] !== typed) return void made.node.addEventListener("change", tell);
  const when = item.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  made.focus.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || item.multiline || event.isComposing) return;
    event.preventDefault(); // Slack's forms are not sent by Enter here
    clearTimeout(timer);
    if (when.includes("on_enter_pressed")) tell();
  });
  made.focus.addEventListener("input", () => {
    clearTimeout(timer);
    if (when.includes("on_character_entered")) timer = setTimeout(tell, PAUSE);
  });
}

const same = (a, b) => a?.value === b?.value;
const chosen = (item) => item.options ?? (item.option_groups ?? []).flatMap((group) => group.options);

function typed(item, { id, label, start }) {
  const tag = item.multiline ? "textarea" : "input";
  const type = { number_input: "text", email_text_input: "email", url_text_input: "url" }[item.type] ?? "text";
  const focus = h(tag, {
    id,
    "aria-label": label,
    type: tag === "input" ? type : null,
    rows: item.multiline ? 4 : null,
    inputmode: item.type === "number_input" ? "decimal" : null,
    maxlength: item.max_length,
    placeholder: item.placeholder?.text,
    autocomplete: "off",
    spellcheck: "false",
    value: (start ? start.value : item.initial_value) ?? "",
  });
  return { node: focus, focus, read: () => ({ type: item.type, value: focus.value || null }), empty: () => !focus.value.trim() };
}

// A list to pick one from. `list` has { text, option }; `say` makes the value from what was picked.
function picker(item, { id, label }, entries, isStart, say) {
  const focus = h("select", { id, "aria-label": label });
  focus.append(h("option", { value: "" }, item.placeholder ? withEmoji(item.placeholder.text) : "Choose …"));
  let group = null;
  entries.forEach((entry, index) => {
    if (entry.group && group?.label !== entry.group) focus.append((group = h("optgroup", { label: entry.group })));
    const option = h("option", { value: String(index) }, entry.text);
    option.selected = isStart(entry);
    (entry.group ? group : focus).append(option);
  });
  const picked = () => (focus.value === "" ? null : entries[Number(focus.value)]);
  return { node: h("div", { class: "select" }, focus), focus, read: () => say(picked()), empty: () => !picked() };
}

function staticSelect(item, setting) {
  const start = setting.start ? setting.start.selected_option : item.initial_option;
  const entry = (option, group) => ({ option, group, text: withEmoji(option.text.text) });
  const entries = item.options
    ? item.options.map((option) => entry(option))
    : item.option_groups.flatMap((group) => group.options.map((option) => entry(option, group.label.text)));
  const say = (picked) => ({ type: item.type, selected_option: picked?.option ?? null });
  return picker(item, setting, entries, (one) => same(one.option, start), say);
}

// Channels and people are picked by id: `key` is the name of the value in Slack's state.
const idSelect = (key, list) => (item, setting) => {
  const initial = key.replace("selected_", "initial_");
  const start = setting.start ? setting.start[key] : item[initial];
  const entries = list(setting.scene.names).map(({ id, name }) => ({ id, text: name }));
  return picker(item, setting, entries, (one) => one.id === start, (picked) => ({ type: item.type, [key]: picked?.id ?? null }));
};

// Several (or one) of a short list, as boxes to tick.
const boxes = (kind, plural) => (item, { scene, start, label, id }) => {
  const name = freshId("choice");
  const initial = plural ? start?.selected_options ?? item.initial_options ?? [] : [start?.selected_option ?? item.initial_option];
  const rows = chosen(item).map((option) => {
    const box = h("input", { type: kind, name, checked: initial.some((one) => same(one, option)) });
    const about = option.description && h("span", { class: "about" }, words(option.description, scene));
    return { box, option, row: h("label", { class: "choice" }, box, h("span", {}, words(option.text, scene), about)) };
  });
  const picked = () => rows.filter(({ box }) => box.checked).map(({ option }) => option);
  const read = () => (plural ? { type: item.type, selected_options: picked() } : { type: item.type, selected_option: picked()[0] ?? null });
  const node = h("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group", "aria-label": label, "aria-labelledby": label ? null : id }, rows.map(({ row }) => row));
  return { node, focus: rows[0]?.box ?? node, group: true, read, empty: () => picked().length === 0 };
};

const dated = (kind, key, initial) => (item, { id, label, start }) => {
  const focus = h("input", { id, "aria-label": label, type: kind, value: (start ? start[key] : item[initial]) ?? "" });
  return { node: focus, focus, read: () => ({ type: item.type, [key]: focus.value || null }), empty: () => !focus.value };
};

const channelList = (names) => names.channels().map(({ id, name }) => ({ id, name: `#${name}` }));

const MAKERS = {
  plain_text_input: typed,
  number_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  static_select: staticSelect,
  external_select: combobox,
  channels_select: idSelect("selected_channel", channelList),
  conversations_select: idSelect("selected_conversation", channelList),
  users_select: idSelect("selected_user", (names) => names.users()),
  multi_static_select: boxes("checkbox", true),
  checkboxes: boxes("checkbox", true),
  radio_buttons: boxes("radio", false),
  datepicker: dated("date", "selected_date", "initial_date"),
  timepicker: dated("time", "selected_time", "initial_time"),
};
