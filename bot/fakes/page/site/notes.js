// What the acting person has at hand, such as a token: small, and copied with one press.

import { h } from "./dom.js";

export function paintNotes(list, notes) {
  const signature = JSON.stringify(notes);
  if (list.dataset.signature === signature) return;
  list.dataset.signature = signature;
  list.replaceChildren(...notes.map(noteRow));
  list.hidden = notes.length === 0;
}

export function noteRow({ says, value }) {
  const shown = h("code", {}, value);
  const button = h("button", { type: "button", "aria-label": `Copy: ${says}` }, "Copy");
  button.addEventListener("click", async () => {
    const copied = await toClipboard(value);
    if (!copied) getSelection().selectAllChildren(shown);
    button.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  return h("li", {}, h("span", {}, says), shown, button);
}

// Browsers give pages from other machines without HTTPS no clipboard; what is selected can still be copied by hand.
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
