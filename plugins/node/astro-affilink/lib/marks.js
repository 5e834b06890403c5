/**
 * What a page's front matter says of affilink, on its way into the built page. Astro does not tell which page shows which source:
 * so a source that says something leaves a mark in its content, which is taken out of the built pages again.
 */

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { switchIn, switchText, withSwitch } from "affilink";

const PAGE = /\.(?:html?|md|markdown|mdx)$/i;
const HTML = /\.html?$/i;
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

/**
 * The pages below `folder`, by their names, those of them that have marks, and what reads one: without its marks, and with what the
 * source says whose own page it is.
 */
export function unmarked(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => PAGE.test(name)).map(slashed) : [];
  const marked = new Map();
  for (const name of names.filter((one) => HTML.test(one))) {
    const bytes = readFileSync(join(folder, name));
    if (bytes.includes(SOURCE)) marked.set(name, marksOf(bytes.toString()));
  }
  const owners = ownersOf(marked);
  const read = (name, html) => {
    const marks = marked.get(name);
    if (!marks) return { html, said: null };
    const own = [...marks.keys()].find((source) => owners.get(source).has(name));
    return { html: html.replace(MARK, ""), said: marks.get(own) ?? null };
  };
  return { names, marked: [...marked.keys()], read };
}

/** Writes marked pages as `read` gives them, with their switches. */
export function unmark(folder, names, read) {
  for (const name of names) {
    const { html, said } = read(name, readFileSync(join(folder, name), "utf8"));
    writeFileSync(join(folder, name), withSwitch(html, said));
  }
}

/** What sources say that a page shows, by their names. */
function marksOf(html) {
  return new Map([...html.matchAll(MARK)].map(([, text, source]) => [unescaped(source), unescaped(text)]));
}

/** The pages that are a source's own: the only one that shows it, or of those the one whose address holds its name. */
function ownersOf(marked) {
  const showing = new Map();
  for (const [name, marks] of marked) {
    for (const source of marks.keys()) {
      if (!showing.has(source)) showing.set(source, []);
      showing.get(source).push(name);
    }
  }
  for (const [source, names] of showing) {
    const named = names.filter((name) => addressed(name) === slug(nameOf(source)));
    showing.set(source, new Set(named.length > 0 ? named : names));
  }
  return showing;
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
