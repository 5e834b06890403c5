import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { checkOptions, site } from "affilink";
import { marking, unmark, unmarked } from "./lib/marks.js";

/**
 * Rewrites the pages that a build has generated, before other integrations see them in `astro:build:done`.
 *
 * @param {import("./index.js").Options} [options]
 * @returns {import("astro").AstroIntegration}
 */
export default function affilink(options = {}) {
  checkOptions("astro-affilink", options, { manifest: "string" });
  let pages;
  let source;
  return {
    name: "astro-affilink",
    hooks: {
      "astro:config:setup": ({ config, updateConfig }) => void updateConfig(marking(config)),
      "astro:config:done": ({ config }) => {
        pages = site({ cwd: fileURLToPath(config.root), ...options });
        source = fileURLToPath(config.srcDir);
      },
      "astro:build:start": () => pages.before([source]),
      "astro:build:generated": async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const { names, marked, read } = unmarked(folder);
        // decisions are recorded in one run of the program
        if (options.manifest) {
          unmark(folder, marked, read);
          await pages.rewrite(folder, logger);
        } else await pages.files(folder, names, logger, read);
      },
      "astro:build:done": ({ logger }) => pages.judge(logger, (path) => isPublished(path, source)),
    },
  };
}

/** Astro makes no pages of what begins with `_`, and its themes none of what says `draft: true`. */
function isPublished(path, folder) {
  if (relative(folder, path).split(sep).some((name) => name.startsWith("_"))) return false;
  return !/^\ufeff?---[ \t]*\r?\n(?:(?!---)[^\n]*\n)*?draft:[ \t]+true[ \t]*\r?\n/.test(readFileSync(path, "utf8"));
}
