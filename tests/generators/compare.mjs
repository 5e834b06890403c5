// Whether a page built with affilink is the page built without it, but for what is expected of each link and the notice.

/** Tags, comments and text, in order. */
const TOKEN = /<!--[^]*?-->|<(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+/g;

/**
 * The page's tokens with every expected edit led back. Throws when a link or the notice is not as expected.
 *
 * @param {string} html
 * @param {{before: string | null, after: string}[]} links
 * @param {string} notice as it is marked up
 */
export function ledBack(html, links, notice) {
  const missing = new Set(links);
  const notices = html.split(notice).length - 1;
  if (notices !== (links.length > 0 ? 1 : 0)) throw new Error(`${notices} notices stand on the page`);
  const tokens = html.replace(notice, "").match(TOKEN) ?? [];
  const result = [];
  let named = 0;
  for (const token of tokens) {
    const link = /^<a\s/.test(token) && links.find(({ after }) => hrefOf(token) === after);
    if (named > 0 && token === "</a>") named -= 1;
    else if (!link) result.push(token);
    else {
      missing.delete(link);
      sponsored(token);
      if (link.before === null) named += 1;
      else result.push(withoutRel(token, link.before));
    }
  }
  if (missing.size > 0) throw new Error(`missing: ${[...missing].map(({ after }) => after).join(", ")}`);
  return joined(result);
}

/** The same of a page built without affilink: what may differ on its merchant links is left out. */
export function asWritten(html, links) {
  const isLink = (token) => /^<a\s/.test(token) && links.some(({ before }) => hrefOf(token) === before);
  return joined((html.match(TOKEN) ?? []).map((token) => (isLink(token) ? withoutRel(token, hrefOf(token)) : token)));
}

function sponsored(tag) {
  const rel = (attribute(tag, "rel") ?? "").split(" ");
  for (const token of ["sponsored", "nofollow"]) {
    if (!rel.includes(token)) throw new Error(`no \`${token}\` in ${tag}`);
  }
}

function withoutRel(tag, href) {
  const others = [...tag.matchAll(/\s([^\s=>]+)(?:=("[^"]*"|'[^']*'|[^\s>]+))?/g)]
    .filter(([, name]) => !["href", "rel", "target"].includes(name))
    .map(([attribute]) => attribute.trim())
    .sort();
  return `<a ${[`href="${href}"`, ...others].join(" ")}>`;
}

function hrefOf(tag) {
  return attribute(tag, "href");
}

function attribute(tag, name) {
  const found = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`).exec(tag);
  return found ? decode(found[1] ?? found[2] ?? found[3]) : null;
}

function decode(text) {
  return text.replace(/&(?:amp|#38|#x26);/gi, "&").replace(/&quot;/g, '"');
}

function joined(tokens) {
  return tokens.join("").replace(/\n+/g, "\n");
}
