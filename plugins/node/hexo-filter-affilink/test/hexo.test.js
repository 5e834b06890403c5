"use strict";

const assert = require("node:assert/strict");
const { EventEmitter } = require("node:events");
const { readFileSync, unwatchFile, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { Readable } = require("node:stream");
const { test } = require("node:test");
const { setTimeout } = require("node:timers/promises");
const register = require("../lib/filter.js");

const PAGE = '<main><a href="https://www.amazon.com/dp/B000000001">tin</a></main>';
const FOREIGN = "A [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

/** What of Hexo the filter uses, with the shape of Hexo 8's router. */
async function host(files, pages, options = {}, models = {}) {
  const { siteFolder, recorder } = await import("../../support.js");
  const cwd = siteFolder({ "source/x.md": "x\n", ...files });
  const sourced = ({ source, ...data }) => ({ ...data, full_source: join(cwd, source) });
  const filters = {};
  const routes = {};
  const format = (path) => path.replace(/\/$/, "/index.html");
  const set = (path, data) => void (routes[format(path)] = data.data === undefined ? { data, modified: true } : data);
  const hexo = Object.assign(new EventEmitter(), {
    base_dir: join(cwd, "/"),
    source_dir: join(cwd, "source/"),
    log: recorder(),
    route: { routes, format, set },
    locals: { get: (kind) => ({ toArray: () => (models[kind] ?? []).map(sourced) }) },
    model: (kind) => ({ toArray: () => (models[kind] ?? []).map(({ source }) => ({ source: join(cwd, source) })) }),
    extend: { filter: { register: (name, filter) => (filters[name] = filter) } },
  });
  register(hexo, options);
  return {
    hexo,
    routes,
    log: hexo.log,
    generate: async () => {
      await filters.before_generate?.();
      for (const [path, data] of Object.entries(pages)) hexo.route.set(path, data);
      await filters.after_generate?.();
    },
    page: async (path) => (typeof routes[path].data === "function" ? routes[path].data() : routes[path].data),
  };
}

const LATIN = Buffer.concat([Buffer.from(PAGE), Buffer.from([0xff, 0xe9])]);

test("pages are rewritten however a route gives them, and nothing else", async () => {
  const site = await host({}, {
    "a/index.html": async () => PAGE,
    "b.html": PAGE,
    "c.htm": async () => Readable.from([Buffer.from(PAGE.slice(0, 30)), Buffer.from(PAGE.slice(30))]),
    "d.html": Buffer.from(PAGE),
    "atom.xml": PAGE,
    // a page in another encoding, and one that begins with a byte order mark
    "latin.html": async () => Readable.from([LATIN]),
    "mark.html": Buffer.from("\ufeff<main>nothing</main>"),
  });
  await site.generate();
  await site.generate();
  assert.deepEqual(await site.page("latin.html"), LATIN);
  assert.deepEqual(Buffer.from(await site.page("mark.html")), Buffer.from("\ufeff<main>nothing</main>"));
  for (const path of ["a/index.html", "b.html", "c.htm", "d.html"]) {
    assert.match(await site.page(path), /B000000001\?tag=mysite-20/, path);
  }
  assert.equal(await site.page("atom.xml"), PAGE);
  assert.deepEqual(site.log.lines, []);
});

test("findings are told before anything is written, and fail where that is wanted", async () => {
  const files = { "source/_posts/a.md": FOREIGN };
  const models = { posts: [{ path: "a/", source: "source/_posts/a.md" }] };
  const site = await host(files, {}, {}, models);
  await site.generate();
  assert.ok(site.log.lines.some((line) => /^error \[affilink\] source\/_posts\/a\.md:1:\d+: /.test(line)), site.log.lines.join("\n"));
  const strict = await host(files, {}, { failOn: "error" }, models);
  await assert.rejects(strict.generate(), /findings of level `error` or graver/);
  // a draft, and HTML that is only copied
  const draft = await host(files, {}, { failOn: "error" });
  await draft.generate();
  assert.deepEqual(draft.log.lines, [
    "info [affilink] 1 more in sources that are not published: `affilink check` shows all",
  ]);
  const html = { "source/raw/a.html": '<a href="https://www.amazon.com/dp/B000000001?tag=somebody-20">tin</a>' };
  const copied = await host(html, {}, { failOn: "error" }, { Asset: [{ source: "source/raw/a.html" }] });
  await assert.rejects(copied.generate(), /findings of level `error` or graver/);
});

test("a page is treated as its front matter says", async () => {
  const models = {
    posts: [{ path: "off/", source: "source/_posts/off.md", affilink: false }],
    pages: [{ path: "some.html", source: "source/some.md", affilink: { skip: ["Kindle Paperwhite"] } }],
  };
  const named = `<head></head>${PAGE}<p>Kindle Paperwhite</p>`;
  const site = await host({}, { "off/index.html": async () => PAGE, "some.html": named, "b.html": PAGE }, {}, models);
  await site.generate();
  assert.equal(await site.page("off/index.html"), `<meta name="affilink" content="false">${PAGE}`);
  const some = /^<head><meta name="affilink" content="{&quot;skip&quot;[^]*B000000001\?tag=mysite-20[^]*<p>Kindle Paperwhite<\/p>$/;
  assert.match(await site.page("some.html"), some);
  assert.match(await site.page("b.html"), /^<main><p class="disclosure">/);
});

test("a page is rewritten as soon as its route is there, for one that watches writes it then", async () => {
  const site = await host({}, {});
  site.hexo.route.set("a/", (done) => done(null, PAGE));
  assert.match(await site.page("a/index.html"), /B000000001\?tag=mysite-20/);
});

test("where Hexo watches, a changed map has the pages generated anew, and a broken one is told", async (context) => {
  const site = await host({}, { "a.html": PAGE });
  let again = false;
  site.hexo._watchBox = () => (again = true);
  await site.generate();
  const map = join(site.hexo.base_dir, "affiliates.yaml");
  context.after(() => unwatchFile(map));
  const text = readFileSync(map, "utf8");
  writeFileSync(map, `${text}programm: 3\n`);
  while (site.log.lines.length === 0) await setTimeout(50);
  assert.match(site.log.lines[0], /^error \[affilink\] unknown key `programm`/);
  writeFileSync(map, text.replace("mysite-20", "newtag-20"));
  while (!again) await setTimeout(50);
  await site.generate();
  assert.match(await site.page("a.html"), /newtag-20/);
});

test("pages that are only copied are offered to be written again, since the map may have changed", async () => {
  const copied = { data: () => Buffer.from(PAGE), modified: false };
  const site = await host({}, { "raw/a.html": copied, "raw/a.xml": { ...copied } });
  await site.generate();
  assert.deepEqual(Object.values(site.routes).map(({ modified }) => modified), [true, false]);
});

test("a page that is passed over is named", async () => {
  const page = `${PAGE}\0`;
  const site = await host({}, { "nul.html": page });
  await site.generate();
  assert.equal(await site.page("nul.html"), page);
  assert.deepEqual(site.log.lines, ["warn [affilink] nul.html: skipped: NUL byte"]);
});

test("a page that is refused stays whole, and its source is named", async () => {
  const models = { pages: [{ path: "a.html", source: "source/a.md", affilink: 3 }] };
  const site = await host({}, { "a.html": PAGE, "b.html": PAGE }, {}, models);
  await site.generate();
  assert.equal(await site.page("a.html"), `<meta name="affilink" content="3">${PAGE}`);
  assert.match(await site.page("b.html"), /mysite-20/);
  const [error] = site.log.lines.filter((line) => line.startsWith("error"));
  assert.match(error, /^error \[affilink\] a\.html \(made of `source\/a\.md`\): the page was refused: `affilink` must be/);
  assert.throws(() => site.hexo.emit("deployBefore"), /nothing is deployed/);
});

test("options that mean nothing stop the generation", async () => {
  const misnamed = await host({}, {}, { failon: "error" });
  await assert.rejects(misnamed.generate(), /hexo-filter-affilink: unknown option `failon`; did you mean `failOn`/);
  const mistyped = await host({}, {}, { failOn: "errors", enable: true });
  await assert.rejects(mistyped.generate(), /`failOn` is "errors"/);
});

test("a broken configuration stops the generation", async () => {
  const site = await host({ "affiliates.yaml": "version: 1\nprogramm: 3\n" }, {});
  await assert.rejects(site.generate(), /unknown key `programm`/);
});

test("a program that dies leaves pages whole, fails the run and stops a deployment", async () => {
  const program = '#!/bin/sh\ncase "$*" in *--serve*) exit 3;; *check*) echo \'{"findings":[]}\';; esac\n';
  const site = await host({ program }, { "a.html": PAGE, "b.html": PAGE }, { binary: "program" });
  const before = process.exitCode;
  await site.generate();
  assert.equal(await site.page("a.html"), PAGE);
  assert.equal(await site.page("b.html"), PAGE);
  assert.match(site.log.lines.join("\n"), /^error \[affilink\] the program ended with exit code 3/);
  assert.throws(() => site.hexo.emit("deployBefore"), /nothing is deployed/);
  site.hexo.emit("exit");
  assert.equal(process.exitCode, 2);
  process.exitCode = before ?? 0;
});

test("it can be switched off", async () => {
  const site = await host({}, { "a.html": PAGE }, { enable: false });
  await site.generate();
  assert.equal(await site.page("a.html"), PAGE);
});
