// The example sites of `fixtures/sites` that a generator from npm builds, and what has to stand on their pages.

/** What each link of the pages becomes; `null` for a product's name that is no link yet. The same on all sites. */
const LINKS = {
  grinders: [
    ["https://www.amazon.com/dp/B000HANDGR?th=1", "https://www.amazon.com/dp/B000HANDGR?th=1&tag=mysite-20"],
    [
      "https://www.ebay.de/itm/155099999999",
      "https://www.ebay.de/itm/155099999999?mkevt=1&mkcid=1&mkrid=707-53477-19255-0&campid=5338000000&toolid=10001",
    ],
    [
      "https://books.example/title/9?a=1&b=2",
      "https://track.example/c/9?u=https%3A%2F%2Fbooks.example%2Ftitle%2F9%3Fa%3D1%26b%3D2",
    ],
    ["https://shop.acme.example/products/mug?a=1&b=2", "https://shop.acme.example/products/mug?a=1&b=2&ref=mysite"],
  ],
  reading: [[null, "https://www.amazon.com/dp/B08KTZ8249?tag=mysite-20"]],
  about: [],
  off: [],
  some: [["https://www.amazon.com/dp/B000000LMP", "https://www.amazon.com/dp/B000000LMP?tag=mysite-20"]],
};

/** What pages say of affilink in their front matter, as it stands in their heads where built pages are rewritten. */
const SWITCHES = { off: "false", some: "{&quot;skip&quot;:[&quot;Kindle Paperwhite&quot;]}" };

/** The notice, as it is read. */
export const NOTICE =
  "We earn a commission if you buy through links on this page. As an Amazon Associate I earn from qualifying purchases.";

/** The page that a file of the output is, by its path, its links and its switch; every other file has none. */
export function pageOf(path) {
  const [, name] = /^([^/]+?)(?:\/index)?\.html$/.exec(path) ?? [];
  const links = Object.hasOwn(LINKS, name ?? "") ? LINKS[name] : [];
  const said = Object.hasOwn(SWITCHES, name ?? "") ? `<meta name="affilink" content="${SWITCHES[name]}">` : "";
  return { name, links: links.map(([before, after]) => ({ before, after })), said };
}

/** The pages with links of programs, which all sites have and which lead to each other. */
export const PAGES = ["grinders", "reading"];

/** The page of four links has few words: a plugin that prints findings says so, at the author's page. */
const dense = (path) => new RegExp(`${path}:6:5: .* \\[link-density\\]$`);

const PARAGRAPH = `<p class="disclosure">${NOTICE}</p>`;

/**
 * The sites: the `plugins` that are put beside the generator, the `command` that builds, the `output` folder, the `notice` as
 * the pages have it, the `warnings` that a build prints, and whether a build takes a minute (`heavy`). Where JavaScript takes
 * the pages over in the browser, `hydrated` is true there when it has, and `hashes` finds what names of scripts have of their
 * content.
 */
export const SITES = {
  eleventy: { plugins: ["eleventy-plugin-affilink"], command: ["eleventy"], output: "_site", notice: PARAGRAPH },
  astro: {
    plugins: ["astro-affilink"],
    command: ["astro", "build"],
    output: "dist",
    notice: PARAGRAPH,
    warnings: [dense("src/pages/grinders\\.md")],
  },
  hexo: {
    plugins: ["hexo-filter-affilink"],
    command: ["hexo", "generate"],
    output: "public",
    notice: PARAGRAPH,
    warnings: [dense("source/_posts/grinders\\.md")],
  },
  vitepress: {
    plugins: ["vite-plugin-affilink"],
    command: ["vitepress", "build"],
    output: ".vitepress/dist",
    notice: `<p><em>${NOTICE}</em></p>`,
    hydrated: () => Boolean(document.querySelector("#app")?.__vue_app__),
    hashes: /(?<=\.md\.)[\w-]{8}(?=\.)|(?<=\.md\\?":\\?")[\w-]{8}(?=\\?")/g,
  },
  docusaurus: {
    plugins: ["rehype-affilink"],
    command: ["docusaurus", "build"],
    output: "build",
    notice: PARAGRAPH,
    hydrated: () => document.documentElement.dataset.hasHydrated === "true",
    hashes: /(?<=[.-~])[\da-f]{8}(?=\.(js|css))/g,
    heavy: true,
  },
};
