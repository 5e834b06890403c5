import type { PluginOptions } from "affilink";

/** The key `affilink` of `_config.yml`. */
export interface Options extends Omit<PluginOptions, "cwd"> {
  /** Whether pages are rewritten. Default: `true`. */
  enable?: boolean;
}
