import { AffilinkError } from "./error.js";
import { printFindings, printable } from "./report.js";
import { build, check, preflight } from "./run.js";

/**
 * What a plugin does around its host's build: proves the configuration before anything is written, looks at the sources
 * meanwhile, rewrites the output folder once it is whole, and says what was found.
 *
 * @param {import("../index.js").SiteOptions} [options]
 */
export function site(options) {
  return new Site(options);
}

class Site {
  #options;
  #check = null;

  constructor(options = {}) {
    this.#options = { findings: true, failOn: "never", ...options };
  }

  /** Before the host's build: `sources` are the folders of its pages. Throws when the build could not be finished. */
  async before(sources, { exclude = [] } = {}) {
    await preflight(this.#options);
    if (!this.#options.findings) return;
    this.#check = check(sources, { ...this.#options, args: exclude.flatMap((glob) => ["--exclude", glob]) });
    // it is asked for later, and must not end the host before
    this.#check.catch(() => {});
  }

  /** Rewrites the pages of the output folder. Throws when one was refused. */
  async rewrite(folder, log) {
    const { summary, notes, exitCode } = await build(folder, this.#options);
    for (const line of summary) log.info(printable(line));
    for (const line of exitCode === 0 ? [] : notes) log.warn(printable(line));
    if (exitCode !== 0 && this.#options.failOn !== "never") {
      throw new AffilinkError("links of an ended program are left that cannot be rewritten", { exitCode });
    }
  }

  /** Prints what the linter found. Throws when a finding reaches `failOn`. */
  async judge(log) {
    const found = await this.#check;
    this.#check = null;
    const { failOn } = this.#options;
    if (found && printFindings(found.findings, log, failOn)) {
      throw new AffilinkError(`there are findings of level \`${failOn}\` or graver, see \`failOn\``, { exitCode: 1 });
    }
  }
}
