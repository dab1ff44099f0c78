// external_select: an input whose list comes from the app while one types.

import { freshId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";

const WAIT = 200; // milliseconds of quiet before the app is asked

export function combobox(item, { scene, id, label, start }) {
  let picked = (start ? start.selected_option : item.initial_option) ?? null;
  let shown = [];
  let active = -1;
  let timer = 0;
  let asked = 0;
  const least = item.min_query_length ?? 3; // Slack's own default
  const listId = freshId("options");
  const name = (option) => withEmoji(option.text.text);
  const list = h("ul", { id: listId, role: "listbox", class: "options", hidden: true });
  const focus = h("input", {
    id, type: "text", role: "combobox", "aria-label": label, "aria-controls": listId, "aria-autocomplete": "list", "aria-expanded": "false",
    autocomplete: "off", spellcheck: "false", placeholder: item.placeholder?.text ?? "Type to search", value: picked ? name(picked) : "",
  });

  const show = (open) => {
    list.hidden = !open;
    focus.setAttribute("aria-expanded", String(open));
    if (!open) active = -1;
    mark();
  };
  const mark = () => {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === active)));
    const row = list.children[active];
    if (row?.id) focus.setAttribute("aria-activedescendant", row.id);
    else focus.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  };
  const note = (text) => {
    shown = [];
    list.replaceChildren(h("li", { class: "note" }, text));
    show(true);
  };
  const pick = (option) => {
    picked = option;
    focus.value = name(option);
    show(false);
    focus.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const fill = (options) => {
    if (options.length === 0) return note("Nothing found.");
    shown = options;
    list.replaceChildren(
      ...options.map((option) =>
        h("li", { role: "option", id: freshId("option"), onmousedown: (event) => (event.preventDefault(), pick(option)) }, name(option),
          option.description && h("span", { class: "about" }, option.description.text))),
    );
    show(true);
  };
  const search = async () => {
    const query = picked ? "" : focus.value.trim();
    if (query.length < least) return least > 0 ? note(`Type ${least} or more letters.`) : undefined;
    const turn = ++asked;
    try {
      const options = await scene.options(item, query);
      if (turn === asked && document.activeElement === focus) fill(options);
    } catch (error) {
      if (turn === asked) note(error.message);
    }
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => (least === 0 || focus.value.trim().length >= least ? search() : note(`Type ${least} or more letters.`)), wait);
  };

  focus.addEventListener("input", () => ((picked = null), later(WAIT)));
  focus.addEventListener("focus", () => least === 0 && later(0));
  focus.addEventListener("change", (event) => !picked && event.isTrusted && event.stopPropagation()); // half-typed words are no choice
  focus.addEventListener("blur", () => {
    clearTimeout(timer);
    asked += 1;
    show(false);
  });
  focus.addEventListener("keydown", (event) => {
    if (list.hidden || shown.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) active = (active + step + shown.length) % shown.length;
    else if (event.key === "Enter" && active >= 0) pick(shown[active]);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    mark();
  });
  return { node: h("div", { class: "combobox" }, focus, list), focus, read: () => ({ type: item.type, selected_option: picked }), empty: () => !picked };
}
