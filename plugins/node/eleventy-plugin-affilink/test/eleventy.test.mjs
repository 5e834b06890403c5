import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import affilink from "eleventy-plugin-affilink";
import { recorder, siteFolder } from "../../support.js";

const PAGE = '<main><a href="https://www.amazon.com/dp/B000000001">tin</a></main>';
const FOREIGN = "A [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

/** Runs a build as Eleventy does, with `written` put into the output folder in between. */
function host(files, options = {}) {
  const cwd = siteFolder(files);
  const log = recorder();
  const handlers = {};
  affilink({ on: (event, handler) => (handlers[event] = handler) }, { cwd, log, ...options });
  const run = async (event = {}) => {
    const directories = { input: join(cwd, "."), output: join(cwd, "out") };
    const given = { directories, outputMode: "fs", ...event };
    await handlers["eleventy.before"](given);
    await handlers["eleventy.after"](given);
  };
  return { log, run, read: (name) => readFileSync(join(cwd, name), "utf8"), cwd };
}

test("the output is rewritten, and only sources are linted", async () => {
  const { run, read, log } = host({ "a.md": FOREIGN, "out/index.html": PAGE, "out/a/index.html": PAGE });
  await run();
  assert.match(read("out/index.html"), /B000000001\?tag=mysite-20/);
  assert.match(read("out/a/index.html"), /B000000001\?tag=mysite-20/);
  assert.equal(read("a.md"), FOREIGN);
  const findings = log.lines.filter((line) => line.includes("["));
  assert.ok(findings.some((line) => /^error a\.md:1:\d+: /.test(line)), log.lines.join("\n"));
  assert.ok(!findings.some((line) => line.includes("out/")), log.lines.join("\n"));
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
  const { run, read } = host({ "a.md": FOREIGN, "out/index.html": PAGE }, { failOn: "error" });
  await assert.rejects(run(), /findings of level `error` or graver/);
  assert.match(read("out/index.html"), /mysite-20/);
});

test("a manifest is written where one is wanted", async () => {
  const { run, cwd } = host({ "a.md": "x\n", "out/index.html": PAGE }, { manifest: "links.jsonl" });
  await run();
  assert.ok(existsSync(join(cwd, "links.jsonl")));
});

test("pages that are printed stay as they are, and the log says so", async () => {
  const { run, read, log } = host({ "out/index.html": PAGE });
  await run({ outputMode: "json" });
  assert.equal(read("out/index.html"), PAGE);
  assert.deepEqual(log.lines, ["warn pages that are printed instead of written are not rewritten"]);
});

test("a dry run writes nothing, also where there is no output, and shows what was found", async (context) => {
  const { argv } = process;
  context.after(() => (process.argv = argv));
  process.argv = [...argv, "--dryrun"];
  const { run, read, log } = host({ "a.md": FOREIGN, "out/index.html": PAGE });
  await run();
  assert.equal(read("out/index.html"), PAGE);
  assert.equal(log.lines[0], "info a dry run writes nothing: no page is rewritten");
  assert.ok(log.lines.some((line) => /^error a\.md:1:/.test(line)), log.lines.join("\n"));
  await host({ "a.md": "x\n" }).run();
});

test("options that mean nothing stop the build before anything is written", async () => {
  await assert.rejects(host({}, { failOn: "warning" }).run(), /eleventy-plugin-affilink: .*`failOn` is "warning"/);
  await assert.rejects(host({}, { findngs: true }).run(), /unknown option `findngs`; did you mean `findings`/);
});
