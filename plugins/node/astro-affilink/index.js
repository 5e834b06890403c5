import { fileURLToPath } from "node:url";
import { checkOptions, site } from "affilink";

/**
 * Rewrites the pages that a build has generated, before other integrations see them in `astro:build:done`.
 *
 * @param {import("./index.js").Options} [options]
 * @returns {import("astro").AstroIntegration}
 */
export default function affilink(options = {}) {
  checkOptions("astro-affilink", options, { manifest: "string" });
  let pages;
  return {
    name: "astro-affilink",
    hooks: {
      "astro:config:done": ({ config }) => {
        pages = site({ cwd: fileURLToPath(config.root), ...options });
        pages.source = fileURLToPath(config.srcDir);
      },
      "astro:build:start": () => pages.before([pages.source]),
      "astro:build:generated": ({ dir, logger }) => pages.rewrite(fileURLToPath(dir), logger),
      "astro:build:done": ({ logger }) => pages.judge(logger),
    },
  };
}
