"use strict";

const { watchFile } = require("node:fs");
const { relative, resolve, sep } = require("node:path");

/** Hexo's own filters, which make HTML of Markdown, have 10: the linter looks at the sources meanwhile. */
const BEFORE_RENDERING = 1;

/**
 * Rewrites each HTML page of the site when it is served or written. The filter that Hexo has for rendered HTML sees layouts
 * and parts of pages, and does not say of which page: so the routes are taken, which are whole pages with their paths.
 *
 * @param {import("hexo")} hexo
 * @param {import("../index.js").Options} options the key `affilink` of `_config.yml`
 */
module.exports = function register(hexo, options) {
  if (options.enable === false) return;
  const log = prefixed(hexo.log);
  const settings = { ...options, cwd: hexo.base_dir };
  // the client is an ES module
  const loaded = import("affilink").then((affilink) => {
    affilink.checkOptions("hexo-filter-affilink", options, { enable: "boolean" }, ["cwd"]);
    return {
      affilink,
      pages: affilink.site(settings),
      client: affilink.shared({ ...settings, failOn: "never" }),
    };
  });
  // it is told when a generation begins
  loaded.catch(() => {});
  const failed = [];
  let watched = false;
  let sources = null;

  hexo.extend.filter.register("before_generate", async () => {
    const { affilink, pages, client } = await loaded;
    if (hexo._watchBox) watch(affilink);
    // they may be others than at the last generation
    sources = null;
    await client.close();
    await pages.before([hexo.source_dir]);
  }, BEFORE_RENDERING);

  /** With `hexo server` and `--watch`, Hexo generates anew when a source changes: when the map does, too. */
  function watch(affilink) {
    const path = watched ? null : affilink.findConfig(settings);
    if (path === null) return;
    watched = true;
    const changed = async () => {
      try {
        await affilink.preflight(settings);
        hexo._watchBox?.();
      } catch (error) {
        log.error(error.message.replace(/^affilink: /, ""));
      }
    };
    // Hexo says that it ends when it only begins to watch: what watches must not keep it
    watchFile(path, { persistent: false, interval: 500 }, changed);
  }

  // where Hexo watches, it writes a page as soon as its route is there: no filter comes before that
  const { set } = hexo.route;
  hexo.route.set = function (path, data) {
    return set.call(this, path, /\.html?$/i.test(hexo.route.format(path)) ? taken(path, data) : data);
  };

  /** What a route gives for a page: the page, rewritten. */
  function taken(path, data) {
    const given = data?.data ?? data;
    if (given === undefined || given === null) return data;
    const read = typeof given === "function" ? promised(given) : () => given;
    // the map may be another one than when Hexo last wrote a page that is only copied; it compares what it writes by itself
    return { modified: true, data: async () => rewrite(hexo.route.format(path), await read()) };
  }

  hexo.extend.filter.register("after_generate", async () => {
    const { pages } = await loaded;
    // a site that is generated once is not written before this
    await pages.judge(log, publishedBy(hexo));
  });

  async function rewrite(path, data) {
    const { affilink, client } = await loaded;
    let { raw, html } = await pageOf(data);
    if (html === null) return raw;
    sources ??= new Map(sourcesOf(hexo).map((source) => [hexo.route.format(source.path), source]));
    const source = sources.get(path);
    const name = affilink.madeOf(path, source?.full_source && slashed(relative(hexo.base_dir, source.full_source)));
    const said = affilink.switchText(source?.affilink ?? null);
    if (said !== null) raw = html = affilink.withSwitch(html, said);
    let answer;
    try {
      answer = await client.page({ path, text: html, format: "html" });
    } catch (error) {
      return fail(path, raw, error.message);
    }
    for (const { message } of answer.messages ?? []) log.warn(affilink.printable(`${name}: ${message}`));
    const passedOver = affilink.skipReason(answer);
    if (passedOver) log.warn(affilink.printable(`${name}: ${passedOver}`));
    if (answer.fail) return fail(path, raw, affilink.printable(`${name}: the page was refused: ${answer.reason}`));
    return answer.changed ? answer.text : raw;
  }

  /** An error would leave half a page behind: the page stays as it was, and the run fails when it ends. */
  function fail(path, raw, message) {
    if (failed.length === 0 || failed.at(-1).message !== message) log.error(message.replace(/^affilink: /, ""));
    failed.push({ path, message });
    return raw;
  }

  hexo.on("deployBefore", () => {
    if (failed.length > 0) throw new Error("affilink: nothing is deployed, since pages could not be rewritten");
  });
  hexo.on("exit", () => {
    if (failed.length > 0) process.exitCode = 2;
  });
};

/** A route's function, which may want to call back instead. */
function promised(read) {
  if (read.length === 0) return read;
  return () => new Promise((done, fail) => read((error, data) => (error ? fail(error) : done(data))));
}

function slashed(path) {
  return path.split(sep).join("/");
}

/** The sources that pages of their own are made of. */
function sourcesOf(hexo) {
  return ["posts", "pages"].flatMap((kind) => hexo.locals.get(kind).toArray());
}

/** Which sources, by their full paths, are published: drafts and posts of a later day are not; files that are only copied are. */
function publishedBy(hexo) {
  const copied = ["Asset", "PostAsset"].flatMap((kind) => hexo.model(kind).toArray());
  const paths = [...sourcesOf(hexo).map((source) => source.full_source), ...copied.map(({ source }) => source)];
  const published = new Set(paths.map((path) => resolve(path)));
  return (path) => published.has(path);
}

/** Hexo's log, in lines that say whose they are. */
function prefixed(log) {
  return Object.fromEntries(["info", "warn", "error"].map((level) => [level, (line) => log[level](`[affilink] ${line}`)]));
}

/**
 * A page as a route gives it, which is a string, bytes or a stream, and its text; `null` where that is not known, as of a page
 * in another encoding than UTF-8: its bytes are handed on as they are.
 */
async function pageOf(data) {
  if (typeof data === "string") return { raw: data, html: data };
  let raw = data;
  if (!Buffer.isBuffer(data)) {
    if (typeof data?.pipe !== "function") return { raw, html: null };
    const chunks = [];
    for await (const chunk of data) chunks.push(chunk);
    raw = Buffer.concat(chunks);
  }
  try {
    return { raw, html: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw) };
  } catch {
    return { raw, html: null };
  }
}
