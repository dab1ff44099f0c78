// What is worth trying as the acting person: a press puts the command into the composer.

import { h } from "./dom.js";

export function paintTries(list, tries, onPick) {
  const signature = JSON.stringify(tries);
  if (list.dataset.signature === signature) return;
  list.dataset.signature = signature;
  list.replaceChildren(...tries.map((one) => row(one, onPick)));
  list.hidden = tries.length === 0;
}

const row = ({ usage, says }, onPick) => h("li", {}, h("button", { type: "button", title: usage, onclick: () => onPick(usage) }, h("span", {}, says), h("code", {}, usage)));
