import type { Log, SiteOptions } from "affilink";

export interface Options extends SiteOptions {
  /** Where the plugin writes to. Default: `console`. */
  log?: Log;
}

/** Rewrites the output folder when Eleventy has written it. Use it as `eleventyConfig.addPlugin(affilink, options)`. */
export default function affilinkPlugin(
  eleventyConfig: { on(event: string, callback: (event: any) => unknown): unknown },
  options?: Options,
): void;
