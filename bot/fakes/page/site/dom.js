// Making elements. Text only ever becomes a text node: nothing here or elsewhere in the page parses HTML.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

// A link to somewhere else, or just its text where the address is not one that a browser should open.
export function link(address, ...children) {
  const url = webAddress(address);
  const inside = children.length ? children : [address];
  if (!url) return h("span", {}, ...inside);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...inside);
}

export function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export const byId = (id) => document.getElementById(id);

let last = 0;
export const freshId = (prefix) => `${prefix}-${++last}`;
