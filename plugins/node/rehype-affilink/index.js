import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { checkOptions, findConfig, markdownFormat, reporter, shared, switchIn, withSwitch } from "affilink";
import { readBack } from "./lib/read.js";
import { escapeAttribute, write } from "./lib/write.js";

/** What was printed, by all instances: hosts make the plugin anew for each kind of page. */
const told = new Set();

/**
 * Turns merchant links and products' names into affiliate links, and adds `rel` and the notice.
 *
 * @type {import("unified").Plugin<[import("./index.js").Options?], import("hast").Root>}
 */
export default function rehypeAffilink(options = {}) {
  checkOptions("rehype-affilink", options, { components: "object", log: "any" });
  const { components, findings = true, failOn, log = console } = options;
  return async function (tree, file) {
    const root = rootOf(file, options);
    const client = shared({ ...options, cwd: root, failOn: "never" });
    const page = pageOf(file, root);
    // made by the host, where there is none: nothing to point into
    const written = page.source ? await readFile(resolve(root, page.source), "utf8").catch(() => null) : null;
    page.said = page.frontMatter ? null : switchIn(written ?? "");
    const isOff = page.frontMatter?.affilink === false;
    const [answer, found] = await Promise.all([
      isOff ? null : rewrite(client, page, tree, components),
      findings && written !== null ? findingsOf(client, page, written) : [],
    ]);
    // unified's own command line prints a file's messages by itself; other hosts print none
    const said = reporter({ log: (!file.data.unifiedEngineGiven && log) || null, failOn, told });
    for (const { message } of answer?.messages ?? []) file.message(message, { source: "affilink" });
    for (const { message, line, column, rule } of found) {
      file.message(message, { place: line ? { line, column: column ?? 1 } : undefined, source: "affilink", ruleId: rule });
    }
    if (answer) said.answered(page.path, answer);
    said.found(page.path, found);
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
    source: inside && markdownFormat(path) ? path : undefined,
    frontMatter: data.frontMatter ?? data.matter ?? data.astro?.frontmatter ?? data.frontmatter,
  };
}

async function rewrite(client, page, tree, components) {
  const written = write(tree, { components });
  const isWhole = tree.children.some(({ tagName }) => tagName === "html");
  const { head, open, close } = frame(page.frontMatter);
  const html = isWhole ? written.html : `${head}<body>${open}${written.html}${close}</body></html>`;
  const text = withSwitch(html, page.said);
  const answer = await client.page({ path: page.path, format: "html", text, frontMatter: page.frontMatter });
  if (answer.changed) {
    try {
      readBack(isWhole ? answer.text : unframed(answer.text, open, close), tree, written);
    } catch (cause) {
      const hint = "is `disclosure.html` whole elements? The page is as it was";
      return { ...answer, outcome: "refused", fail: true, reason: `${cause.message}: ${hint}` };
    }
  }
  return answer;
}

/** The page that the tree is the content of, in its language: one article, unless its names shall stay names. */
function frame(frontMatter) {
  const { title, lang, language, locale, affilink } = frontMatter ?? {};
  const said = [lang, language, locale].find((value) => typeof value === "string");
  const html = said ? `<html lang="${escapeAttribute(said)}">` : "<html>";
  const head = `${html}<head>${typeof title === "string" ? `<title>${escapeAttribute(title)}</title>` : ""}</head>`;
  if (affilink?.mentions === false) return { head, open: "<main>", close: "</main>" };
  return { head, open: "<main><article>", close: "</article></main>" };
}

/** What stands in the body, also where a configuration has the notice around the frame's elements. */
function unframed(html, open, close) {
  const body = html.slice(html.indexOf("<body>") + "<body>".length, html.lastIndexOf("</body>"));
  const [start, end] = [body.indexOf(open), body.lastIndexOf(close)];
  return body.slice(0, start) + body.slice(start + open.length, end) + body.slice(end + close.length);
}

/** The linter's findings, about the file as its author wrote it. */
async function findingsOf(client, { path, source }, text) {
  const answer = await client.page({ path, source, text, format: markdownFormat(source), findings: true });
  return answer.findings;
}
