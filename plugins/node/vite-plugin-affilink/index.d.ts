import type { PluginOptions } from "affilink";
import type { Plugin } from "vite";

export type Options = PluginOptions;

/** Rewrites Markdown before another plugin turns it into JavaScript, and the HTML pages of a plain Vite site. */
export default function affilink(options?: Options): Plugin;
