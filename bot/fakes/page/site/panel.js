// The registry's panel: buttons that make things happen, how the neighbours feel, and a log of what was done.

import { clockWithSeconds } from "./dates.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

export function paintPanel(state, online, onHappen) {
  paintRepositories(state.repositories);
  paintButtons(state.happenings, onHappen);
  paintStatus(state.status, online);
  paintLog(state.log);
}

function paintRepositories(names) {
  const select = byId("repository");
  if (select.dataset.names === names.join(" ")) return;
  const before = select.value;
  select.dataset.names = names.join(" ");
  select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
  if (names.includes(before)) select.value = before;
  byId("picker").hidden = names.length === 0;
}

function paintButtons(happenings, onHappen) {
  const box = byId("happenings");
  if (box.childElementCount) return; // they never change
  for (const group of new Set(happenings.map((one) => one.group))) {
    const buttons = happenings.filter((one) => one.group === group).map((one) => button(one, onHappen));
    const id = `group-${group.toLowerCase()}`;
    box.append(h("section", { class: `group ${group.toLowerCase()}`, "aria-labelledby": id }, h("h3", { id }, group), h("div", { class: "tiles" }, buttons)));
  }
}

function button(one, onHappen) {
  const node = h("button", { type: "button", class: "tile", title: one.says, "data-happening": one.name }, icon(one.icon), h("span", { class: "tile-label" }, one.label), h("span", { class: "tile-says" }, one.says));
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    const wish = { what: one.name, repository: byId("repository").value, tag: byId("tag").value.trim() };
    await onHappen(wish);
    node.removeAttribute("aria-busy");
  });
  return node;
}

function paintStatus({ queued, waiting, down }, online) {
  const say = (id, text, tone) => {
    const node = byId(id);
    if (node.textContent !== text) node.textContent = text;
    node.dataset.tone = tone;
  };
  say("status-slack", online ? (down ? "Slack is down" : "Slack is up") : "Demo not reachable", online && !down ? "good" : "bad");
  say("status-queued", queued === 1 ? "1 delivery queued" : `${queued} deliveries queued`, queued ? "busy" : "idle");
  say("status-waiting", waiting === 1 ? "1 message waiting" : `${waiting} messages waiting`, waiting ? "busy" : "idle");
}

function paintLog(lines) {
  const list = byId("log");
  const signature = JSON.stringify(lines);
  if (list.dataset.signature === signature) return;
  list.dataset.signature = signature;
  const rows = [...lines].reverse().map((line) => h("li", {}, h("time", {}, clockWithSeconds(line.at)), h("span", {}, line.text)));
  list.replaceChildren(...(rows.length ? rows : [h("li", { class: "nothing" }, "Nothing yet. Press a button above.")]));
}
