import type { Log, SiteOptions } from "affilink" with { "resolution-mode": "import" };

declare namespace affilinkPlugin {
  interface Options extends SiteOptions {
    /** Where the plugin writes to. Default: `console`. */
    log?: Log;
  }
}

/** Rewrites the output folder when Eleventy has written it. Use it as `eleventyConfig.addPlugin(affilink, options)`. */
declare function affilinkPlugin(
  eleventyConfig: { on(event: string, callback: (event: any) => unknown): unknown },
  options?: affilinkPlugin.Options,
): void;

export = affilinkPlugin;
