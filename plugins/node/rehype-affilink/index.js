import { readFile } from "node:fs/promises";
import { dirname, extname, isAbsolute, relative, resolve, sep } from "node:path";
import { AffilinkError, findConfig, printFindings, printable, reachesLevel, shared } from "affilink";
import { readBack } from "./lib/read.js";
import { escapeAttribute, write } from "./lib/write.js";

const FORMATS = { ".md": "markdown", ".markdown": "markdown", ".mdx": "mdx" };

/** Findings that were printed: hosts render a page several times. */
const printed = new Set();

/**
 * Turns merchant links and products' names into affiliate links, and adds `rel` and the notice.
 *
 * @type {import("unified").Plugin<[import("./index.js").Options?], import("hast").Root>}
 */
export default function rehypeAffilink(options = {}) {
  const { components, findings = true, failOn = "never", log = console } = options;
  return async function (tree, file) {
    const root = rootOf(file, options);
    const client = shared({ ...options, cwd: root, failOn: "never" });
    const page = pageOf(file, root);
    const [answer, found] = await Promise.all([
      page.frontMatter?.affilink === false ? null : rewrite(client, page, tree, components),
      findings && page.source ? findingsOf(client, page, root) : [],
    ]);
    if (answer) tell(answer, file, log);
    judge(found, file, failOn, log);
  };
}

/** The site's root: the folder that the host runs in, or that of the configuration above the page where there is none. */
function rootOf(file, { cwd, config }) {
  const root = resolve(cwd ?? file.cwd ?? process.cwd());
  if (cwd || config || !file.path || findConfig({ cwd: root })) return root;
  const found = findConfig({ cwd: dirname(resolve(root, file.path)) });
  return found ? dirname(found) : root;
}

/** What the host knows about the page that a tree belongs to. */
function pageOf(file, root) {
  const { data = {} } = file;
  const full = file.path ? resolve(file.cwd ?? root, file.path) : null;
  const path = full ? relative(root, full).split(sep).join("/") : "page.html";
  const inside = full !== null && !path.startsWith("../") && !isAbsolute(path);
  return {
    // a page from outside the site's folder, such as a package's, is named by its last part
    path: inside ? path : path.split("/").at(-1),
    source: inside && extname(path) in FORMATS ? path : undefined,
    frontMatter: data.frontMatter ?? data.matter ?? data.astro?.frontmatter ?? data.frontmatter,
  };
}

async function rewrite(client, page, tree, components) {
  const written = write(tree, { components });
  const [before, after] = frame(page.frontMatter);
  const text = before + written.html + after;
  const answer = await client.page({ path: page.path, format: "html", text, frontMatter: page.frontMatter });
  if (answer.changed) {
    try {
      readBack(answer.text.slice(before.length, answer.text.length - after.length), tree, written);
    } catch (cause) {
      const hint = "is `disclosure.html` whole elements? The page is as it was";
      return { ...answer, outcome: "refused", fail: true, reason: `${cause.message}: ${hint}` };
    }
  }
  return { ...answer, path: page.path };
}

/** The page that the tree is the content of, in its language: one article, unless its names shall stay names. */
function frame(frontMatter) {
  const { title, lang, language, locale, affilink } = frontMatter ?? {};
  const content = affilink?.mentions === false ? ["<main>", "</main>"] : ["<main><article>", "</article></main>"];
  const said = [lang, language, locale].find((value) => typeof value === "string");
  const html = said ? `<html lang="${escapeAttribute(said)}">` : "<html>";
  const head = typeof title === "string" ? `<title>${escapeAttribute(title)}</title>` : "";
  return [`${html}<head>${head}</head><body>${content[0]}`, `${content[1]}</body></html>`];
}

/** The linter's findings, about the file as its author wrote it. */
async function findingsOf(client, { path, source }, root) {
  let text;
  try {
    text = await readFile(resolve(root, source), "utf8");
  } catch {
    return []; // made by the host: there is no file to point into
  }
  const answer = await client.page({ path, source, text, format: FORMATS[extname(source)], findings: true });
  return answer.findings ?? [];
}

function tell(answer, file, log) {
  for (const { level, message } of answer.messages ?? []) say(file, log, { level, path: answer.path, message });
  const { outcome, reason, fail } = answer;
  if (outcome !== "refused" && outcome !== "error") return;
  const message = `the page was refused: ${reason ?? "no reason was given"}`;
  if (fail) throw new AffilinkError(printable(`${answer.path}: ${message}`));
  if (!(answer.messages ?? []).length) say(file, log, { level: "warn", path: answer.path, message });
}

function judge(findings, file, failOn, log) {
  for (const { message, line, column, rule } of findings) {
    file.message(message, { place: line ? { line, column: column ?? 1 } : undefined, source: "affilink", ruleId: rule });
  }
  if (log && !isReporting(file)) printFindings(findings.filter(isNew), log);
  if (findings.some(({ level }) => reachesLevel(level, failOn))) {
    throw new AffilinkError(printable(`${findings[0].path}: findings of level \`${failOn}\` or graver, see \`failOn\``));
  }
}

function say(file, log, { level, path, message }) {
  file.message(message, { source: "affilink" });
  if (log && !isReporting(file) && isNew({ path, message })) {
    (level === "error" ? log.error : log.warn).call(log, printable(`${path}: ${message}`));
  }
}

/** unified's own command line prints a file's messages by itself; other hosts print none. */
function isReporting(file) {
  return file.data?.unifiedEngineGiven === true;
}

function isNew(finding) {
  const key = JSON.stringify([finding.path, finding.line, finding.column, finding.rule, finding.message]);
  return !printed.has(key) && printed.add(key);
}
