import { spawn } from "node:child_process";
import { relative, resolve } from "node:path";
import { findBinary } from "./binary.js";
import { AffilinkError } from "./error.js";

/**
 * Rewrites the pages of a folder where they are, in one run of the program.
 *
 * @param {string} folder
 * @param {import("../index.js").BuildOptions} [options]
 */
export async function build(folder, options = {}) {
  const args = ["build", "--in-place", ...(options.manifest ? ["--manifest", options.manifest] : []), "--", folder];
  const { code, stdout, stderr } = await run(args, options);
  const [summary, notes] = [lines(stdout), lines(stderr)];
  if (code === 0 || code === 1) return { exitCode: code, summary, notes };
  if (hasNoPages(notes)) return { exitCode: 0, summary: ["no pages to rewrite"], notes: [] };
  throw new AffilinkError(refusal(notes, `\`build ${folder}\``, code), { exitCode: code });
}

/**
 * The linter's findings about pages, judged as a build will write them.
 *
 * @param {string[]} paths
 * @param {import("../index.js").RunOptions} [options]
 */
export async function check(paths, options = {}) {
  const { refused, ...report } = await inspect(paths, options);
  if (refused.length > 0) throw new AffilinkError(refused.map(({ text }) => text).join("\n"), { exitCode: 2 });
  return report;
}

/**
 * As `check`, with the sources that were refused beside what was found in the others: each with its path and what is wrong.
 *
 * @param {string[]} paths
 * @param {import("../index.js").RunOptions} [options]
 */
export async function inspect(paths, options = {}) {
  const root = resolve(options.cwd ?? process.cwd());
  // findings name pages as they were asked for
  const names = paths.map((path) => relative(root, resolve(root, path)) || ".");
  const { code, stdout, stderr } = await run(["check", "--as", "built", "--format", "json", "--", ...names], options);
  const report = reportIn(stdout);
  if (code === 0 || code === 1) {
    if (!report) throw new AffilinkError("`check` gave no JSON: is the program affilink?");
    return { ...report, refused: [] };
  }
  const notes = lines(stderr);
  // a site whose pages are all templates
  if (hasNoPages(notes)) return { version: 1, findings: [], summary: { pages: 0, findings: 0, errors: 0, warnings: 0 }, refused: [] };
  const refused = refusals(notes);
  if (!report || refused.length === 0) throw new AffilinkError(refusal(notes, "`check`", code), { exitCode: code });
  return { ...report, refused };
}

/**
 * Proves that the program is there and that the configuration is sound, before the host writes anything.
 *
 * @param {import("../index.js").RunOptions} [options]
 */
export async function preflight(options = {}) {
  const { code, stderr } = await run(["filter", "--path", "preflight.html"], options);
  if (code !== 0) throw new AffilinkError(refusal(lines(stderr), "the program", code), { exitCode: code });
}

/** What is said when the program itself could not be started. */
export function spawnFailure(program, cwd, cause) {
  const hint = cause.code === "ENOENT" ? ` (or the folder \`${cwd}\` is missing)` : "";
  return new AffilinkError(`\`${program}\` could not be run: ${cause.message}${hint}`, { cause });
}

function run(args, { binary, config, cwd = process.cwd(), args: more = [] }) {
  const program = findBinary({ binary, cwd });
  const all = [...(config ? ["--config", config] : []), "--color", "never", ...more, ...args];
  return new Promise((done, fail) => {
    const child = spawn(program, all, { cwd: resolve(cwd), stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    }
    child.on("error", (error) => fail(spawnFailure(program, cwd, error)));
    child.on("close", (code, signal) =>
      signal ? fail(new AffilinkError(`the program was ended by ${signal}`)) : done({ code, ...out }),
    );
  });
}

function reportIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The pages that were refused, of what a run printed; what stands below such a line belongs to it. */
function refusals(notes) {
  const found = [];
  for (const line of notes) {
    const [, path] = /^error: (.+?): /.exec(line) ?? [];
    if (path) found.push({ path, text: line.slice("error: ".length) });
    else if (line.startsWith("  ") && found.length > 0) found.at(-1).text += `\n${line}`;
  }
  return found;
}

function hasNoPages(notes) {
  return notes.some((line) => line.startsWith("error: no pages in "));
}

function refusal(notes, what, code) {
  const text = notes.join("\n").replace(/^error: /, "");
  return text || `${what} ended with exit code ${code}`;
}

function lines(text) {
  return text.split("\n").filter((line) => line.trim() !== "");
}
