import { checkOptions, findConfig, preflight } from "affilink";

/**
 * Looks at the program and the configuration before Docusaurus builds anything, and makes its cache of pages depend on the
 * configuration: without it, pages keep the links that they had when they were last changed themselves.
 *
 * @param {import("@docusaurus/types").LoadContext} context
 * @param {import("./docusaurus.js").Options} [options]
 * @returns {import("@docusaurus/types").Plugin}
 */
export default function docusaurusAffilink({ siteDir }, options = {}) {
  // Docusaurus gives each of its plugins an id
  checkOptions("rehype-affilink/docusaurus", options, { id: "string" }, ["cwd", "findings", "failOn"]);
  const { binary, config } = options;
  const settings = { binary, config, cwd: siteDir };
  return {
    name: "rehype-affilink",
    loadContent: () => preflight(settings),
    configureWebpack({ cache, experiments }) {
      const path = findConfig(settings);
      if (!path) return {};
      // webpack, and Rspack
      if (cache?.type === "filesystem") return { cache: { buildDependencies: { affilink: [path] } } };
      if (experiments?.cache?.buildDependencies) return { experiments: { cache: { buildDependencies: [path] } } };
      return {};
    },
  };
}
