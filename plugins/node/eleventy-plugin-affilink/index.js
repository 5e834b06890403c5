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
  const loaded = import("affilink").then(({ site }) => site(options));

  eleventyConfig.on("eleventy.before", async (event) => {
    if (event.outputMode !== "fs") return;
    const { input, output } = folders(event);
    const inside = slashed(relative(resolve(input), resolve(output)));
    const built = slashed(relative(resolve(options.cwd ?? "."), resolve(output)));
    await (await loaded).before([input], { exclude: inside && !inside.startsWith("..") ? [`/${built}/**`] : [] });
  });

  eleventyConfig.on("eleventy.after", async (event) => {
    if (event.outputMode !== "fs") return log.warn("pages that are printed instead of written are not rewritten");
    const pages = await loaded;
    await pages.rewrite(folders(event).output, log);
    await pages.judge(log);
  });
}

/** Eleventy 3 has `directories`, Eleventy 2 has `dir`. */
function folders({ directories, dir }) {
  return directories ?? dir;
}

function slashed(path) {
  return path.split(sep).join("/");
}

const logger = Object.fromEntries(
  ["info", "warn", "error"].map((level) => [level, (line) => console[level](`[affilink] ${line}`)]),
);

module.exports = affilinkPlugin;
