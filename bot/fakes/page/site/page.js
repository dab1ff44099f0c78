// The page's one place that knows everything: the state, who looks at it, and what a press does.

import { act, listen, readState, Trouble } from "./api.js";
import { fill, setUpComposer } from "./composer.js";
import { byId } from "./dom.js";
import { HOME, paintHome } from "./home.js";
import { paintMessages } from "./messages.js";
import { paintModal } from "./modal.js";
import { paintNotes } from "./notes.js";
import { paintPanel } from "./panel.js";
import { paintShortcuts } from "./shortcuts.js";
import { paintSidebar } from "./sidebar.js";
import { paintTries } from "./tries.js";

const here = { user: null, channel: null, state: null, online: true, settled: false };
const seen = new Map(); // "user channel" → the newest ts that this person has looked at
const known = new Set(); // who has been acted as: whatever they get from then on is news
const log = byId("messages");

// --- reading -------------------------------------------------------------------------------------------------------

let reading = null;
let again = false;

// Reads the state and draws it. Calls during a reading lead to one more reading after it, never to two at once.
function refresh() {
  if (reading) {
    again = true;
    return reading;
  }
  reading = (async () => {
    do {
      again = false;
      const user = here.user;
      try {
        const state = await readState(user);
        if (user === here.user) take(state);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        online(false);
      }
    } while (again);
  })().finally(() => (reading = null));
  return reading;
}

function take(state) {
  here.state = state;
  here.user = state.user;
  here.online = true;
  if (here.channel !== HOME && !state.channels.some(({ id }) => id === here.channel)) here.channel = state.channels[0]?.id ?? null;
  paint();
}

function online(yes) {
  here.online = yes;
  if (here.state) paintPanel(here.state, here.online, happen);
}

// --- drawing -------------------------------------------------------------------------------------------------------

function rowsOf(channel) {
  const { messages, whispers } = here.state;
  const thread = (message) => Number(message.thread_ts ?? message.ts);
  const said = (messages[channel] ?? []).map((message) => ({ key: `m${message.ts}`, message, whisper: false }));
  const whispered = whispers.map((message, index) => ({ key: `w${message.ts ?? index}`, message, whisper: true })).filter(({ message }) => message.channel === channel);
  return [...said, ...whispered].sort((a, b) => thread(a.message) - thread(b.message) || Number(a.message.ts) - Number(b.message.ts));
}

const newest = (rows) => rows.reduce((latest, { message }) => Math.max(latest, Number(message.ts)), 0);

function unread(channel) {
  const rows = rowsOf(channel);
  const key = `${here.user} ${channel}`;
  if (!seen.has(key)) seen.set(key, known.has(here.user) ? 0 : newest(rows)); // what was there before one came is not news
  return rows.filter(({ message }) => Number(message.ts) > seen.get(key)).length;
}

const names = {
  user: (id) => (id === here.state.bot.id ? here.state.bot.name : here.state.users.find((one) => one.id === id)?.name),
  channel: (id) => here.state.channels.find((one) => one.id === id)?.name,
  users: () => here.state.users,
  channels: () => here.state.channels.filter(({ kind }) => kind === "channel"),
};

const people = {
  sender(message, whisper) {
    const { bot, users } = here.state;
    const person = users.find(({ id }) => id === message.user);
    if (person && !message.bot_id && !whisper) return { ...person, bot: false }; // a whisper names whom it is for
    return { id: bot.id, name: message.username ?? bot.name, bot: true };
  },
};

function paint() {
  const { state, channel } = here;
  paintSidebar({ state, channel, unread, onChannel: enter, onUser: become });
  const place = state.channels.find(({ id }) => id === channel);
  const atHome = channel === HOME;
  const title = place ? (place.kind === "direct" ? state.bot.name : place.name) : atHome ? `${state.bot.name}: Home` : "No channel";
  byId("hash").hidden = atHome || place?.kind === "direct";
  byId("home").hidden = !atHome;
  document.querySelectorAll(".room > .scroll, .room > .writing").forEach((part) => (part.hidden = atHome));
  if (atHome) paintHome(byId("home"), state.home, homeScene);
  if (byId("room-name").textContent !== title) byId("room-name").textContent = title;
  byId("outage").hidden = !state.status.down;
  paintRoom();
  paintPanel(state, here.online, happen);
  paintTries(byId("tries"), state.tries, fill);
  paintNotes(byId("notes"), state.notes);
  paintShortcuts(state.shortcuts, (callback) => use(callback));
  paintModal(state.views, deeds, state.notes);
}

