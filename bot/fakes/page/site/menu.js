// A menu that hangs on a button: arrows, Home and End move, Enter chooses, Escape and a click elsewhere close it.

import { h } from "./dom.js";

const GAP = 4; // pixels between the button and its menu, and between the menu and the window's edge

// `entries()`: [{ label, says, act }]; `title` names the menu.
export function menuButton(attributes, inside, title, entries) {
  const button = h("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", ...attributes }, inside);
  let closing = false; // a press on the button itself has closed the open menu before its click is heard
  const open = () => {
    const menu = drawn(title, entries());
    menu.addEventListener("beforetoggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")));
    menu.addEventListener("toggle", (event) => event.newState === "closed" && menu.remove());
    document.body.append(menu);
    menu.showPopover();
    place(menu, button.getBoundingClientRect());
    menu.querySelector("[role=menuitem]")?.focus();
  };
  button.addEventListener("pointerdown", () => (closing = button.getAttribute("aria-expanded") === "true"));
  button.addEventListener("click", () => {
    if (!closing) open();
    closing = false;
  });
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  });
  return button;
}

function drawn(title, entries) {
  const menu = h("div", { class: "menu", popover: "auto" }, h("p", { class: "menu-title", "aria-hidden": "true" }, title));
  const rows = entries.map(({ label, says, act }) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => (menu.hidePopover(), act()) }, h("span", { class: "menu-label" }, label), says && h("span", { class: "about" }, says)),
  );
  menu.append(h("div", { role: "menu", "aria-label": title }, rows));
  menu.addEventListener("keydown", (event) => {
    const here = rows.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") menu.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    rows.at(next % rows.length)?.focus();
  });
  return menu;
}

// Below the button where there is room, else above it, on the button's side of the window; never outside of it.
function place(menu, button) {
  const { width, height } = menu.getBoundingClientRect();
  const below = button.bottom + GAP;
  const top = below + height <= innerHeight - GAP ? below : button.top - height - GAP;
  menu.style.setProperty("top", `${Math.max(GAP, top)}px`);
  const left = button.left < innerWidth / 2 ? button.left : button.right - width;
  menu.style.setProperty("left", `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`);
}
