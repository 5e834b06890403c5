import { isUtf8 } from "node:buffer";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { connect } from "./client.js";
import { AffilinkError } from "./error.js";
import { reporter } from "./pages.js";
import { madeOf, printFindings, printable } from "./report.js";
import { build, inspect, preflight } from "./run.js";
import { withSwitch } from "./switch.js";

/** Files that the linter reads as pages. */
const PAGE = /\.(?:html?|md|markdown|mdx)$/i;

/** How many files are read and written at a time. */
const AT_ONCE = 16;

/**
 * What a plugin does around its host's build: proves the configuration before anything is written, looks at the sources
 * meanwhile, rewrites the pages one by one or the output folder once it is whole, and says what was found.
 *
 * @param {import("../index.js").SiteOptions} [options]
 */
export function site(options) {
  return new Site(options);
}

class Site {
  #options;
  #check = null;
  #client;
  #made = newTally();

  constructor(options = {}) {
    this.#options = { findings: true, failOn: "never", ...options };
    this.#client = connect(this.#options);
  }

  /** Before the host's build: `sources` are the folders of its pages. Throws when the build could not be finished. */
  async before(sources, { exclude = [] } = {}) {
    // the configuration may be another one than at the last build
    await this.#client.close();
    this.#made = newTally();
    await preflight(this.#options);
    if (!this.#options.findings) return;
    // the host works meanwhile, on a core of its own
    const jobs = ["--jobs", String(Math.max(1, availableParallelism() - 1))];
    const args = [...jobs, ...exclude.flatMap((glob) => ["--exclude", glob])];
    this.#check = inspect(sources, { ...this.#options, args });
    // it is asked for later, and must not end the host before
    this.#check.catch(() => {});
  }

  /**
   * A page that the host is about to write, rewritten: `path` is its name from the output folder, `said` what its source says of
   * affilink, `source` that source's name, for the messages. Never throws, since the host would leave half a site: what is wrong
   * with it is told by `settle`.
   */
  async page(path, html, said = null, source = null) {
    const text = withSwitch(html, said);
    this.#made.pages += 1;
    let answer;
    try {
      answer = await this.#client.page({ path, text, format: "html" });
    } catch (error) {
      this.#made.error ??= error;
      return text;
    }
    if (answer.fail || answer.reason || answer.messages.length > 0) {
      this.#made.answers.push({ path: madeOf(path, source), answer: { ...answer, text: null } });
    }
    if (!answer.changed) return text;
    this.#made.edited += 1;
    return answer.text;
  }

  /**
   * The pages that the host has written below `folder`, rewritten one by one, which takes less time than `rewrite`: nothing waits for
   * the disk. `read` gives what a page is to be before that, and what its source says. What is no UTF-8, or no HTML, is left to
   * `rewrite`.
   */
  async files(folder, names, log, read = (_, html) => ({ html, said: null })) {
    const others = [];
    const left = names.values();
    const work = async () => {
      for (const name of left) {
        const bytes = /\.html?$/i.test(name) ? await readFile(join(folder, name)) : null;
        const written = bytes && isUtf8(bytes) ? bytes.toString() : null;
        if (written === null) others.push(name);
        else {
          const { html, said } = read(name, written);
          const made = await this.page(name, html, said);
          if (made !== written) await writeFile(join(folder, name), made);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.settle(log);
    if (names.length === 0) log.info("no pages to rewrite");
    if (others.length > 0) await this.rewrite(folder, log);
  }

  /** Once the host has written the pages that `page` rewrote: says what was done. Throws when one was refused. */
  settle(log) {
    const { pages, edited, answers, error } = this.#made;
    if (error) throw error;
    const said = reporter({ log });
    const refusals = [];
    for (const { path, answer } of answers) {
      try {
        said.answered(path, answer);
      } catch (refusal) {
        refusals.push(refusal);
      }
    }
    if (refusals.length > 1) for (const { message } of refusals) log.error(message.replace(/^affilink: /, ""));
    if (refusals.length > 0) throw refusals[0];
    if (pages > 0) log.info(`rewrote ${edited} of ${pages} ${pages === 1 ? "page" : "pages"}`);
    if (answers.some(({ answer }) => answer.fail)) this.#endedLeft();
  }

  /** Rewrites the pages of the output folder. Throws when one was refused. */
  async rewrite(folder, log) {
    const { summary, notes, exitCode } = await build(folder, this.#options);
    for (const line of summary) log.info(printable(line));
    for (const line of exitCode === 0 ? [] : notes) log.warn(printable(line));
    if (exitCode !== 0 && this.#options.failOn !== "never") this.#endedLeft();
  }

  /**
   * Prints what the linter found in sources that are published, by their full paths. Throws when a finding of theirs reaches
   * `failOn`.
   */
  async judge(log, published = () => true) {
    const found = await this.#check;
    this.#check = null;
    if (!found) return;
    const { failOn, cwd = "." } = this.#options;
    const counts = (path) => !PAGE.test(path) || published(resolve(cwd, path)) || !existsSync(resolve(cwd, path));
    const refused = found.refused.filter(({ path }) => counts(path));
    if (refused.length > 0) throw new AffilinkError(refused.map(({ text }) => text).join("\n"), { exitCode: 2 });
    const findings = found.findings.filter(({ path }) => counts(path));
    const isGrave = printFindings(findings, log, failOn);
    const others = found.findings.length - findings.length;
    if (others > 0) log.info(`${others} more in sources that are not published: \`affilink check\` shows all`);
    if (isGrave) throw new AffilinkError(`there are findings of level \`${failOn}\` or graver, see \`failOn\``, { exitCode: 1 });
  }

  #endedLeft() {
    throw new AffilinkError("links of an ended program are left that cannot be rewritten", { exitCode: 1 });
  }
}

function newTally() {
  return { pages: 0, edited: 0, answers: [], error: null };
}
