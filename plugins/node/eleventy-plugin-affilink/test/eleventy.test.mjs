import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import affilink from "eleventy-plugin-affilink";
import { recorder, siteFolder } from "../../support.js";

const PAGE = '<main><a href="https://www.amazon.com/dp/B000000001">tin</a></main>';
const FOREIGN = "A [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

/**
 * Runs a build as Eleventy 3 does: `templates` are its pages, by their sources, and what else is in the output folder is as if
 * copied there. `change` is another plugin's transform.
 */
function host(files, options = {}, templates = {}, change = (content) => content) {
  const cwd = siteFolder(files);
  const log = recorder();
  const handlers = {};
  const config = {
    on: (event, handler) => (handlers[event] = handler),
    addTransform: (_, transform) => (handlers.transform = transform),
    addPreprocessor: (_, filter, preprocess) => (handlers.preprocess = preprocess),
    addWatchTarget: (path, settings) => (handlers.watched = [path, settings]),
    passthroughCopies: { "**/*.jpg": {}, [join(cwd, "raw")]: {} },
  };
  const ready = affilink(config, { cwd, log, ...options });
  const run = async (event = {}) => {
    const directories = { input: join(cwd, "."), output: join(cwd, "out"), includes: join(cwd, "_includes/") };
    const given = { directories, outputMode: "fs", ...event };
    await handlers["eleventy.before"](given);
    const results = [];
    for (const [source, { to, data = {}, content = PAGE, dry }] of Object.entries(templates)) {
      const page = { inputPath: join(cwd, source), outputPath: to && join(cwd, to) };
      if (!("directories" in event)) assert.equal(handlers.preprocess({ ...data, page }), undefined);
      const made = change(await handlers.transform.call({ ...page, page }, content, page.outputPath));
      if (to && given.outputMode === "fs" && !dry) {
        mkdirSync(dirname(page.outputPath), { recursive: true });
        writeFileSync(page.outputPath, made);
        results.push([{ ...page, content: made }]);
      }
    }
    await handlers["eleventy.after"]({ ...given, results });
  };
  return { log, run, handlers, ready, read: (name) => readFileSync(join(cwd, name), "utf8"), cwd };
}

test("each page is rewritten as it is written, and the output folder only where something else is in it", async () => {
  const templates = { "a.md": { to: "out/a/index.html" }, "b.md": { to: "out/b.html", content: "<p>x</p>" }, "f.njk": { to: "out/feed.xml" } };
  const site = host({ "a.md": "x\n" }, {}, templates);
  await site.run();
  assert.match(site.read("out/a/index.html"), /B000000001\?tag=mysite-20/);
  assert.equal(site.read("out/feed.xml"), PAGE);
  assert.deepEqual(site.log.lines, ["info rewrote 1 of 2 pages"]);
  const other = host({ "a.md": "x\n", "out/copied.html": PAGE }, {}, templates);
  await other.run();
  assert.match(other.read("out/copied.html"), /mysite-20/);
  assert.deepEqual(other.log.lines, ["info rewrote 1 of 2 pages", "info rewrote 1 link on 1 of 3 pages"]);
});

test("links that another transform adds are found", async () => {
  const later = (content) => content.replace("</main>", '<a href="https://www.amazon.com/dp/B000000002">later</a></main>');
  const site = host({ "a.md": "x\n" }, {}, { "a.md": { to: "out/a.html" } }, later);
  await site.run();
  assert.match(site.read("out/a.html"), /B000000001\?tag=mysite-20[^]*B000000002\?tag=mysite-20/);
});

