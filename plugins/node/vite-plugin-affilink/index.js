import { extname, isAbsolute, relative, resolve, sep } from "node:path";
import { AffilinkError, findConfig, printFindings, printable, reachesLevel, shared } from "affilink";

const FORMATS = { ".md": "markdown", ".markdown": "markdown", ".mdx": "mdx" };

/**
 * Rewrites Markdown before VitePress, or another plugin for Markdown, turns it into JavaScript, and the HTML pages of a
 * plain Vite site.
 *
 * @param {import("./index.js").Options} [options]
 * @returns {import("vite").Plugin}
 */
export default function affilink(options = {}) {
  const { findings = true, failOn = "never" } = options;
  const seen = new Set();
  let client;
  let root;
  let log;

  /** Rewrites a page and says what was found; `null` where nothing changes. */
  async function rewrite(file, text, format) {
    const path = relative(root, file).split(sep).join("/");
    const inside = !path.startsWith("../") && !isAbsolute(path);
    const isSource = inside && format !== "html";
    const answer = await client.page({
      path: inside ? path : path.split("/").at(-1),
      source: isSource ? path : undefined,
      text,
      format,
      findings: isSource && findings,
    });
    report(path, answer);
    return answer.changed ? answer.text : null;
  }

  function report(path, { outcome, reason, fail, messages, findings: found }) {
    for (const { message } of (messages ?? []).filter(isNew)) log.warn(printable(`${path}: ${message}`));
    if (fail && outcome !== "same" && outcome !== "edited") {
      throw new AffilinkError(printable(`${path}: the page was refused: ${reason}`));
    }
    printFindings((found ?? []).filter(isNew), log);
    if ((found ?? []).some(({ level }) => reachesLevel(level, failOn))) {
      throw new AffilinkError(printable(`${path}: findings of level \`${failOn}\` or graver, see \`failOn\``));
    }
  }

  /** A page is transformed for the server and for the browser. */
  function isNew(finding) {
    const key = JSON.stringify([finding.path, finding.line, finding.column, finding.rule, finding.message]);
    return !seen.has(key) && seen.add(key);
  }

  return {
    name: "vite-plugin-affilink",
    enforce: "pre",

    configResolved(config) {
      root = resolve(options.cwd ?? siteRoot(config.root, options));
      client = shared({ ...options, cwd: root, failOn: "never" });
      const { logger } = config;
      const say = (level) => (line) => logger[level](`[affilink] ${line}`, { timestamp: false });
      log = { info: say("info"), warn: say("warn"), error: say("error") };
    },

    /** In `vite dev`, a changed configuration counts at once. */
    configureServer(server) {
      const config = findConfig({ ...options, cwd: root });
      if (config) server.watcher.add(config);
      server.watcher.on("change", (file) => {
        if (resolve(file) !== config) return;
        void client.close();
        server.moduleGraph.invalidateAll();
        server.ws.send({ type: "full-reload" });
      });
    },

    async transform(code, id) {
      const [file, query] = id.split("?", 2);
      const format = FORMATS[extname(file)];
      // `?raw`, `?url` and the parts of a page that plugins ask for are no pages
      if (!format || query || id.startsWith("\0")) return null;
      const text = await rewrite(file, code, format);
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
