import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import affilink from "astro-affilink";
import { CONFIG, folder, recorder, siteFolder } from "../../support.js";

const PAGE = '<main><a href="https://www.amazon.com/dp/B000000001">tin</a></main>';
const FOREIGN = "A [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

/** Calls the hooks as `astro build` does. */
function host(cwd, options) {
  const logger = recorder();
  const { hooks } = affilink(options);
  const url = (name) => pathToFileURL(join(cwd, name, "/"));
  return {
    logger,
    before: async () => {
      await hooks["astro:config:done"]({ config: { root: url("."), srcDir: url("src") } });
      await hooks["astro:build:start"]({ logger });
    },
    generated: () => hooks["astro:build:generated"]({ dir: url("dist"), logger }),
    done: () => hooks["astro:build:done"]({ dir: url("dist"), logger }),
  };
}

test("generated pages are rewritten before other integrations see them", async () => {
  const cwd = siteFolder({ "src/pages/a.md": FOREIGN, "dist/index.html": PAGE });
  const { before, generated, done, logger } = host(cwd);
  await before();
  await generated();
  assert.match(readFileSync(join(cwd, "dist/index.html"), "utf8"), /B000000001\?tag=mysite-20/);
  await done();
  assert.ok(logger.lines.some((line) => /^error src\/pages\/a\.md:1:\d+: /.test(line)), logger.lines.join("\n"));
});

const mark = (said, source) => `<meta name="affilink" content="${said}" data-affilink-source="${source}">`;

for (const options of [{}, { manifest: "links.jsonl" }]) {
  const how = options.manifest ? " (with a manifest)" : "";
  test(`a source's page is treated as its front matter says, and pages that show it with others are not${how}`, () => treated(options));
}

async function treated(options) {
  const off = mark("false", "src/content/blog/My_Gift.md");
  const index = mark("{&#x22;mentions&#x22;:false}", "src/pages/a&#38;b/index.md");
  const twice = mark("false", "src/content/twice.md");
  const page = (marks) => `<html><head></head><body>${PAGE}${marks}</body></html>`;
  const cwd = siteFolder({
    "src/pages/a.md": "x\n",
    "dist/blog/my-gift/index.html": page(off),
    "dist/blog/index.html": page(off + twice),
    "dist/a&b.html": page(index),
    "dist/x/y.html": page(twice),
    "dist/plain.html": page(""),
  });
  const { before, generated } = host(cwd, options);
  await before();
  await generated();
  const read = (name) => readFileSync(join(cwd, "dist", name), "utf8");
  const OFF = `<html><head><meta name="affilink" content="false"></head><body>${PAGE}</body></html>`;
  assert.equal(read("blog/my-gift/index.html"), OFF);
  // shown under other names only: all of them are its own
  assert.equal(read("x/y.html"), OFF);
  assert.equal(read("blog/index.html"), OFF);
  assert.match(read("a&b.html"), /<head><meta name="affilink" content="{&quot;mentions&quot;:false}"><\/head>[^]*mysite-20/);
  assert.match(read("plain.html"), /<head><\/head>[^]*mysite-20/);
}

test("sources leave marks, whichever processor makes HTML of them", async () => {
  const cwd = siteFolder({});
  const setup = (markdown) => {
    let given;
    const config = { root: pathToFileURL(join(cwd, "/")), markdown };
    affilink().hooks["astro:config:setup"]({ config, updateConfig: (update) => (given = update) });
    return given;
  };
  const old = setup({});
  const [[plugin, settings]] = old.markdown.rehypePlugins;
  const tree = { type: "root", children: [] };
  plugin(settings)(tree, { path: join(cwd, "src/a.md"), data: { astro: { frontmatter: { affilink: false } } } });
  plugin(settings)(tree, { path: join(cwd, "src/b.md"), data: { astro: { frontmatter: {} } } });
  assert.deepEqual(tree.children.map(({ properties }) => properties), [
    { name: "affilink", content: "false", "data-affilink-source": "src/a.md" },
  ]);

  const processor = { createRenderer: async () => ({ render: async (code) => ({ code, metadata: 1 }) }) };
  assert.equal(setup({ processor }).markdown, undefined);
  const { render } = await processor.createRenderer();
  const fileURL = pathToFileURL(join(cwd, "src/a.md"));
  const made = await render("x", { frontmatter: { affilink: { kind: '"' } }, fileURL });
  assert.deepEqual(made, { code: 'x<meta name="affilink" content="{&#34;kind&#34;:&#34;\\&#34;&#34;}" data-affilink-source="src/a.md" />', metadata: 1 });
  assert.equal((await render("x", { frontmatter: {}, fileURL })).code, "x");

  const { handler } = old.vite.plugins[0].transform;
  const text = "---\naffilink: false\n---\n\n# A\n";
  assert.equal(handler(text, join(cwd, "a.mdx")).code, `${text}\n\n${mark("false", "a.mdx").replace(">", " />")}\n`);
  for (const id of ["a.md", "a.mdx?raw", "b.js"]) assert.equal(handler(text, join(cwd, id)), null);
  assert.equal(handler("# A\n", join(cwd, "a.mdx")), null);
});

test("pages that are no UTF-8, and Markdown, are rewritten, too", async () => {
  const cwd = siteFolder({ "src/a.md": "x\n", "dist/a.html": PAGE, "dist/b.md": "A [tin](https://www.amazon.com/dp/B000000001).\n" });
  writeFileSync(join(cwd, "dist/latin.html"), Buffer.concat([Buffer.from(PAGE), Buffer.from([0xe9])]));
  const { before, generated, logger } = host(cwd);
  await before();
  await generated();
  for (const name of ["a.html", "b.md", "latin.html"]) assert.match(readFileSync(join(cwd, "dist", name), "utf8"), /mysite-20/, name);
  assert.deepEqual([...readFileSync(join(cwd, "dist/latin.html"))].at(-1), 0xe9);
  assert.equal(logger.lines[0], "info rewrote 1 of 1 page");
});

test("drafts are not judged", async () => {
  const files = { "src/_a.md": FOREIGN, "src/_b/a.md": FOREIGN, "src/c.md": `---\ntitle: x\ndraft: true\n---\n${FOREIGN}` };
  const { before, generated, done, logger } = host(siteFolder({ ...files, "dist/a.html": PAGE }), { failOn: "error" });
  await before();
  await generated();
  await done();
  assert.match(logger.lines.at(-1), /^info \d more in sources that are not published/);
});

test("a broken configuration stops the build at its start", async () => {
  const cwd = folder({ "affiliates.yaml": `${CONFIG}programm: 3\n` });
  await assert.rejects(host(cwd).before(), /unknown key `programm`/);
});

test("`failOn` fails the build", async () => {
  const { before, generated, done } = host(siteFolder({ "src/a.md": FOREIGN, "dist/index.html": PAGE }), { failOn: "error" });
  await before();
  await generated();
  await assert.rejects(done(), /findings of level `error` or graver/);
});

test("a site without prerendered pages is no failure, and the log says so", async () => {
  const { before, generated, done, logger } = host(siteFolder({ "src/index.astro": "x", "dist/a.css": "x" }));
  await before();
  await generated();
  await done();
  assert.deepEqual(logger.lines, ["info no pages to rewrite"]);
});
