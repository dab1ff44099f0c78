// The composer: slash commands and links, with suggestions while one types and a history on arrow-up.

import { byId, h } from "./dom.js";

const history = [];
let back = 0; // how many lines back in the history; 0: one's own line
let active = -1;
let matches = [];

// "/quay tags REPO [--all]" is typed as "/quay tags" and then the rest.
const fixed = (usage) => usage.split(/\s+(?=[A-Z<[{(…"'])/)[0];

export function setUpComposer(hints, send, complain) {
  const line = byId("line");
  line.addEventListener("input", () => {
    back = 0;
    active = -1;
    complain("");
    suggest(hints());
  });
  line.addEventListener("focus", () => suggest(hints()));
  line.addEventListener("blur", hide);
  line.addEventListener("keydown", (event) => onKey(event, line, hints));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = line.value.trim();
    if (!text) return;
    if (!text.startsWith("/") && !text.includes("://")) return complain("This demo’s composer only speaks slash commands, and shares links. Try /quay help.");
    if (history.at(-1) !== text) history.push(text);
    back = 0;
    line.value = "";
    hide();
    send(text, () => line.value || (line.value = text));
  });
}

// Puts a whole command into the composer, to be looked at and sent.
export function fill(text) {
  const line = byId("line");
  back = 0;
  line.value = text;
  line.focus();
  line.setSelectionRange(text.length, text.length);
  hide();
}

function onKey(event, line, hints) {
  if (event.isComposing) return;
  const listed = matches.length > 0 && !byId("suggestions").hidden;
  if (event.key === "Escape" && listed) hide();
  else if (event.key === "Tab" && listed && !event.shiftKey && complete(line, matches[Math.max(active, 0)])) suggest(hints());
  else if (event.key === "Enter" && listed && active >= 0) (complete(line, matches[active]), suggest(hints()));
  else if (event.key === "ArrowUp" && (line.value === "" || back > 0)) recall(line, 1);
  else if (event.key === "ArrowDown" && back > 0) recall(line, -1);
  else if (listed && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    active = (active + (event.key === "ArrowDown" ? 1 : matches.length - (active < 0 ? 0 : 1))) % matches.length;
    mark();
  } else return;
  event.preventDefault();
}

function complete(line, hint) {
  const words = `${fixed(hint.usage)} `;
  if (line.value.startsWith(words)) return false;
  line.value = words;
  active = -1;
  return true;
}

function recall(line, step) {
  back = Math.min(Math.max(back + step, 0), history.length);
  line.value = back ? history.at(-back) : "";
  hide();
}

function suggest(hints) {
  const text = byId("line").value.trimStart();
  if (!text.startsWith("/")) return hide();
  matches = hints.filter(({ usage }) => usage.startsWith(text) || text.startsWith(`${fixed(usage)} `));
  // Once the words of one command are typed, only the longest match is meant.
  if (matches.some(({ usage }) => text.startsWith(`${fixed(usage)} `) && fixed(usage).includes(" "))) matches = matches.filter(({ usage }) => fixed(usage).includes(" "));
  const list = byId("suggestions");
  list.replaceChildren(
    ...matches.map((hint, index) =>
      h("li", { id: `suggestion-${index}`, role: "option", onmousedown: (event) => (event.preventDefault(), complete(byId("line"), hint), suggest(hints)) },
        h("code", {}, hint.usage), h("span", {}, hint.says)),
    ),
  );
  list.hidden = matches.length === 0;
  byId("line").setAttribute("aria-expanded", String(matches.length > 0));
  mark();
}

function mark() {
  const list = byId("suggestions");
  [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === active)));
  list.children[active]?.scrollIntoView({ block: "nearest" });
  if (active >= 0) byId("line").setAttribute("aria-activedescendant", `suggestion-${active}`);
  else byId("line").removeAttribute("aria-activedescendant");
}

function hide() {
  matches = [];
  active = -1;
  byId("suggestions").hidden = true;
  byId("line").setAttribute("aria-expanded", "false");
  byId("line").removeAttribute("aria-activedescendant");
}
