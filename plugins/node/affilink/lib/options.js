import { AffilinkError } from "./error.js";

/** What an option may hold: the name of a type, or the values themselves. */
const COMMON = {
  binary: "string",
  config: "string",
  cwd: "string",
  findings: "boolean",
  failOn: ["error", "warn", "info", "never"],
};

/**
 * Throws where a plugin's options hold a name or a value that means nothing: a mistyped gate would never fail.
 *
 * @param {string} plugin the name that errors begin with
 * @param {object | null | undefined} given
 * @param {Record<string, string | string[]>} [more] the options beside those that every plugin has; `"any"` holds all
 * @param {string[]} [without] the common ones that this plugin does not have
 */
export function checkOptions(plugin, given, more = {}, without = []) {
  if (given === undefined || given === null) return;
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new AffilinkError(`${plugin}: the options are ${shown(given)}, and have to be an object`);
  }
  const known = new Map(Object.entries({ ...COMMON, ...more }).filter(([name]) => !without.includes(name)));
  for (const [name, value] of Object.entries(given)) {
    const wanted = known.get(name);
    if (!wanted) throw new AffilinkError(`${plugin}: unknown option \`${name}\`${hint(name, [...known.keys()])}`);
    if (value === undefined || wanted === "any") continue;
    if (Array.isArray(wanted) ? wanted.includes(value) : typeof value === wanted) continue;
    const allowed = Array.isArray(wanted) ? `one of ${wanted.map(shown).join(", ")}` : `a ${wanted}`;
    const near = Array.isArray(wanted) && typeof value === "string" ? nearest(value, wanted) : undefined;
    const guess = near ? `; did you mean ${shown(near)}?` : "";
    throw new AffilinkError(`${plugin}: the option \`${name}\` is ${shown(value)}, and has to be ${allowed}${guess}`);
  }
}

function hint(name, known) {
  const near = nearest(name, known);
  return near ? `; did you mean \`${near}\`?` : `: there are ${known.map((one) => `\`${one}\``).join(", ")}`;
}

function shown(value) {
  const text = typeof value === "function" ? "a function" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The name that is meant, where no more than two letters are others. */
function nearest(name, known) {
  const plain = (text) => text.toLowerCase().replace(/[-_ ]/g, "");
  // a long name is none of ours, and not worth the time
  if (name.length > 40) return undefined;
  const far = known.map((one) => [distance(plain(name), plain(one)), one]).sort(([one], [other]) => one - other);
  const [least, found] = far[0];
  return least <= Math.min(2, found.length - 2) ? found : undefined;
}

function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let line = 1; line <= one.length; line++) {
    const next = [line];
    for (let at = 1; at <= other.length; at++) {
      const same = one[line - 1] === other[at - 1] ? 0 : 1;
      next.push(Math.min(next[at - 1] + 1, row[at] + 1, row[at - 1] + same));
    }
    row = next;
  }
  return row[other.length];
}
