// The app's Home tab: one view of one person, drawn again only where it changed.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";

export const HOME = "home"; // stands where the id of a channel stands

// `scene` is what the blocks stand in, as in a message.
export function paintHome(box, view, scene) {
  const signature = JSON.stringify([view?.id, view?.hash, view?.blocks]);
  if (box.dataset.signature === signature) return;
  box.dataset.signature = signature;
  const place = [...box.querySelectorAll("button, select, input")].indexOf(document.activeElement);
  const waiting = h("p", { class: "empty" }, "The app draws its Home tab. One moment, please.");
  box.replaceChildren(...(view ? blocks(view.blocks, scene) : [waiting]));
  if (place >= 0) [...box.querySelectorAll("button, select, input")][place]?.focus();
}
