// Uses of the packages that have to type-check; never run.

import { AffilinkError, build, check, connect, site, switchIn, switchText, withSwitch, type Finding } from "affilink";
import affilinkAstro from "astro-affilink";
import affilinkEleventy from "eleventy-plugin-affilink";
import type { Options as HexoOptions } from "hexo-filter-affilink";
import rehypeAffilink from "rehype-affilink";
import docusaurusAffilink from "rehype-affilink/docusaurus";
import { unified } from "unified";
import affilinkVite from "vite-plugin-affilink";

export async function uses(): Promise<Finding[]> {
  const client = connect({ cwd: ".", failOn: "never" });
  const page = await client.page({ path: "a.md", text: "x", format: "markdown" });
  const { exitCode, summary } = await build("_site", { manifest: "links.jsonl" });
  const pages = site({ failOn: "error" });
  await pages.before(["src"]);
  const text = withSwitch("<p>x</p>", switchText(false) ?? switchIn("---\naffilink: false\n---\n"));
  await pages.page("a.html", text, "false");
  pages.settle(console);
  await pages.judge(console, (source) => source !== "draft.md");
  const { findings } = await check(["src"]);
  if (exitCode === 1) throw new AffilinkError(`${summary.join()}${page.text}`);
  return findings;
}

export const hexo: HexoOptions = { enable: true, failOn: "warn" };
export const integration = affilinkAstro({ failOn: "error" }).hooks;
export const plugin = affilinkVite({ config: "affiliates.yaml" }).name;
export const docusaurus = docusaurusAffilink({ siteDir: "." }).name;
affilinkEleventy({ on() {}, addTransform() {} }, { findings: false });
unified().use(rehypeAffilink).use(rehypeAffilink, { components: { Card: ["href"] }, log: false });

// @ts-expect-error no such level
site({ failOn: "fatal" });
