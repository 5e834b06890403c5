// CommonJS, which configurations of either kind can load, in any version of Node.js.
"use strict";

const { relative, resolve, sep } = require("node:path");

/**
 * Rewrites the output folder when Eleventy has written it.
 *
 * @param {import("@11ty/eleventy").UserConfig} eleventyConfig
 * @param {import("./index.js").Options} [options]
 */
function affilinkPlugin(eleventyConfig, { log = logger, ...options } = {}) {
  // the client is an ES module
  const loaded = import("affilink").then(({ checkOptions, site }) => {
    checkOptions("eleventy-plugin-affilink", options, { manifest: "string" });
    return site(options);
  });
  // it is told when a build begins
  loaded.catch(() => {});

  eleventyConfig.on("eleventy.before", async (event) => {
    const pages = await loaded;
    if (event.outputMode !== "fs") return;
    const { input, output } = folders(event);
    const inside = slashed(relative(resolve(input), resolve(output)));
    const built = slashed(relative(resolve(options.cwd ?? "."), resolve(output)));
    await pages.before([input], { exclude: inside && !inside.startsWith("..") ? [`/${built}/**`] : [] });
  });

  eleventyConfig.on("eleventy.after", async (event) => {
    if (event.outputMode !== "fs") return log.warn("pages that are printed instead of written are not rewritten");
    const pages = await loaded;
    if (isDryRun()) log.info("a dry run writes nothing: no page is rewritten");
    else await pages.rewrite(folders(event).output, log);
    await pages.judge(log);
  });
}

/** Eleventy 3 has `directories`, Eleventy 2 has `dir`. */
function folders({ directories, dir }) {
  return directories ?? dir;
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
