/** What a page's source says of affilink in its front matter, brought to the page as it is built. */

/** What may stand before a page's content, in order; elements whose tags may be left out are, in many pages. */
const LEAD = /\s+|<!--[^]*?-->|<\?[^>]*>|<!doctype[^>]*>|<(?:html|head)(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>/iy;

/** Browsers look for the encoding in the first kilobyte only. */
const CHARSET = /\s*<meta\s+charset\s*=[^>]*>/iy;

const TAGS = /<!--[^]*?(?:-->|$)|<meta\s[^<>]*>/gi;
const OWN = /^<meta\s(?:[^<>]*\s)?name\s*=\s*["']?affilink["'\s/>]/i;

const FRONT_MATTER = /^\ufeff?---[ \t]*\r?\n(?:([^]*?)\r?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const KEY = /^(?:affilink|"affilink"|'affilink')[ \t]*:(?:[ \t]+(.*))?$/;

/**
 * The text for a page's switch that stands for a value of front matter's key `affilink`; `null` where it says nothing.
 *
 * @param {unknown} value
 * @returns {string | null}
 */
export function switchText(value) {
  // hosts with templates in their data make texts of all values
  if (typeof value === "string") return value.trim() === "" ? null : value;
  return value === null ? null : (JSON.stringify(value) ?? null);
}

/**
 * What a source's front matter says under `affilink`, as it is written there; `null` where it says nothing. For hosts that
 * do not tell what they read: only block style at the top is looked at, between `---` lines.
 *
 * @param {string} source
 * @returns {string | null}
 */
export function switchIn(source) {
  const lines = (FRONT_MATTER.exec(source)?.[1] ?? "").split(/\r?\n/);
  const at = lines.findIndex((line) => KEY.test(line));
  if (at < 0) return null;
  const first = (KEY.exec(lines[at])[1] ?? "").trim();
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim() !== "" && !/^[ \t#}\]]/.test(line));
  const below = (end < 0 ? rest : rest.slice(0, end)).filter((line) => line.trim() !== "");
  const isBlock = first === "" || first.startsWith("#");
  if (!isBlock) return [first, ...below.map((line) => line.trim())].join(" ");
  const said = below.filter((line) => !/^\s*#/.test(line));
  const indent = said.reduce((least, line) => Math.min(least, /^[ \t]*/.exec(line)[0].length), Infinity);
  const text = said.map((line) => line.slice(indent)).join("\n").trim();
  return text === "" ? null : text;
}

/**
 * A built page with what its source says, in its head where it has one: `<meta name="affilink">`, which the program reads, now
 * and when the built page is rewritten once more. A page that says it by itself, or whose source says nothing, stays as it is.
 *
 * @param {string} html
 * @param {string | null} text
 * @returns {string}
 */
export function withSwitch(html, text) {
  if (text === null || (html.match(TAGS) ?? []).some((tag) => OWN.test(tag))) return html;
  const at = placeIn(html);
  return `${html.slice(0, at)}<meta name="affilink" content="${escaped(text)}">${html.slice(at)}`;
}

/** Where a page's head begins, or its content; in characters. */
function placeIn(html) {
  let place = html.startsWith("\ufeff") ? 1 : 0;
  LEAD.lastIndex = place;
  for (let found; (found = LEAD.exec(html)); ) {
    if (!/^<(?:!doctype|html|head)/i.test(found[0])) continue;
    place = LEAD.lastIndex;
    if (/^<head/i.test(found[0])) break;
  }
  CHARSET.lastIndex = place;
  return CHARSET.test(html) ? CHARSET.lastIndex : place;
}

/** Braces too where they come in twos, so that nothing reads them as a template's. */
function escaped(text) {
  return text
    .replace(/[&"<>\n]/g, (char) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "\n": "&#10;" })[char])
    .replace(/([{}%])(?=[{}%])/g, (char) => `&#${char.charCodeAt(0)};`);
}
