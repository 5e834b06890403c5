import { attributeName, attributeValue } from "./names.js";

export const NODE = "data-affilink-node";
export const FIELD = "data-affilink-field";
export const RAW = ["affilink-raw", "/affilink-raw"];

/** Elements without content and end. */
export const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

/** Elements whose content is never looked at: it is no running text, and parsers read it by other rules. */
const OPAQUE = new Set(
  "iframe math noembed noframes noscript plaintext pre script style svg template textarea title xmp".split(" "),
);

/** Opaque elements that stand in the text under their own name, since what they are matters for it. */
const NAMED = new Set(["pre"]);

/** What a component's attributes can say to the program. */
const KEPT = new Set(["class", "id", "lang", "data-affilink", "data-affilink-ignore"]);

/** Elements around which a block cannot stand: a part of the tree below them is written as a `span`. */
const PHRASING = new Set("a abbr b cite code em h1 h2 h3 h4 h5 h6 i label mark p q s small span strong sub sup u".split(" "));

/**
 * A tree as HTML in which each element says which node it is, so that what comes back can be put into the tree again. What
 * no HTML can say (expressions, components) stands there as an empty or plain element.
 *
 * @param {import("hast").Root} tree
 * @param {{components?: Record<string, string[]>}} options
 */
export function write(tree, { components = {} } = {}) {
  const writer = new Writer(components);
  writer.children(tree, false);
  return { html: writer.out.join(""), nodes: writer.nodes, comments: writer.comments };
}

class Writer {
  out = [];
  nodes = [];
  comments = [];
  #components;

  constructor(components) {
    this.#components = components;
  }

  children(parent, phrasing) {
    for (const node of parent.children ?? []) this.#node(node, phrasing);
  }

  #node(node, phrasing) {
    switch (node.type) {
      case "text":
        return this.out.push(escapeText(node.value));
      case "element":
        return this.#element(node, node.tagName.toLowerCase(), attributesOf(node.properties), phrasing);
      case "raw":
        return this.#raw(node);
      case "comment":
        return this.#comment(node, node.value);
      case "doctype":
        return this.#comment(node, "");
      case "mdxJsxFlowElement":
      case "mdxJsxTextElement":
        return this.#component(node, phrasing);
      case "mdxFlowExpression":
      case "mdxTextExpression":
        return this.#expression(node, phrasing);
      default:
        return this.#empty(node, phrasing);
    }
  }

  #element(node, name, attributes, phrasing) {
    if (OPAQUE.has(name) && !NAMED.has(name)) return this.#empty(node, phrasing);
    const filled = !OPAQUE.has(name) && !VOID.has(name);
    this.#open(node, name, attributes, filled);
    if (filled) this.children(node, phrasing || PHRASING.has(name));
    if (!VOID.has(name)) this.#close(name);
  }

  #component(node, phrasing) {
    const attributes = jsxAttributes(node);
    if (node.name && /^[a-z][a-z\d]*$/.test(node.name)) return this.#element(node, node.name, attributes, phrasing);
    // a component: under its name, so that settings about it are followed; a fragment or `A.B`: as a plain element
    const plain = phrasing || node.type === "mdxJsxTextElement" ? "span" : "div";
    const name = node.name && /^[A-Z][A-Za-z\d]*$/.test(node.name) ? node.name : plain;
    this.#open(node, name, attributes.filter(([key]) => KEPT.has(key)), true);
    for (const field of Object.hasOwn(this.#components, node.name ?? "") ? this.#components[node.name] : []) {
      const found = attributes.find(([key]) => key === field);
      if (found) this.out.push(`<area ${FIELD}="${escapeAttribute(field)}" href="${escapeAttribute(found[1])}">`);
    }
    this.children(node, plain === "span");
    this.#close(name);
  }

  #expression(node, phrasing) {
    const comment = /^\s*\/\*([^]*?)\*\/\s*$/.exec(node.value);
    if (comment) this.#comment(node, comment[1]);
    else this.#empty(node, phrasing);
  }

  #comment(node, value) {
    // what would end the comment early says nothing to the program
    const text = /^-?>|--!?>|-$/.test(value) || RAW.includes(value) ? "" : value;
    this.comments.push(node);
    this.out.push(`<!--${text}-->`);
  }

  #raw(node) {
    this.out.push(`<!--${RAW[0]}-->${node.value}<!--${RAW[1]}-->`);
  }

  #empty(node, phrasing) {
    const name = phrasing ? "span" : "div";
    this.#open(node, name, [], false);
    this.#close(name);
  }

  #open(node, name, attributes, filled) {
    const written = attributes.map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
    this.out.push(`<${name} ${NODE}="${this.nodes.length}"${written.join("")}>`);
    this.nodes.push({ node, filled });
  }

  #close(name) {
    this.out.push(`</${name}>`);
  }
}

function attributesOf(properties = {}) {
  return Object.entries(properties)
    .map(([property, value]) => [attributeName(property), attributeValue(value)])
    .filter(writable);
}

function jsxAttributes(node) {
  return node.attributes
    .filter(({ type, value }) => type === "mdxJsxAttribute" && (value === null || typeof value === "string"))
    .map(({ name, value }) => [name === "className" ? "class" : name, value ?? ""])
    .filter(writable);
}

function writable([name, value]) {
  return value !== null && /^[A-Za-z_][\w.:-]*$/.test(name) && name !== NODE;
}

/** Braces too, so that no text of the reader's looks like a template's. */
function escapeText(text) {
  return text.replace(/[&<>{]/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function escapeAttribute(value) {
  return value.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`);
}
