/**
 * What a page's front matter says of affilink, on its way into the built page. Astro does not tell which page shows which source:
 * so a source that says something leaves a mark in its content, which is taken out of the built pages again.
 */

import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { switchIn, switchText, withSwitch } from "affilink";

const SOURCE = "data-affilink-source";
const MARK = new RegExp(`<meta name="affilink" content="([^"]*)" ${SOURCE}="([^"]*)"\\s*/?>`, "g");

/**
 * What Astro's configuration needs for sources to leave marks, whichever processor makes HTML of Markdown.
 *
 * @param {{root: URL, markdown?: {processor?: object}}} config
 */
export function marking({ root, markdown }) {
  const named = (file) => slashed(relative(fileURLToPath(root), file));
  const vite = { plugins: [mdx(named)] };
  if (!markdown?.processor?.createRenderer) return { vite, markdown: { rehypePlugins: [[rehype, named]] } };
  wrap(markdown.processor, named);
  return { vite };
}

/** Takes the marks out of the built pages below `folder`; the page of a source's own has what it says in its head. */
export async function settle(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const marked = [];
  for (const name of names.filter((one) => /\.html?$/i.test(one))) {
    const bytes = await readFile(join(folder, name));
    if (!bytes.includes(SOURCE)) continue;
    // pages of Astro are in UTF-8
    const html = bytes.toString();
    const said = new Map([...html.matchAll(MARK)].map(([, text, source]) => [unescaped(source), unescaped(text)]));
    marked.push({ path: slashed(name), html: html.replace(MARK, ""), said });
  }
  for (const { path, html, said } of marked) {
    const [text] = [...said].filter(([source]) => isOwn(path, source, marked)).map(([, own]) => own);
    await writeFile(join(folder, path), withSwitch(html, text ?? null));
  }
}

/** Whether a page is the one of a source: the only one that shows it, or of those the one whose address holds its name. */
function isOwn(path, source, marked) {
  const showing = marked.filter(({ said }) => said.has(source)).map((page) => page.path);
  const named = showing.filter((one) => addressed(one) === slug(nameOf(source)));
  return (named.length > 0 ? named : showing).includes(path);
}

/** The last part of a page's address. */
function addressed(path) {
  const parts = path.replace(/(?:^|\/)index\.html?$|\.html?$/i, "").split("/");
  return slug(parts.at(-1));
}

function nameOf(source) {
  const parts = source.replace(/\.[^./]+$/, "").split("/");
  return parts.at(-1) === "index" ? (parts.at(-2) ?? "") : parts.at(-1);
}

function slug(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
}

/** For Astro up to 5. */
function rehype(named) {
  return (tree, { path, data }) => {
    const text = switchText(data.astro?.frontmatter?.affilink);
    if (text === null || !path || path.endsWith(".mdx")) return;
    const properties = { name: "affilink", content: text, [SOURCE]: named(path) };
    tree.children.push({ type: "element", tagName: "meta", properties, children: [] });
  };
}

/** For later ones, whose processors have a renderer in common. */
function wrap(processor, named) {
  const { createRenderer } = processor;
  processor.createRenderer = async (...settings) => {
    const renderer = await createRenderer.apply(processor, settings);
    const render = async (content, options) => {
      const result = await renderer.render(content, options);
      const text = switchText(options?.frontmatter?.affilink);
      if (text === null || !options.fileURL) return result;
      return { ...result, code: result.code + mark(text, named(fileURLToPath(options.fileURL))) };
    };
    return { ...renderer, render };
  };
}

/** MDX becomes a module in another way: its source gets the mark, at its end, where it moves no line. */
function mdx(named) {
  return {
    name: "astro-affilink",
    transform: {
      order: "pre",
      handler(code, id) {
        if (!id.endsWith(".mdx") || id.startsWith("\0")) return null;
        const text = switchIn(code);
        return text === null ? null : { code: `${code}\n\n${mark(text, named(resolve(id)))}\n`, map: null };
      },
    },
  };
}

function mark(text, source) {
  return `<meta name="affilink" content="${escaped(text)}" ${SOURCE}="${escaped(source)}" />`;
}

function escaped(text) {
  return text.replace(/[&"<>\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function unescaped(text) {
  const decode = (_, hex, decimal) => String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10));
  const named = { quot: '"', lt: "<", gt: ">", amp: "&" };
  return text.replace(/&(?:#[xX]([\da-fA-F]+)|#(\d+)|(quot|lt|gt|amp));/g, (all, hex, decimal, name) =>
    name ? named[name] : decode(all, hex, decimal),
  );
}

function slashed(path) {
  return path.split(sep).join("/");
}
