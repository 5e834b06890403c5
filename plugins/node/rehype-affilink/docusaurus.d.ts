import type { LoadContext, Plugin } from "@docusaurus/types";
import type { PluginOptions } from "affilink";

export type Options = Pick<PluginOptions, "binary" | "config">;

/** Looks at the configuration before a build, and makes Docusaurus' cache of pages depend on it. */
export default function docusaurusAffilink(context: LoadContext, options?: Options): Plugin;
