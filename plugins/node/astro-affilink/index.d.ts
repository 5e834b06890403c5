import type { SiteOptions } from "affilink";
import type { AstroIntegration } from "astro";

export type Options = SiteOptions;

/** Rewrites the pages that a build has generated. */
export default function affilink(options?: Options): AstroIntegration;
