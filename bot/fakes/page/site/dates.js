// Times in the reader's own zone and language, and Slack's date tokens.

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const TIME = format({ hour: "numeric", minute: "2-digit" });
const SECONDS = format({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const FULL = format({ dateStyle: "full", timeStyle: "medium" });
const DAYS = {
  date_num: format({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: format({ year: "numeric", month: "long", day: "numeric" }),
  date_short: format({ year: "numeric", month: "short", day: "numeric" }),
  date_long: format({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
};
const AGO = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

const at = (seconds) => new Date(seconds * 1000);
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysFromToday = (date) => Math.round((midnight(date) - midnight(new Date())) / 86400000);

export const clock = (seconds) => TIME.format(at(seconds));
export const clockWithSeconds = (seconds) => SECONDS.format(at(seconds));
export const full = (seconds) => FULL.format(at(seconds));
export const day = (seconds) => pretty("date_long", at(seconds));
export const dayKey = (seconds) => midnight(at(seconds));

function pretty(token, date) {
  const distance = daysFromToday(date);
  if (Math.abs(distance) > 1) return DAYS[token].format(date);
  const word = AGO.format(distance, "day");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function ago(seconds) {
  const away = seconds - Date.now() / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(away) >= length) ?? STEPS.at(-1);
  return AGO.format(Math.round(away / size), unit);
}

// "<!date^1700000000^{date_short} at {time}|fallback>": `tokens` is the part with the braces.
export function tokens(seconds, pattern) {
  const date = at(seconds);
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "time") return TIME.format(date);
    if (token === "time_secs") return SECONDS.format(date);
    if (token === "ago") return ago(seconds);
    if (token.endsWith("_pretty") && DAYS[token.slice(0, -7)]) return pretty(token.slice(0, -7), date);
    return DAYS[token]?.format(date) ?? whole;
  });
}
