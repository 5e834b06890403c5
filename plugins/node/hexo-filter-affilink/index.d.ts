import type { PluginOptions } from "affilink" with { "resolution-mode": "import" };

/** The key `affilink` of `_config.yml`. */
export interface Options extends Omit<PluginOptions, "cwd"> {
  /** Whether pages are rewritten. Default: `true`. */
  enable?: boolean;
}
