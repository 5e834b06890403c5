import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { compile } from "@mdx-js/mdx";
import rehypeParse from "rehype-parse";
import rehypeRaw from "rehype-raw";
import rehypeStringify from "rehype-stringify";
import rehypeAffilink from "rehype-affilink";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { VFile } from "vfile";
import { CONFIG, NOTICE, folder, recorder, siteFolder } from "../../support.js";

const SHOP = "https://www.amazon.com/dp/";
const TAGGED = (asin, query = "?") => `${SHOP}${asin}${query}tag=mysite-20`;
const REL = 'rel="sponsored nofollow"';

/** What a site's folder and options make of a page. */
function renderer({ config = CONFIG, files = {}, ...options } = {}) {
  const cwd = folder({ "affiliates.yaml": config, ...files });
  const log = recorder();
  const plugin = [rehypeAffilink, { cwd, log, ...options }];
  const vfile = (path, value, data = {}) => new VFile({ path: join(cwd, path), cwd, value, data });
  const page = (path, value, data) => vfile(path, files[path] ?? value, data);
  const raw = { allowDangerousHtml: true };
  const markdown = unified().use(remarkParse).use(remarkRehype, raw).use(...plugin).use(rehypeStringify, raw);
  const html = unified().use(rehypeParse, { fragment: true }).use(...plugin).use(rehypeStringify);
  return {
    log,
    file: vfile,
    markdown: async (text, data, path = "a.md") => String(await markdown.process(page(path, text, data))),
    process: (text, data, path = "a.md") => markdown.process(page(path, text, data)),
    html: async (text) => String(await html.process(page("a.html", text))),
    mdx: async (text, more = []) =>
      String(await compile(page("a.mdx", text), { jsx: true, rehypePlugins: [...more, plugin] })),
  };
}