test("a page is treated as its data says, which a theme can read in its head", async () => {
  const templates = {
    "off.md": { to: "out/off.html", data: { affilink: false } },
    "skip.md": { to: "out/skip.html", data: { affilink: { skip: ["Kindle Paperwhite"] } }, content: `${PAGE}<p>Kindle Paperwhite</p>` },
  };
  const OFF = `<meta name="affilink" content="false">${PAGE}`;
  for (const options of [{}, { manifest: "links.jsonl" }]) {
    const site = host({ "a.md": "x\n" }, options, templates);
    await site.run();
    assert.equal(site.read("out/off.html"), OFF);
    assert.match(site.read("out/skip.html"), /^<meta name="affilink" content="{&quot;skip&quot;[^]*mysite-20[^]*<p>Kindle Paperwhite<\/p>$/);
  }
  // Eleventy 2 tells no data
  const two = host({ "off.md": "---\naffilink: false\n---\nx\n" }, {}, { "off.md": { to: "out/off.html" } });
  await two.run({ directories: undefined, dir: { input: two.cwd, output: join(two.cwd, "out") } });
  assert.equal(two.read("out/off.html"), OFF);
});

test("sources that are not published are not judged", async () => {
  const refused = `---\naffilink: {kindd: 1}\n---\n${FOREIGN}`;
  const files = { "draft.md": FOREIGN, "ignored.md": refused, "a.md": "x\n" };
  const templates = { "draft.md": { to: false }, "a.md": { to: "out/a.html" } };
  const site = host(files, { failOn: "error" }, templates);
  await site.run();
  assert.match(site.log.lines.at(-1), /^info 1 more in sources that are not published/);
  for (const path of ["_includes/part.md", "raw/copied.html"]) {
    const other = host({ ...files, [path]: FOREIGN.replace(/\[tin\]\((.*)\)/, '<a href="$1">tin</a>') }, { failOn: "error" }, templates);
    await assert.rejects(other.run(), /findings of level `error` or graver/, path);
  }
  await assert.rejects(host({ "a.md": refused }, {}, templates).run(), /a\.md: unknown key `kindd`/);
});

test("a page that the program refuses fails the build, which has written all pages", async () => {
  const templates = { "a.md": { to: "out/a.html", data: { affilink: 3 } }, "b.md": { to: "out/b.html" } };
  const site = host({ "a.md": "x\n" }, {}, templates);
  await assert.rejects(site.run(), /a\.html \(made of `a\.md`\): the page was refused: `affilink` must be/);
  assert.match(site.read("out/b.html"), /mysite-20/);
  assert.ok(site.read("out/a.html").endsWith(PAGE));
});

test("only sources are linted", async () => {
  const { run, read, log } = host({ "a.md": FOREIGN, "out/index.html": PAGE }, {}, { "a.md": { to: "out/a.html" } });
  await run();
  assert.match(read("out/index.html"), /B000000001\?tag=mysite-20/);
  assert.equal(read("a.md"), FOREIGN);
  const findings = log.lines.filter((line) => line.includes("["));
  assert.ok(findings.some((line) => /^error a\.md:1:\d+: /.test(line)), log.lines.join("\n"));
  assert.ok(!findings.some((line) => line.includes("out/")), log.lines.join("\n"));
});

test("the map is watched, and all pages are built anew for a changed one", async () => {
  const { ready, handlers, cwd } = host({});
  await ready;
  const [path, settings] = handlers.watched;
  assert.equal(resolve(path), join(cwd, "affiliates.yaml"));
  assert.deepEqual(settings, { resetConfig: true });
  const without = host({}, { cwd: "/" });
  await without.ready;
  assert.equal(without.handlers.watched, undefined);
});

test("a CommonJS configuration gets the same plugin", () => {
  assert.equal(createRequire(import.meta.url)("eleventy-plugin-affilink"), affilink);
});

test("Eleventy 2 names its folders otherwise", async () => {
  const site = host({ "src/a.md": "x\n", "out/index.html": PAGE });
  await site.run({ directories: undefined, dir: { input: join(site.cwd, "src"), output: join(site.cwd, "out") } });
  assert.match(site.read("out/index.html"), /mysite-20/);
});

test("`failOn` fails the build, after the site is whole", async () => {
  const { run, read } = host({ "a.md": FOREIGN, "out/index.html": PAGE }, { failOn: "error" }, { "a.md": { to: "out/a.html" } });
  await assert.rejects(run(), /findings of level `error` or graver/);
  assert.match(read("out/index.html"), /mysite-20/);
});

test("a manifest is written where one is wanted", async () => {
  const { run, cwd } = host({ "a.md": "x\n", "out/index.html": PAGE }, { manifest: "links.jsonl" });
  await run();
  assert.ok(existsSync(join(cwd, "links.jsonl")));
});

test("pages that are printed are rewritten, and nothing is printed between them", async () => {
  let printed;
  const keep = (content) => (printed = content);
  const { run, read, log } = host({ "a.md": "x\n", "out/index.html": PAGE }, {}, { "a.md": { to: "out/a.html" } }, keep);
  await run({ outputMode: "json" });
  assert.match(printed, /mysite-20/);
  assert.equal(read("out/index.html"), PAGE);
  assert.deepEqual(log.lines, []);
});

test("a dry run writes nothing, also where there is no output, and shows what was found", async (context) => {
  const { argv } = process;
  context.after(() => (process.argv = argv));
  process.argv = [...argv, "--dryrun"];
  const templates = { "a.md": { to: "out/a.html", dry: true } };
  const { run, read, log } = host({ "a.md": FOREIGN, "out/index.html": PAGE }, {}, templates);
  await run();
  assert.equal(read("out/index.html"), PAGE);
  assert.ok(log.lines.some((line) => /^error a\.md:1:/.test(line)), log.lines.join("\n"));
  await host({ "a.md": "x\n" }, {}, templates).run();
});

test("options that mean nothing stop the build before anything is written", async () => {
  await assert.rejects(host({}, { failOn: "warning" }).run(), /eleventy-plugin-affilink: .*`failOn` is "warning"/);
  await assert.rejects(host({}, { findngs: true }).run(), /unknown option `findngs`; did you mean `findings`/);
});
