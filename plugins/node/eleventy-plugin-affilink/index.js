// CommonJS, which configurations of either kind can load, in any version of Node.js.
"use strict";

const { readFile, readdir } = require("node:fs/promises");
const { join, relative, resolve, sep } = require("node:path");

/**
 * Rewrites HTML pages as Eleventy writes them, and what else is in the output folder when it has.
 *
 * @param {import("@11ty/eleventy").UserConfig} eleventyConfig
 * @param {import("./index.js").Options} [options]
 * @returns {Promise<void>}
 */
function affilinkPlugin(eleventyConfig, { log = logger, ...options } = {}) {
  // the client is an ES module
  const loaded = import("affilink").then((affilink) => {
    affilink.checkOptions("eleventy-plugin-affilink", options, { manifest: "string" });
    return { affilink, pages: affilink.site(options) };
  });
  // it is told when a build begins
  loaded.catch(() => {});
  const output = new Output();
  const sources = new Sources();
  let folder;

  // Eleventy 2 has none
  eleventyConfig.addPreprocessor?.("affilink", "*", (data) => sources.read(data));

  // Eleventy 3 waits for it before it begins to watch
  const watched = loaded.then(({ affilink }) => {
    const config = affilink.findConfig(options);
    if (config) eleventyConfig.addWatchTarget?.(`./${slashed(relative(".", config))}`, { resetConfig: true });
  });

  eleventyConfig.on("eleventy.before", async (event) => {
    const { pages } = await loaded;
    const { input, output: written } = folders(event);
    folder = resolve(written);
    sources.copied = copiedFolders(eleventyConfig);
    sources.included = includedFolders(event);
    const inside = slashed(relative(resolve(input), folder));
    const built = slashed(relative(resolve(options.cwd ?? "."), folder));
    await pages.before([input], { exclude: inside && !inside.startsWith("..") ? [`/${built}/**`] : [] });
  });

  eleventyConfig.addTransform("affilink", async function (content) {
    const { inputPath, outputPath } = this;
    if (inputPath && outputPath) sources.published(inputPath);
    if (typeof content !== "string" || !/\.html?$/i.test(outputPath || "")) return content;
    const { affilink, pages } = await loaded;
    const said = await sources.said(affilink, inputPath);
    const path = resolve(outputPath);
    // decisions are recorded in one run of the program
    if (options.manifest) return affilink.withSwitch(content, said);
    const source = inputPath && slashed(relative(options.cwd ?? ".", inputPath));
    return output.made(path, await pages.page(slashed(relative(folder, path)), content, said, source));
  });

  eleventyConfig.on("eleventy.after", async (event) => {
    const { pages } = await loaded;
    const results = (event.results ?? []).flat().filter(Boolean);
    const isWritten = event.outputMode === "fs" && !isDryRun();
    // nothing comes between pages that are printed
    const said = event.outputMode === "fs" ? log : { ...log, info() {} };
    pages.settle(said);
    if (isWritten && (await output.hasOthers(folder, results))) await pages.rewrite(folder, brief(said, options));
    await pages.judge(said, (path) => sources.isPublished(path));
  });

  return watched.catch(() => {});
}

/** Which pages of the output folder are as they were rewritten. */
class Output {
  #texts = new Map();

  made(path, text) {
    this.#texts.set(path, text);
    return text;
  }

  /** Whether there are pages that another transform changed afterwards, or that Eleventy only copies. */
  async hasOthers(folder, results) {
    for (const { outputPath, content } of results) {
      const path = resolve(outputPath || "");
      if (this.#texts.has(path) && this.#texts.get(path) !== content) this.#texts.delete(path);
    }
    const entries = await readdir(folder, { recursive: true }).catch(() => []);
    return entries.some((name) => /\.(?:html?|md|markdown|mdx)$/i.test(name) && !this.#texts.has(join(folder, name)));
  }
}

/** What is known of the site's sources. */
class Sources {
  /** The folders and files that are only copied, and those that pages are made of. */
  copied = [];
  included = [];
  #data = new Map();
  #published = new Set();

  /** As a preprocessor: looks at the data, which computed data comes to afterwards, and leaves the content. */
  read(data) {
    if (data?.page?.inputPath) this.#data.set(resolve(data.page.inputPath), data);
  }

  /** What a page's data says of affilink: front matter, or a file for its folder. */
  async said(affilink, inputPath) {
    if (!inputPath) return null;
    const data = this.#data.get(resolve(inputPath));
    if (data) return affilink.switchText(data.affilink);
    // Eleventy 2, or a source that is no file
    return affilink.switchIn(await readFile(inputPath, "utf8").catch(() => ""));
  }

  /** A source of which something is written; builds of what has changed write some of them only. */
  published(inputPath) {
    this.#published.add(resolve(inputPath));
  }

  isPublished(path) {
    const isIn = (folder) => path === folder || path.startsWith(folder + sep);
    return this.#published.has(path) || [...this.included, ...this.copied].some(isIn);
  }
}

/** A log for what is left to do: most links are kept there, since they were rewritten before. */
function brief(log, { manifest }) {
  let said = false;
  const info = (line) => {
    if (!said) log.info(line);
    said = true;
  };
  return manifest ? log : { ...log, info };
}

/** The files and folders of which pages may be copied: of a glob, the folder before its first sign. */
function copiedFolders({ passthroughCopies = {} }) {
  return Object.keys(passthroughCopies)
    .filter((name) => !/\.[^./*]+$/.test(name) || /\.[^./]*(?:html?|md|markdown|mdx)\b[^./]*$/i.test(name))
    .map((name) => resolve(name.replace(/[*?[{!(].*$/, "")));
}

/** Eleventy 3 has `directories`, Eleventy 2 has `dir`. */
function folders({ directories, dir }) {
  return directories ?? dir;
}

/** Where the parts are that pages are made of, in both versions. */
function includedFolders({ directories, dir }) {
  if (directories) return [directories.includes, directories.layouts].filter(Boolean).map((path) => resolve(path));
  const { input, includes, layouts } = dir;
  return [includes ?? "_includes", layouts].filter(Boolean).map((name) => resolve(input, name));
}

/** Eleventy tells its plugins of `--dryrun` nowhere else. */
function isDryRun() {
  return process.argv.some((argument) => /^--dryrun(=true)?$/.test(argument));
}

function slashed(path) {
  return path.split(sep).join("/");
}

const logger = Object.fromEntries(
  ["info", "warn", "error"].map((level) => [level, (line) => console[level](`[affilink] ${line}`)]),
);

module.exports = affilinkPlugin;
