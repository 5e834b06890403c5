import type { Log, SiteOptions } from "affilink" with { "resolution-mode": "import" };

declare namespace affilinkPlugin {
  interface Options extends SiteOptions {
    /** Where the plugin writes to. Default: `console`. */
    log?: Log;
  }
}

/** Rewrites pages as Eleventy writes them. Use it as `eleventyConfig.addPlugin(affilink, options)`. */
declare function affilinkPlugin(
  eleventyConfig: {
    on(event: string, callback: (event: any) => unknown): unknown;
    addTransform(name: string, callback: (this: any, content: any) => unknown): unknown;
  },
  options?: affilinkPlugin.Options,
): Promise<void>;

export = affilinkPlugin;
