// The app's shortcuts: those of the whole workspace beside the composer, those of a message at the message.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./menu.js";

const entries = (shortcuts, use) => shortcuts.map(({ name, description, callback_id }) => ({ label: name, says: description, act: () => use(callback_id) }));
const of = (kind, shortcuts) => shortcuts.filter(({ type }) => type === kind);

// `use(callback id)`. The button is there only if there is something to choose.
export function paintShortcuts(shortcuts, use) {
  const place = byId("shortcuts");
  const global = of("global", shortcuts);
  const signature = JSON.stringify(global);
  if (place.dataset.signature === signature) return;
  place.dataset.signature = signature;
  const button = menuButton({ class: "icon-button", id: "shortcuts-button", "aria-label": "Shortcuts", title: "Shortcuts" }, icon("burst"), "Shortcuts", () => entries(global, use));
  place.replaceChildren(...(global.length ? [button] : []));
}

export function moreActions(shortcuts, use) {
  const own = of("message", shortcuts);
  if (own.length === 0) return null;
  return h("div", { class: "tools" }, menuButton({ class: "icon-button", "aria-label": "More actions", title: "More actions", "data-focus": "more" }, icon("dots"), "More actions", () => entries(own, use)));
}