test("links of every kind are the program's, with rel and one notice, and the rest is as it was", async () => {
  const { markdown } = renderer();
  const text = [
    "# Tins & `code`",
    "",
    `An [inline](${SHOP}B000000001?a=1&b=2 "t"), a [reference][r], <${SHOP}B000000003>, ${SHOP}B000000004.`,
    "",
    `[![alt](/i.png)](${SHOP}B000000005) and [elsewhere](https://example.org/{{x}}).`,
    "",
    `<a href='${SHOP}B000000006'>raw</a> <span title="a &gt; b">kept</span>`,
    "",
    `[r]: ${SHOP}B000000002`,
  ].join("\n");
  const result = await markdown(text);
  const plain = String(
    await unified()
      .use(remarkParse)
      .use(remarkRehype, { allowDangerousHtml: true })
      .use(rehypeStringify, { allowDangerousHtml: true })
      .process(text),
  );
  for (const number of [2, 3, 4, 5, 6]) assert.ok(result.includes(TAGGED(`B00000000${number}`)), result);
  assert.ok(result.includes(`B000000001?a=1&#x26;b=2&#x26;tag=mysite-20" title="t" ${REL}`), result);
  assert.equal(result.split(REL).length, 7);
  assert.equal(result.split(NOTICE).length, 2);
  const undone = result
    .replace(`<p class="disclosure">${NOTICE}</p>\n`, "")
    .replace(new RegExp(`<a href="(${SHOP}B000000004)[^"]*"[^>]*>([^<]*)</a>`), "$2")
    .replaceAll(`${REL} `, "")
    .replaceAll(` ${REL}`, "")
    .replaceAll(/(\?|&#x26;)tag=mysite-20/g, "")
    .trim();
  assert.equal(undone, plain);
});

test("front matter that the host cut off without a word is read from the page's file", async () => {
  const body = `\nA [tin](${SHOP}B000000001) and the Kindle Paperwhite.\n`;
  const some = "affilink:\n  skip: [Kindle Paperwhite]";
  const files = { "off.md": `---\naffilink: false\n---\n${body}`, "some.md": `---\n${some}\n---\n${body}` };
  const { process } = renderer({ files });
  assert.doesNotMatch(String(await process(body, {}, "off.md")), /tag=/);
  const result = String(await process(body, {}, "some.md"));
  assert.match(result, /B000000001\?tag=mysite-20/);
  assert.match(result, /the Kindle Paperwhite/);
  // what the host hands over wins
  assert.match(String(await process(body, { frontMatter: { title: "x" } }, "off.md")), /tag=/);
});

test("products' names become links, unless front matter says otherwise", async () => {
  const { markdown } = renderer();
  const text = "The Kindle Paperwhite & **more**.\n";
  assert.ok((await markdown(text)).includes(`<a href="${TAGGED("B08KTZ8249")}" ${REL}>Kindle Paperwhite</a> &#x26; <strong>`));
  const plain = "<p>The Kindle Paperwhite &#x26; <strong>more</strong>.</p>";
  for (const key of ["frontMatter", "matter"]) {
    assert.equal(await markdown(text, { [key]: { affilink: { mentions: false } } }), plain);
    assert.equal(await markdown(`[x](${SHOP}B000000001)\n`, { [key]: { affilink: false } }), `<p><a href="${SHOP}B000000001">x</a></p>`);
  }
});

test("the notice is in the page's language", async () => {
  const { markdown } = renderer();
  assert.match(await markdown(`[x](${SHOP}B000000001)\n`, { frontMatter: { lang: "de" } }), /class="disclosure">[^<]*Provision/);
  assert.match(await markdown(`[x](${SHOP}B000000001)\n`, {}, "de/a.md"), /class="disclosure">[^<]*Provision/);
});

test("in MDX expressions, components and JSX links keep what they are", async () => {
  const { mdx } = renderer({ components: { Card: ["href"] } });
  const text = [
    'import Y from "./y"',
    "",
    `Text {1 < 2 ? "a" : "b"} <a href="${SHOP}B000000001" className="q">raw</a> <a href={Y.url}>z</a>.`,
    "",
    `<Card href="${SHOP}B000000002" size={3} {...Y}>inner [y](${SHOP}B000000003)</Card>`,
    "",
    "{/* affilink-off */}",
    "",
    `[off](${SHOP}B000000004)`,
    "",
    "{/* affilink-on */}",
    "",
    `<><Y.Z/>[on](${SHOP}B000000005)</>`,
    "",
    "```js",
    `<a href="${SHOP}B000000006">`,
    "```",
  ].join("\n");
  const result = await mdx(text);
  assert.ok(result.includes(`<a href="${TAGGED("B000000001")}" className="q" ${REL}>`), result);
  assert.ok(result.includes("<a href={Y.url}>"), result);
  assert.ok(result.includes(`<Card href="${TAGGED("B000000002")}" size={3} {...Y}>`), result);
  assert.ok(result.includes(TAGGED("B000000003")) && result.includes(TAGGED("B000000005")), result);
  assert.ok(result.includes(`href="${SHOP}B000000004">`) && result.includes(`B000000006\\">`), result);
  assert.ok(result.includes('{1 < 2 ? "a" : "b"}') && result.includes("<Y.Z />"), result);
  assert.equal(result.split(NOTICE).length, 2);
});

test("a component that shows the notice is recognised", async () => {
  const { mdx } = renderer({ config: `${CONFIG}disclosure: {recognize: [Disclosure], statement: theme}\n` });
  assert.ok(!(await mdx(`<Disclosure/>\n\n[x](${SHOP}B000000001)\n`)).includes("commission"));
});

test("a tree without anything to change is the same tree", async () => {
  const html = '<h1 id="t">T</h1><table><tr><td>1 &#x26; {{x}}</td></tr></table><script>if (a < b) {}</script><p hidden>q<br>r</p>';
  const tree = unified().use(rehypeParse, { fragment: true }).parse(html);
  const before = structuredClone(tree);
  const { file } = renderer();
  const after = await unified().use(rehypeAffilink, { cwd: siteFolder() }).run(tree, file("a.html"));
  assert.deepEqual(after, before);
});

test("only links and what is new differ in a changed tree, and kept nodes are the same objects", async () => {
  const inside = '<svg><a href="x"></a></svg><pre>a <a href="y">b</a>\n</pre><script>1 < 2</script><!-- c --><textarea><a></textarea>';
  const html = `<div class="a b" data-x-y="1" aria-label="l">${inside}<p>t <a href="${SHOP}B000000001" rel="author">x</a></p></div>`;
  const { html: render } = renderer();
  const plain = String(await unified().use(rehypeParse, { fragment: true }).use(rehypeStringify).process(html));
  const result = await render(html);
  assert.ok(result.includes(NOTICE));
  assert.equal(
    result
      .replace(`<p class="disclosure">${NOTICE}</p>`, "")
      .replace("?tag=mysite-20", "")
      .replace(/rel="author sponsored nofollow"/, 'rel="author"'),
    plain,
  );
});

test("a whole document is a page as it stands", async () => {
  const text = (link) => `<!doctype html><html lang="de"><head><title>T</title></head><body><main><h1>T</h1>${link}</main></body></html>`;
  const { file } = renderer();
  const processor = unified().use(rehypeParse).use(rehypeAffilink, { cwd: siteFolder() }).use(rehypeStringify);
  const result = String(await processor.process(file("a.html", text(`<a href="${SHOP}B000000001">x</a>`))));
  const [, notice] = /<p class="disclosure">([^<]*)<\/p>/.exec(result);
  assert.match(notice, /Provision/);
  assert.equal(result, text(`<p class="disclosure">${notice}</p><a href="${TAGGED("B000000001")}" ${REL}>x</a>`));
});

test("comments of every kind are comments afterwards", async () => {
  const html = `<!-- a -- b --><!----><!--affilink-raw--><!-- affilink-off --><a href="${SHOP}B000000001">x</a><!-- affilink-on --><a href="${SHOP}B000000002">y</a>`;
  const result = await renderer().html(html);
  assert.equal(
    result.replace(`<p class="disclosure">${NOTICE}</p>`, "").replace("?tag=mysite-20", "").replace(` ${REL}`, ""),
    html,
  );
  assert.ok(result.includes(TAGGED("B000000002")));
});

test("raw HTML that is parsed afterwards, over several nodes, is whole", async () => {
  const cwd = siteFolder();
  const result = await unified()
    .use(remarkParse)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeAffilink, { cwd })
    .use(rehypeRaw)
    .use(rehypeStringify)
    .process(new VFile({ cwd, path: join(cwd, "a.md"), value: `x <a href="${SHOP}B000000001">a *b*</a>\n\n<!-- affilink-off -->\n\n[y](${SHOP}B000000002)\n` }));
  assert.ok(String(result).includes(`href="${TAGGED("B000000001")}">a <em>b</em></a>`), String(result));
  assert.ok(String(result).includes(`href="${SHOP}B000000002">y`), String(result));
});

test("a marker and a notice of one's own elements are read back", async () => {
  const config = `${CONFIG}disclosure: {marker: " (ad)", html: "<aside class=n><b>Note</b><br>{text}</aside>"}\n`;
  const result = await renderer({ config }).markdown(`[x](${SHOP}B000000001), y\n`);
  assert.ok(result.includes(`<aside class="n"><b>Note</b><br>${NOTICE}</aside>`), result);
  assert.ok(result.includes(">x</a> (ad), y</p>"), result);
});

test("the notice is on the page wherever the configuration has the content", async () => {
  for (const more of ["html: {content: .post}", "disclosure: {place: bottom}", "html: {content: .post}\ndisclosure: {place: bottom}"]) {
    const result = await renderer({ config: `${CONFIG}${more}\n` }).markdown(`a\n\n[x](${SHOP}B000000001)\n`);
    const rest = `<p>a</p>\n<p><a href="${TAGGED("B000000001")}" ${REL}>x</a></p>`;
    const notice = `<p class="disclosure">${NOTICE}</p>`;
    const expected = more.includes("bottom") ? `${rest}\n${notice}` : `${notice}\n${rest}`;
    assert.equal(result.replaceAll("\n", ""), expected.replaceAll("\n", ""), more);
  }
});

test("findings name the file's own line, once for each page, and fail where that is wanted", async () => {
  const source = `---\ntitle: T\n---\n\n# T\n\n[x](${SHOP}B000000001?tag=somebody-20)\n`;
  const files = { "docs/a.md": source };
  const { process, log } = renderer({ files });
  const { messages } = await process("", {}, "docs/a.md");
  await process("", {}, "docs/a.md");
  const found = messages.find(({ ruleId }) => ruleId === "foreign-affiliate-id");
  assert.deepEqual([found.source, found.line], ["affilink", 7]);
  assert.equal(log.lines.filter((line) => /^error docs\/a\.md:7:\d+: .*\[foreign-affiliate-id\]$/.test(line)).length, 1);
  await assert.rejects(renderer({ files, failOn: "error" }).process("", {}, "docs/a.md"), /docs\/a\.md: findings of level `error`/);
  assert.deepEqual((await renderer({ files, findings: false }).process("", {}, "docs/a.md")).messages, []);
});

test("a broken configuration and a missing program fail the page", async () => {
  await assert.rejects(renderer({ config: `${CONFIG}programm: 3\n` }).markdown("x\n"), /unknown key `programm`/);
  await assert.rejects(renderer({ binary: "gone" }).markdown("x\n"), /option `binary` names `gone`/);
});

test("a site within a folder that the host runs in is found", async () => {
  const cwd = folder({ "site/affiliates.yaml": CONFIG, "site/docs/a.md": "" });
  const result = await unified()
    .use(remarkParse)
    .use(remarkRehype)
    .use(rehypeAffilink)
    .use(rehypeStringify)
    .process(new VFile({ cwd, path: join(cwd, "site/docs/a.md"), value: `[x](${SHOP}B000000001)` }));
  assert.ok(String(result).includes(TAGGED("B000000001")));
});

test("a URL in the text keeps its encoding", async () => {
  const result = await renderer().markdown(`See ${SHOP}B000000001?x=a%20b&y=%7B1 now {{ 50% }}.\n`);
  assert.ok(result.includes(`<a href="${SHOP}B000000001?x=a%20b&#x26;y=%7B1&#x26;tag=mysite-20" ${REL}>`), result);
  assert.ok(result.includes(`>${SHOP}B000000001?x=a%20b&#x26;y=%7B1</a> now {{ 50% }}.</p>`), result);
});

test("a page of any width takes linear time", async () => {
  const { html } = renderer();
  const words = (count) => `<p>${"a <b>b</b> ".repeat(count)}<a href="${SHOP}B000000001">x</a></p>`;
  const time = async (text) => {
    const start = performance.now();
    await html(text);
    return performance.now() - start;
  };
  await time(words(1000));
  const [small, large] = [await time(words(2000)), await time(words(32000))];
  assert.ok(large < 16 * 6 * Math.max(small, 10), `${small} ms, ${large} ms`);
});

test("a page without a path, and one from outside the site, are pages too", async () => {
  const cwd = siteFolder();
  const processor = unified().use(rehypeParse, { fragment: true }).use(rehypeAffilink, { cwd }).use(rehypeStringify);
  for (const path of [undefined, join(cwd, "..", "other", "a.md")]) {
    const result = await processor.process(new VFile({ path, value: `<a href="${SHOP}B000000001">x</a>` }));
    assert.ok(String(result).includes(TAGGED("B000000001")));
  }
});
