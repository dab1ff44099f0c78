// external_select: an input whose list comes from the app while one types.
//
// What was chosen stays chosen until something else is: leaving the field or Escape puts its name back, and whoever
// empties the field chooses nothing.

import { Trouble } from "./api.js";
import { freshId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";

const WAIT = 200; // milliseconds of quiet before the app is asked
const LETTERS = 3; // typed before the app is asked, unless the element says otherwise: Slack's own default

export function combobox(item, { scene, block, id, label, start }) {
  let picked = (start ? start.selected_option : item.initial_option) ?? null;
  let shown = []; // { option, row }
  let active = -1;
  let timer = 0;
  let asked = 0;
  const least = item.min_query_length ?? LETTERS;
  const name = (option) => (option ? withEmoji(option.text.text) : "");
  const list = h("ul", { id: freshId("options"), role: "listbox", "aria-label": label ?? item.placeholder?.text ?? "Options" });
  const note = h("p", { class: "note", role: "status" });
  const popup = h("div", { class: "options", hidden: true }, list, note);
  const focus = h("input", {
    id, type: "text", role: "combobox", "aria-label": label, "aria-controls": list.id, "aria-autocomplete": "list", "aria-expanded": "false",
    autocomplete: "off", spellcheck: "false", placeholder: item.placeholder?.text ?? "Type to search", value: name(picked),
  });
  const query = () => (focus.value === name(picked) ? "" : focus.value.trim());

  const open = (yes) => {
    popup.hidden = !yes;
    focus.setAttribute("aria-expanded", String(yes && shown.length > 0));
    focus.setAttribute("aria-busy", "false");
  };
  const mark = (index) => {
    active = index;
    shown.forEach(({ row }, place) => row.setAttribute("aria-selected", String(place === active)));
    if (active < 0) return focus.removeAttribute("aria-activedescendant");
    focus.setAttribute("aria-activedescendant", shown[active].row.id);
    shown[active].row.scrollIntoView({ block: "nearest" });
  };
  const say = (text) => {
    shown = [];
    list.replaceChildren();
    note.textContent = text;
    mark(-1);
    open(true);
  };
  const close = () => {
    clearTimeout(timer);
    asked += 1; // an answer on its way comes too late
    open(false);
    mark(-1);
  };
  const pick = (option) => {
    const changed = option?.value !== picked?.value;
    picked = option;
    focus.value = name(option);
    close();
    if (changed) focus.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const row = (option) => {
    const about = option.description && h("span", { class: "about" }, withEmoji(option.description.text));
    const node = h("li", { role: "option", id: freshId("option"), onmousedown: (event) => (event.preventDefault(), pick(option)) }, name(option), about);
    shown.push({ option, row: node });
    return node;
  };
  const fill = ({ options, option_groups: groups }) => {
    shown = [];
    const rows = groups
      ? groups.flatMap((group) => [h("li", { class: "group-name", role: "presentation" }, withEmoji(group.label.text)), ...group.options.map(row)])
      : options.map(row);
    if (shown.length === 0) return say("No results");
    note.textContent = "";
    list.replaceChildren(...rows);
    open(true);
    mark(0);
  };
  const search = async () => {
    const turn = ++asked;
    const text = query();
    if (text.length < least) return say(least === 1 ? "Type to search." : `Type ${least} or more letters.`);
    if (popup.hidden || shown.length === 0) say("Searching …");
    focus.setAttribute("aria-busy", "true");
    try {
      const found = await scene.options(block, item, text);
      if (turn === asked) fill(found);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (turn === asked) say(`Could not load. ${error.message}`);
    }
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(search, wait);
  };

  focus.addEventListener("input", () => later(WAIT));
  focus.addEventListener("click", () => popup.hidden && (least === 0 || query()) && later(0));
  focus.addEventListener("change", (event) => event.isTrusted && event.stopPropagation()); // half-typed words are no choice
  focus.addEventListener("blur", () => (focus.value.trim() ? ((focus.value = name(picked)), close()) : pick(null)));
  focus.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (popup.hidden) {
      if (event.key !== "ArrowDown") return;
      later(0);
    } else if (step && shown.length) mark((active + step + shown.length) % shown.length);
    else if (event.key === "Enter") shown[active] && pick(shown[active].option);
    else if (event.key === "Escape") ((focus.value = name(picked)), close());
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { node: h("div", { class: "combobox" }, focus, popup), focus, read: () => ({ type: item.type, selected_option: picked }), empty: () => !picked };
}
