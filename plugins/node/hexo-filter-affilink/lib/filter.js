"use strict";

const { resolve } = require("node:path");

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
  const taken = new WeakSet();

  hexo.extend.filter.register("before_generate", async () => {
    const { pages, client } = await loaded;
    // the configuration may be another one than at the last generation
    await client.close();
    await pages.before([hexo.source_dir]);
  });

  hexo.extend.filter.register("after_generate", async () => {
    const { affilink, pages } = await loaded;
    // nothing is written before this
    await pages.judge(log, publishedBy(hexo));
    const said = new Map(sourcesOf(hexo).map((source) => [hexo.route.format(source.path), affilink.switchText(source.affilink)]));
    for (const path of hexo.route.list().filter((name) => /\.html?$/i.test(name))) {
      const route = hexo.route.routes[path];
      const { data } = route;
      if (taken.has(route)) continue;
      taken.add(route);
      // the map may be another one than when Hexo last wrote a page that is only copied; it compares what it writes by itself
      route.modified = true;
      const text = said.get(path) ?? null;
      route.data = async () => rewrite(path, typeof data === "function" ? await data() : data, text);
    }
  });

  /** A page, rewritten; `said` is what its source says of affilink. */
  async function rewrite(path, data, said) {
    const { affilink, client } = await loaded;
    let { raw, html } = await pageOf(data);
    if (html === null) return raw;
    if (said !== null) raw = html = affilink.withSwitch(html, said);
    let answer;
    try {
      answer = await client.page({ path, text: html, format: "html" });
    } catch (error) {
      return fail(path, raw, error.message);
    }
    for (const { message } of answer.messages ?? []) log.warn(affilink.printable(`${path}: ${message}`));
    const passedOver = affilink.skipReason(answer);
    if (passedOver) log.warn(affilink.printable(`${path}: ${passedOver}`));
    if (answer.fail) return fail(path, raw, affilink.printable(`${path}: the page was refused: ${answer.reason}`));
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
