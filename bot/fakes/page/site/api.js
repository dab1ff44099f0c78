// Talking to the server: reading the state, doing something, and hearing that something changed.

export class Trouble extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Trouble("The demo does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Trouble(body?.error ?? `Something went wrong (HTTP ${response.status}).`);
  return body;
}

export const readState = (user) => ask(`/demo/state${user ? `?user=${encodeURIComponent(user)}` : ""}`, { cache: "no-store" });

export const act = (name, body) =>
  ask(`/demo/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Quaybot-Demo": "1" },
    body: JSON.stringify(body),
  });

// Browsers allow six connections per server, so a hidden tab gives its stream back until it is looked at again.
export function listen(onTick, onLink) {
  let source = null;
  const open = () => {
    if (source) return;
    source = new EventSource("/demo/events");
    source.addEventListener("tick", () => onTick());
    source.addEventListener("open", () => onLink(true));
    source.addEventListener("error", () => {
      onLink(false);
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => !document.hidden && open(), 2000);
      }
    });
  };
  const close = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", () => !document.hidden && open());
  if (!document.hidden) open();
}
