import { propertyName, propertyValue } from "./names.js";
import { FIELD, NODE, RAW, VOID } from "./write.js";

/** Start tag, end tag or comment, as the program and `write` form them. */
const MARKUP = /<!--([^]*?)-->|<\/([A-Za-z][^\s>]*)\s*>|<([A-Za-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** What an edit may have changed on a link. */
const LINK_ATTRIBUTES = ["href", "rel", "target"];

/**
 * Puts HTML that `write` made and the program edited back into the tree: nodes that were there stay the same objects.
 *
 * @param {string} html
 * @param {import("hast").Root} tree
 * @param {ReturnType<typeof import("./write.js").write>} written
 */
export function readBack(html, tree, written) {
  const reader = new Reader(tree, written);
  reader.read(html);
  reader.commit();
}

class Reader {
  #nodes;
  #comments;
  #places;
  #changes = [];

  constructor(tree, { nodes, comments }) {
    this.#nodes = nodes;
    this.#comments = comments[Symbol.iterator]();
    this.#places = [{ name: null, node: tree, children: [], known: true, filled: true }];
  }

  read(html) {
    let end = 0;
    MARKUP.lastIndex = 0;
    for (let found; (found = MARKUP.exec(html)); end = MARKUP.lastIndex) {
      this.#text(html.slice(end, found.index));
      const [, comment, closed, opened, attributes] = found;
      if (comment === RAW[0]) MARKUP.lastIndex = this.#raw(html, MARKUP.lastIndex);
      else if (comment !== undefined) this.#comment(comment);
      else if (closed) this.#close(closed);
      else this.#open(opened, attributes);
    }
    this.#text(html.slice(end));
    while (this.#places.length > 1 && !this.#top().known) this.#leave();
    if (this.#places.length !== 1) throw new Error(`<${this.#top().name}> has no end`);
    this.#leave();
  }

  /** Only what was read to its end changes the tree. */
  commit() {
    for (const change of this.#changes) change();
  }

  #top() {
    return this.#places.at(-1);
  }

  #append(node) {
    this.#top().children.push(node);
  }

  #text(html) {
    if (html !== "") this.#append({ type: "text", value: decode(html) });
  }

  #comment(value) {
    const { value: node } = this.#comments.next();
    this.#append(node ?? { type: "comment", value });
  }

  #raw(html, start) {
    const close = `<!--${RAW[1]}-->`;
    const end = html.indexOf(close, start);
    if (end < 0) throw new Error("a part of raw HTML has no end");
    this.#append({ type: "raw", value: html.slice(start, end) });
    return end + close.length;
  }

  #open(name, source) {
    const attributes = attributesOf(source);
    if (attributes.has(FIELD)) return this.#field(attributes);
    const number = attributes.get(NODE);
    const known = number !== undefined;
    const { node, filled } = known ? this.#known(name, number) : { node: created(name, attributes), filled: true };
    this.#append(node);
    if (known && attributes.has("href")) this.#changes.push(() => updateLink(node, attributes));
    if (!VOID.has(name.toLowerCase())) this.#places.push({ name, node, children: [], known, filled });
  }

  #known(name, number) {
    const found = this.#nodes[Number(number)];
    if (!found) throw new Error(`<${name}> is of no node`);
    return found;
  }

  #field(attributes) {
    const { node } = this.#top();
    this.#changes.push(() => setJsx(node, attributes.get(FIELD), attributes.get("href")));
  }

  #close(name) {
    while (this.#top().name !== name && !this.#top().known) this.#leave();
    if (this.#top().name !== name) throw new Error(`</${name}> ends <${this.#top().name}>`);
    this.#leave();
  }

  #leave() {
    const { node, children, known, filled } = this.#places.pop();
    if (!known) node.children = children;
    // what was written without its content has it still
    else if (filled) this.#changes.push(() => (node.children = kept(node.children ?? [], children)));
  }
}

/** The new children, with the text and raw nodes of before where nothing about them changed. */
function kept(before, after) {
  const places = new Map();
  // from the last to the first, so that the first is taken first
  for (const [at, node] of [...before.entries()].reverse()) {
    const key = keyOf(node);
    if (key === null) continue;
    if (!places.has(key)) places.set(key, []);
    places.get(key).push(at);
  }
  return after.map((node) => {
    const at = places.get(keyOf(node))?.pop();
    return at === undefined ? node : before[at];
  });
}

function keyOf({ type, value }) {
  return type === "text" || type === "raw" ? `${type}:${value}` : null;
}

function created(name, attributes) {
  const properties = {};
  for (const [attribute, value] of attributes) {
    const property = propertyName(attribute);
    properties[property] = propertyValue(property, value);
  }
  return { type: "element", tagName: name.toLowerCase(), properties, children: [] };
}

function updateLink(node, attributes) {
  for (const name of LINK_ATTRIBUTES) {
    const value = attributes.get(name);
    if (node.type === "element") {
      node.properties ??= {};
      if (value === undefined) delete node.properties[name];
      else if (String([].concat(node.properties[name] ?? []).join(" ")) !== value || !(name in node.properties)) {
        node.properties[name] = propertyValue(name, value);
      }
    } else if (value !== undefined) setJsx(node, name, value);
  }
}

function setJsx(node, name, value) {
  const found = node.attributes.find((attribute) => attribute.type === "mdxJsxAttribute" && attribute.name === name);
  if (found) found.value = value;
  else node.attributes.push({ type: "mdxJsxAttribute", name, value });
}

function attributesOf(source) {
  const attributes = new Map();
  for (const [, name, double, single, bare] of source.matchAll(ATTRIBUTE)) {
    attributes.set(name, decode(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

function decode(text) {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(amp|lt|gt|quot|apos|nbsp));/g, (_, decimal, hex, name) =>
    name ? NAMED[name] : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}
