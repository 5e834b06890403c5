import { AffilinkError } from "./error.js";
import { printFindings, printable, reachesLevel } from "./report.js";

const FORMATS = { md: "markdown", markdown: "markdown", mdx: "mdx" };

/** The format of a Markdown page by its name's ending; `null` for every other file. */
export function markdownFormat(path) {
  return FORMATS[/\.([^./\\]+)$/.exec(path)?.[1]] ?? null;
}

/**
 * Why a page was passed over, for the host's log; `null` where it was not, or where the configuration excludes it.
 *
 * @param {import("../index.js").Answer} answer
 */
export function skipReason({ outcome, reason }) {
  return outcome === "skipped" && reason !== "excluded" ? `skipped: ${reason}` : null;
}

/**
 * Says in a host's log what was found on pages, each thing once: hosts render a page for the server and for the browser.
 *
 * @param {{log: import("../index.js").Log | null, failOn?: import("../index.js").FailOn, told?: Set<string>}} options
 */
export function reporter({ log, failOn = "never", told = new Set() }) {
  const isNew = ({ path, line, column, rule, message }) => {
    const key = JSON.stringify([path, line, column, rule, message]);
    return !told.has(key) && Boolean(told.add(key));
  };
  const warn = (path, message) => {
    if (log && isNew({ path, message })) log.warn(printable(`${path}: ${message}`));
  };

  return {
    warn,
    /** An answer's messages. Throws when the page was refused and the build should fail. */
    answered(path, answer) {
      const { outcome, reason, fail, messages } = answer;
      const passedOver = skipReason(answer);
      if (passedOver) warn(path, passedOver);
      for (const { message } of messages) warn(path, message);
      if (!fail || (outcome !== "refused" && outcome !== "error")) return;
      throw new AffilinkError(printable(`${path}: the page was refused: ${reason}`));
    },
    /** The linter's findings. Throws when one reaches `failOn`. */
    found(path, findings) {
      if (log) printFindings(findings.filter(isNew), log);
      if (!findings.some(({ level }) => reachesLevel(level, failOn))) return;
      throw new AffilinkError(printable(`${path}: findings of level \`${failOn}\` or graver, see \`failOn\``));
    },
  };
}
