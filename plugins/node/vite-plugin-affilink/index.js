import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { checkOptions, findConfig, markdownFormat, reporter, shared } from "affilink";

/** VitePress' way to insert another file; the name ends before a range of lines or a heading. */
const INCLUDE = /<!--\s*@include:\s*([^\s{#]+)[^>]*-->/g;

/**
 * Rewrites Markdown before VitePress, or another plugin for Markdown, turns it into JavaScript, and the HTML pages of a
 * plain Vite site.
 *
 * @param {import("./index.js").Options} [options]
 * @returns {import("vite").Plugin}
 */
export default function affilink(options = {}) {
  checkOptions("vite-plugin-affilink", options);
  const { findings = true, failOn } = options;
  /** What was said: VitePress builds each page for the server and for the browser, and begins anew for each. */
  const told = new Set();
  /** What was answered last for each page, for the same reason. */
  const asked = new Map();
  let client;
  let root;
  let viteRoot;
  let said;

  /** Rewrites a page and says what was found; `null` where nothing changes. */
  async function rewrite(file, text, format) {
    const { path, inside } = placeOf(file);
    const isSource = inside && format !== "html";
    const earlier = asked.get(path);
    const isAsked = earlier?.text === text && earlier.format === format;
    const source = isSource ? path : undefined;
    const answered = isAsked ? earlier.answered : client.page({ path, source, text, format, findings: isSource && findings });
    asked.set(path, { text, format, answered });
    // what went wrong may go right the next time
    answered.catch(() => asked.delete(path));
    const answer = await answered;
    said.answered(path, answer);
    said.found(path, answer.findings);
    return answer.changed ? answer.text : null;
  }

  /** VitePress inserts other files afterwards, as they stand: tells of those that hold links to be rewritten. */
  async function tellIncluded(file, text) {
    for (const [, name] of text.matchAll(INCLUDE)) {
      const part = name.startsWith("@") ? join(viteRoot, name.slice(1)) : resolve(dirname(file), name);
      const included = await readFile(part, "utf8").catch(() => null);
      if (included === null) continue; // it is VitePress' to tell
      const { path } = placeOf(part);
      const { changed } = await client.page({ path, text: included, format: "markdown" });
      const message = `\`@include\` brings in links of ${path} that are not rewritten; put them into the page`;
      if (changed) said.warn(placeOf(file).path, message);
    }
  }

  /** A file's name from the site's root; one from outside, such as a package's, is named by its last part. */
  function placeOf(file) {
    const path = relative(root, file).split(sep).join("/");
    const inside = !path.startsWith("../") && !isAbsolute(path);
    return { path: inside ? path : path.split("/").at(-1), inside };
  }

  return {
    name: "vite-plugin-affilink",
    enforce: "pre",

    configResolved(config) {
      viteRoot = config.root;
      root = resolve(options.cwd ?? siteRoot(config.root, options));
      client = shared({ ...options, cwd: root, failOn: "never" });
      const { logger } = config;
      const say = (level) => (line) => logger[level](`[affilink] ${line}`, { timestamp: false });
      said = reporter({ log: { info: say("info"), warn: say("warn"), error: say("error") }, failOn, told });
    },

    /** In `vite dev`, a changed configuration counts at once. */
    configureServer(server) {
      const config = findConfig({ ...options, cwd: root });
      if (config) server.watcher.add(config);
      server.watcher.on("change", (file) => {
        if (resolve(file) !== config) return;
        asked.clear();
        void client.close();
        server.moduleGraph.invalidateAll();
        server.ws.send({ type: "full-reload" });
      });
    },

    async transform(code, id) {
      const [file, query] = id.split("?", 2);
      const format = markdownFormat(file);
      // `?raw`, `?url` and the parts of a page that plugins ask for are no pages
      if (!format || query || id.startsWith("\0")) return null;
      const [text] = await Promise.all([rewrite(file, code, format), tellIncluded(file, code)]);
      return text === null ? null : { code: text, map: null };
    },

    transformIndexHtml: {
      order: "post",
      async handler(html, { filename }) {
        return (await rewrite(filename, html, "html")) ?? html;
      },
    },
  };
}

/** The folder that the host was started in, where the pages are below it, as with `vitepress build docs`, and a map is. */
function siteRoot(viteRoot, options) {
  const path = relative(process.cwd(), viteRoot);
  const outside = path.startsWith("..") || isAbsolute(path);
  return outside || !findConfig(options) ? viteRoot : process.cwd();
}