const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
let followed = true; // whether the reader was at the end when last seen; then the end stays in sight

function paintRoom() {
  const rows = channelRows();
  const place = `${here.user} ${here.channel}`;
  const moved = log.dataset.place !== place;
  const atEnd = moved || nearEnd();
  paintMessages(log, place, rows, people, sceneOf, here.settled && !moved);
  byId("empty").hidden = rows.length > 0;
  if (atEnd) log.scrollTop = log.scrollHeight;
  else if (newest(rows) > (seen.get(place) ?? 0)) byId("newer").hidden = false;
  if (atEnd && !document.hidden) look();
  here.settled = true;
  known.add(here.user);
}

const channelRows = () => (here.channel ? rowsOf(here.channel) : []);

function look() {
  byId("newer").hidden = true;
  seen.set(`${here.user} ${here.channel}`, newest(channelRows()));
}

// --- doing ---------------------------------------------------------------------------------------------------------

const complain = (text) => {
  byId("complaint").textContent = text;
  byId("complaint").hidden = !text;
};

// Does something on the server and reads the state after it. Trouble is shown above the composer; says whether it worked.
async function attempt(name, body) {
  try {
    await act(name, body);
    complain("");
    return true;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    complain(error.message);
    return false;
  } finally {
    refresh();
  }
}

const sceneOf = ({ message, whisper }) => {
  const { user, channel, state } = here;
  const place = { user, channel, ts: message.ts, whisper };
  return {
    names,
    user,
    shortcuts: state.shortcuts,
    use: (callback) => use(callback, { channel, ts: message.ts }),
    press: ({ block_id }, { action_id }, value) => attempt("click", { ...place, block_id, action_id, value }),
    options: ({ block_id }, { action_id }, value) => asked({ ...place, block_id, action_id, value }),
  };
};

const use = (callback_id, message) => attempt("shortcut", { user: here.user, callback_id, ...message });

// What the app offers for what was typed: { options } or { option_groups }.
async function asked(wish) {
  const { status, body, error } = await act("options", wish);
  if (error || status < 200 || status > 299) throw new Trouble(`The app’s answer: ${error ?? status}. Type again to retry.`);
  return body;
}

const homeScene = {
  names,
  press: ({ block_id }, { action_id }, value) => attempt("click_home", { user: here.user, block_id, action_id, value }),
};

const deeds = {
  names,
  press: ({ block_id }, { action_id }, value, values) => act("click_view", { user: here.user, block_id, action_id, value, values }).finally(refresh),
  close: () => attempt("close_view", { user: here.user }),
  submit: (values) => act("submit", { user: here.user, values }).finally(refresh),
  options: ({ block_id }, { action_id }, value) => asked({ user: here.user, block_id, action_id, value }),
};

// What was done stands in the panel's log; what could not be done stands there, too, with its reason.
const happen = (wish) => attempt("happen", Object.fromEntries(Object.entries(wish).filter(([, value]) => value)));

function enter(channel) {
  here.channel = channel;
  remember();
  complain("");
  paint();
  if (channel === HOME) attempt("home", { user: here.user });
  else byId("line").focus();
}

function become(user) {
  here.user = user;
  here.settled = false;
  remember();
  complain("");
  if (here.channel === HOME) attempt("home", { user });
  else refresh();
}

// --- starting ------------------------------------------------------------------------------------------------------

function remember() {
  history.replaceState(null, "", `#${new URLSearchParams({ user: here.user, channel: here.channel })}`);
}

function recall() {
  const place = new URLSearchParams(location.hash.slice(1));
  here.user = place.get("user");
  here.channel = place.get("channel");
}

function start() {
  recall();
  setUpComposer(
    () => here.state?.hints ?? [],
    async (text, putBack) => (await attempt(text.startsWith("/") ? "command" : "share", { user: here.user, channel: here.channel, text })) || putBack(),
    complain,
  );
  log.addEventListener("scroll", () => {
    followed = nearEnd();
    if (followed && here.state) look();
  });
  new ResizeObserver(() => followed && (log.scrollTop = log.scrollHeight)).observe(log);
  byId("newer").addEventListener("click", () => (log.scrollTop = log.scrollHeight));
  addEventListener("keydown", (event) => {
    const free = !event.target.closest?.("input, textarea, select, dialog");
    if (event.key === "/" && free && !event.ctrlKey && !event.metaKey) byId("line").focus();
  });
  listen(refresh, online);
  refresh().then(() => here.channel === HOME && attempt("home", { user: here.user }));
}

start();
