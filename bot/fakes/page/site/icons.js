// Line icons on a 24 × 24 grid, as path data.

const PATHS = {
  cube: "M12 3l8 4.5v9L12 21l-8-4.5v-9L12 3zM4 7.5l8 4.5 8-4.5M12 12v9",
  push: "M12 15V4M7.5 8.5L12 4l4.5 4.5M5 15v3.5A1.5 1.5 0 006.5 20h11a1.5 1.5 0 001.5-1.5V15",
  build: "M12.5 4l7.5 7.5-2.5 2.5L10 6.5 12.5 4zM12.6 9.1l-8 8a1.63 1.63 0 002.3 2.3l8-8",
  clock: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.2l2.8 1.8",
  fail: "M12 4a8 8 0 100 16 8 8 0 000-16zM9 9l6 6M15 9l-6 6",
  shield: "M12 3.5l7 2.5v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6l7-2.5zM12 8.5v4M12 15.6v.1",
  mirror: "M4.5 10a7.6 7.6 0 0113.2-3.2L20 9M20 4.5V9h-4.5M19.5 14a7.6 7.6 0 01-13.2 3.2L4 15M4 19.5V15h4.5",
  quota: "M4.5 17a8.5 8.5 0 1115 0M12 14l4-5.5M12 15.5a1.5 1.5 0 100-3 1.5 1.5 0 000 3z",
  burst: "M13 3L5.5 13.5H11L10 21l8-11h-5.5L13 3z",
  outage: "M7 17.5h9.5a3.8 3.8 0 001-7.450A5.5 5.5 0 007.2 8.6 4.5 4.5 0 007 17.5zM4 4l16 16",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4z",
  send: "M4 12L4 4.8 20.5 12 4 19.2 4 12zM4 12h8",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  image: "M4.5 5h15v14h-15zM4.5 16l4.5-5 4 4 2.5-2.5 4 4M15 9.5v.1",
  file: "M7 3.5h7l4 4v13H7zM13.5 3.5V8H18M12.5 11.5v5M10 14.5l2.5 2.5 2.5-2.5",
  layout: "M4.5 5h15v5h-15zM4.5 14h9M4.5 18.5h15",
  dots: "M5.5 12h.1M12 12h.1M18.5 12h.1",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.cube);
  svg.append(path);
  return svg;
}
