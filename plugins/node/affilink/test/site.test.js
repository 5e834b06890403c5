import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build, check, preflight, printFindings, printable, site } from "affilink";
import { CONFIG, NOTICE, folder, recorder, siteFolder } from "../../support.js";

const PAGE = '<html><body><main><p>A <a href="https://www.amazon.com/dp/B000000001">tin</a>.</p></main></body></html>';
const FOREIGN = "# A\n\nA [tin](https://www.amazon.com/dp/B000000001?tag=somebody-20).\n";

test("a site is rewritten where it is, and the log says so", async () => {
  const cwd = siteFolder({ "out/index.html": PAGE, "src/a.md": "# A\n\nNothing.\n" });
  const log = recorder();
  const pages = site({ cwd });
  await pages.before(["src"]);
  await pages.rewrite("out", log);
  await pages.judge(log);
  const html = readFileSync(join(cwd, "out/index.html"), "utf8");
  assert.ok(html.includes('rel="sponsored nofollow" href="https://www.amazon.com/dp/B000000001?tag=mysite-20"'), html);
  assert.ok(html.includes(NOTICE));
  assert.match(log.lines[0], /^info rewrote 1 link on 1 of 1 page/);
});

test("findings name the source's line, and fail the build where that is wanted", async () => {
  const cwd = siteFolder({ "src/a.md": FOREIGN });
  const log = recorder();
  const judged = async (options) => {
    const pages = site({ cwd, ...options });
    await pages.before(["src"]);
    await pages.judge(log);
  };
  await judged({});
  assert.match(log.lines.join("\n"), /^error src\/a\.md:3:\d+: .*\[foreign-affiliate-id\]$/m);
  await assert.rejects(judged({ failOn: "error" }), /level `error` or graver/);
  log.lines.length = 0;
  await judged({ findings: false, failOn: "error" });
  assert.deepEqual(log.lines, []);
});

test("folders without pages are no failure", async () => {
  const cwd = siteFolder({ "src/index.astro": "x", "out/style.css": "x" });
  const log = recorder();
  const pages = site({ cwd });
  await pages.before(["src"]);
  await pages.rewrite("out", log);
  await pages.judge(log);
  assert.deepEqual(log.lines, ["info no pages to rewrite"]);
});

test("a broken or missing configuration is told before anything is written", async () => {
  const broken = folder({ "affiliates.yaml": `${CONFIG}programm: 3\n`, "src/a.md": FOREIGN });
  await assert.rejects(site({ cwd: broken }).before(["src"]), /unknown key `programm`[^]*affiliates\.yaml:7:1/);
  await assert.rejects(preflight({ cwd: folder({ "a.md": "x" }) }), /no `affiliates.yaml`/);
  await assert.rejects(preflight({ cwd: broken, binary: "gone" }), /option `binary` names `gone`/);
});

test("a folder that is not there is an error", async () => {
  await assert.rejects(build("gone", { cwd: siteFolder() }), /gone/);
  await assert.rejects(check(["gone"], { cwd: siteFolder() }), /gone/);
});

test("the gravest findings come first, and the rest is counted", () => {
  const finding = (level, line) => ({ level, line, column: 1, path: "a.md", rule: "r", message: "m" });
  const findings = [...Array.from({ length: 25 }, (_, line) => finding("warn", line + 1)), finding("error", 99)];
  const log = recorder();
  assert.equal(printFindings(findings, log, "error"), true);
  assert.equal(log.lines[0], "error a.md:99:1: m [r]");
  assert.equal(log.lines.at(-1), "warn +6 more findings: `affilink check` shows all");
  assert.equal(log.lines.length, 21);
  assert.equal(printFindings(findings.slice(0, 3), recorder(), "error"), false);
});

test("a host's log is called as its own", () => {
  const lines = [];
  const host = { prefix: "host ", warn(text) { lines.push(this.prefix + text); } };
  printFindings([{ level: "warn", line: 1, column: 1, path: "a.md", rule: "r", message: "m" }], host);
  assert.deepEqual(lines, ["host a.md:1:1: m [r]"]);
});

test("text of a page steers no terminal", () => {
  assert.equal(printable("a\u001b[31m\nb\u202e"), "a\\u{1b}[31m\\u{a}b\\u{202e}");
});
