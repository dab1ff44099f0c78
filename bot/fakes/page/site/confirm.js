// "Are you sure?": Slack's confirm object as a dialog. Answers true or false.

import { words } from "./blocks.js";
import { byId, h } from "./dom.js";

export function confirmed(question, scene) {
  const dialog = byId("confirm");
  return new Promise((resolve) => {
    const answer = (yes) => () => dialog.close(yes ? "yes" : "no");
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, words(question.title, scene)),
      h("div", { class: "words dialog-body" }, words(question.text, scene)),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: answer(false) }, words(question.deny, scene)),
        h("button", { type: "button", class: `button ${question.style ?? "primary"}`, id: "confirm-yes", onclick: answer(true) }, words(question.confirm, scene)),
      ),
    );
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
