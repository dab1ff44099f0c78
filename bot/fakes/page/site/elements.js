// What can be pressed: buttons, menus, and the inputs that stand outside of an input block.

import { picture, words } from "./blocks.js";
import { confirmed } from "./confirm.js";
import { h, webAddress } from "./dom.js";
import { field } from "./fields.js";
import { icon } from "./icons.js";

export function element(item, block, scene) {
  if (item.type === "button") return button(item, block, scene);
  if (item.type === "overflow") return overflow(item, block, scene);
  if (item.type === "image") return picture(item, "small");
  return looseField(item, block, scene);
}

// Press (`value`: what was chosen in a menu, as `state.values` has it), with the question before it where there is one; the button says that it is busy until the app answered.
async function press(node, item, block, scene, value) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (item.confirm && !(await confirmed(item.confirm, scene))) return;
  node.setAttribute("aria-busy", "true");
  try {
    await scene.press(block, item, value);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function button(item, block, scene) {
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${item.style ?? ""}`,
      "aria-label": item.accessibility_label,
      "data-focus": `${block.block_id ?? ""} ${item.action_id}`,
      "data-action": item.action_id,
      onclick: () => {
        const address = item.url && webAddress(item.url);
        if (address) window.open(address, "_blank", "noopener,noreferrer");
        press(node, item, block, scene);
      },
    },
    words(item.text, scene),
  );
  return node;
}

function overflow(item, block, scene) {
  const menu = h("details", { class: "overflow" });
  const choices = item.options.map((option) => {
    const choice = h("button", { type: "button", "data-action": item.action_id }, words(option.text, scene));
    choice.addEventListener("click", () => {
      menu.open = false;
      press(choice, item, block, scene, { type: item.type, selected_option: option });
    });
    return choice;
  });
  menu.append(h("summary", { "aria-label": "More" }, icon("dots")), h("div", {}, choices));
  return menu;
}

function looseField(item, block, scene) {
  const made = field(item, { scene, block, label: item.placeholder?.text ?? "Choose", start: scene.fields?.draft(block, item) });
  if (!made) return h("span", { class: "unknown" }, `(a “${item.type}” element, which this page does not show)`);
  scene.fields?.join(block, item, made);
  made.node.addEventListener("change", () => press(made.node, item, block, scene, made.read()));
  return made.node;
}
