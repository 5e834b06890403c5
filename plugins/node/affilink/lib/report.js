const RANK = { never: 3, error: 2, warn: 1, info: 0 };

/** How many findings are printed before the rest is only counted. */
const SHOWN = 20;

/**
 * Whether a finding of this level reaches the level that a build fails on.
 *
 * @param {import("../index.js").Level} level
 * @param {import("../index.js").FailOn} failOn
 */
export function reachesLevel(level, failOn) {
  return RANK[level] >= RANK[failOn];
}

/**
 * Prints findings to a host's log, the gravest first, at most twenty of them; returns whether one reaches `failOn`.
 *
 * @param {import("../index.js").Finding[]} findings
 * @param {import("../index.js").Log} log
 * @param {import("../index.js").FailOn} [failOn]
 */
export function printFindings(findings, log, failOn = "never") {
  const sorted = [...findings].sort((one, other) => RANK[other.level] - RANK[one.level]);
  for (const finding of sorted.slice(0, SHOWN)) {
    const method = finding.level === "error" || finding.level === "warn" ? finding.level : "info";
    log[method](findingLine(finding));
  }
  const more = sorted.length - SHOWN;
  if (more > 0) log.warn(`+${more} more findings: \`affilink check\` shows all`);
  return findings.some(({ level }) => reachesLevel(level, failOn));
}

/** A finding as one line: `path:line:column: message [rule]`. */
export function findingLine({ path, line, column, message, rule }) {
  const place = line ? `${path}:${line}:${column ?? 1}` : path;
  return printable(`${place}: ${message}${rule ? ` [${rule}]` : ""}`);
}

/** A built page's name, with the file that its author has to mend, where that is known. */
export function madeOf(path, source) {
  return source ? `${path} (made of \`${source}\`)` : path;
}

/** Text of a page or a file name without what would steer a terminal or turn text around. */
export function printable(text) {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u{${char.codePointAt(0).toString(16)}}`,
  );
}
