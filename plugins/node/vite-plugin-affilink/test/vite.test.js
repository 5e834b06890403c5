import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import affilink from "vite-plugin-affilink";
import { CONFIG, NOTICE, folder, recorder, siteFolder } from "../../support.js";

const LINK = "A [tin](https://www.amazon.com/dp/B000000001).\n";
const FOREIGN = "---\ntitle: T\n---\n\nA [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

function host(files = {}, options = {}) {
  const root = siteFolder(files);
  const logger = recorder();
  const plugin = affilink(options);
  plugin.configResolved({ root, logger });
  const transform = (name, code) => plugin.transform(code ?? files[name], join(root, name));
  return { plugin, root, logger, transform };
}

test("Markdown is rewritten before it becomes JavaScript", async () => {
  const { transform, logger } = host();
  for (const name of ["docs/a.md", "a.mdx"]) {
    const { code } = await transform(name, LINK);
    assert.match(code, /<a href="https:\/\/www\.amazon\.com\/dp\/B000000001\?tag=mysite-20" rel="sponsored nofollow">tin<\/a>/);
    assert.ok(code.includes(NOTICE));
  }
  assert.deepEqual(logger.lines, []);
});

test("what is no page stays", async () => {
  const { transform } = host();
  for (const name of ["a.js", "a.md?raw", "a.md?vue&type=style", "a.vue"]) assert.equal(await transform(name, LINK), null);
  assert.equal(await transform("a.md", "No link.\n"), null);
});

test("links that VitePress brings in from other files are told of", async () => {
  const files = { "docs/part.md": LINK, "docs/plain.md": "No link.\n" };
  const { transform, logger } = host(files);
  const page = "<!--@include: ./part.md{1,3}-->\n<!-- @include: @/docs/plain.md -->\n<!--@include: ./gone.md-->\n";
  await transform("docs/a.md", page);
  await transform("docs/a.md", page);
  assert.deepEqual(logger.lines, [
    "warn [affilink] docs/a.md: `@include` brings in links of docs/part.md that are not rewritten; put them into the page",
  ]);
});

test("a page that is built for the server and for the browser is asked for once", async () => {
  const tool = folder({ affilink: '#!/bin/sh\ntee -a "$(dirname "$0")/asked" | "$AFFILINK_BIN" "$@"\n' });
  const { plugin, root, transform, logger } = host({}, { binary: join(tool, "affilink") });
  const { code } = await transform("a.md", LINK);
  plugin.configResolved({ root, logger });
  assert.equal((await transform("a.md", LINK)).code, code);
  await transform("a.md", `${LINK}\nMore.\n`);
  assert.equal(readFileSync(join(tool, "asked"), "utf8").trim().split("\n").length, 2);
});

test("findings name the file's line, once", async () => {
  const files = { "docs/a.md": FOREIGN };
  const { plugin, root, transform, logger } = host(files);
  await transform("docs/a.md");
  // VitePress resolves its configuration for the server's build and for the browser's
  plugin.configResolved({ root, logger });
  await transform("docs/a.md");
  const found = logger.lines.filter((line) => /^error \[affilink\] docs\/a\.md:5:\d+: .*\[foreign-affiliate-id\]$/.test(line));
  assert.equal(found.length, 1, logger.lines.join("\n"));
  await assert.rejects(host(files, { failOn: "error" }).transform("docs/a.md"), /docs\/a\.md: findings of level `error`/);
  const quiet = host(files, { findings: false, failOn: "error" });
  await quiet.transform("docs/a.md");
  assert.deepEqual(quiet.logger.lines, []);
});

test("the HTML pages of a plain Vite site are rewritten", async () => {
  const { plugin, root } = host();
  const html = '<html><body><main><a href="https://www.amazon.com/dp/B000000001">tin</a></main></body></html>';
  const result = await plugin.transformIndexHtml.handler(html, { filename: join(root, "index.html") });
  assert.match(result, /B000000001\?tag=mysite-20/);
});

test("a changed configuration counts at once", async () => {
  const { plugin, root, transform } = host();
  const did = [];
  let changed;
  plugin.configureServer({
    watcher: { add: (file) => did.push(file), on: (_, handler) => (changed = handler) },
    moduleGraph: { invalidateAll: () => did.push("invalidated") },
    ws: { send: ({ type }) => did.push(type) },
  });
  assert.match((await transform("a.md", LINK)).code, /mysite-20/);
  writeFileSync(join(root, "affiliates.yaml"), CONFIG.replace("mysite-20", "other-20"));
  changed(join(root, "a.md"));
  assert.equal(did.length, 1);
  changed(join(root, "affiliates.yaml"));
  assert.deepEqual(did, [join(root, "affiliates.yaml"), "invalidated", "full-reload"]);
  assert.match((await transform("a.md", LINK)).code, /other-20/);
});

test("a broken configuration fails the page", async () => {
  const { transform, root } = host();
  writeFileSync(join(root, "affiliates.yaml"), `${CONFIG}programm: 3\n`);
  await assert.rejects(transform("a.md", LINK), /unknown key `programm`/);
});
