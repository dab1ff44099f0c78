// The sidebar: channels and direct conversations with what is new in them, and who one acts as.

import { byId, h } from "./dom.js";
import { HOME } from "./home.js";
import { avatar } from "./messages.js";

// `unread(channel)` is the number of messages not seen yet; the callbacks are told an id.
export function paintSidebar({ state, channel, unread, onChannel, onUser }) {
  const entry = (one) => {
    const count = one.id === channel ? 0 : unread(one.id);
    const name = one.kind === "direct" ? state.bot.name : one.name;
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: count ? "place unread" : "place", "data-channel": one.id, "aria-current": one.id === channel ? "true" : null, onclick: () => onChannel(one.id) },
        one.kind === "direct" ? avatar({ bot: true }) : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
        h("span", { class: "place-name" }, name),
        count > 0 && h("span", { class: "count", "aria-label": `${count} new` }, count > 99 ? "99+" : String(count)),
      ),
    );
  };
  const of = (kind) => state.channels.filter((one) => one.kind === kind);
  renew(byId("channels"), of("channel").map(entry));
  renew(byId("directs"), [...of("direct").map(entry), homeEntry(state, channel, onChannel)]);
  byId("directs-title").hidden = false;
  paintUsers(state, onUser);
}

const homeEntry = (state, channel, onChannel) =>
  h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "place", "data-channel": HOME, "aria-current": channel === HOME ? "true" : null, onclick: () => onChannel(HOME) },
      avatar({ bot: true }),
      h("span", { class: "place-name" }, `${state.bot.name}: Home`),
    ),
  );

// Draws anew only where something differs, and gives the focus back to the entry that had it.
function renew(list, entries) {
  const fresh = h("ul", {}, entries);
  if (fresh.isEqualNode(h("ul", {}, [...list.children].map((child) => child.cloneNode(true))))) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
  list.replaceChildren(...entries);
  if (focused) [...list.querySelectorAll("button")].find((one) => one.dataset.channel === focused)?.focus();
}

function paintUsers(state, onUser) {
  const select = byId("user");
  const ids = state.users.map(({ id }) => id).join(" ");
  if (select.dataset.ids !== ids) {
    select.dataset.ids = ids;
    select.replaceChildren(...state.users.map(({ id, name }) => h("option", { value: id }, name)));
    select.onchange = () => onUser(select.value);
  }
  select.value = state.user;
  const me = state.users.find(({ id }) => id === state.user);
  byId("me").replaceChildren(avatar({ ...me, bot: false }));
}
