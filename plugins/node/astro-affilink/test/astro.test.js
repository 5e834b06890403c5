import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
