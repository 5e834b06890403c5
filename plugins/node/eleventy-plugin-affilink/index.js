import { relative, resolve, sep } from "node:path";
import { site } from "affilink";

/**
 * Rewrites the output folder when Eleventy has written it.
 *
 * @param {import("@11ty/eleventy").UserConfig} eleventyConfig
 * @param {import("./index.js").Options} [options]
 */
export default function affilinkPlugin(eleventyConfig, { log = logger, ...options } = {}) {
  const pages = site(options);

  eleventyConfig.on("eleventy.before", async (event) => {
    if (event.outputMode !== "fs") return;
    const { input, output } = folders(event);
    const inside = relative(resolve(input), resolve(output)).split(sep).join("/");
    const built = relative(resolve(options.cwd ?? "."), resolve(output)).split(sep).join("/");
    await pages.before([input], { exclude: inside && !inside.startsWith("..") ? [`/${built}/**`] : [] });
  });

  eleventyConfig.on("eleventy.after", async (event) => {
    if (event.outputMode !== "fs") return log.warn("pages that are printed instead of written are not rewritten");
    await pages.rewrite(folders(event).output, log);
    await pages.judge(log);
  });
}

/** Eleventy 3 has `directories`, Eleventy 2 has `dir`. */
function folders({ directories, dir }) {
  return directories ?? dir;
}

const logger = Object.fromEntries(
  ["info", "warn", "error"].map((level) => [level, (line) => console[level](`[affilink] ${line}`)]),
);
