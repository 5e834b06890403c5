import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { connect, shared } from "affilink";
import { CONFIG, folder, siteFolder } from "../../support.js";

const INDEX = fileURLToPath(new URL("../index.js", import.meta.url));
const page = (number) => `${"word ".repeat(200)}[x](https://www.amazon.com/dp/B0000${String(number).padStart(5, "0")})\n`;
const unix = { skip: process.platform === "win32" && "the stand-ins are shell scripts" };

test("hundreds of pages at once are answered in order by one process", async () => {
  const client = connect({ cwd: siteFolder() });
  const numbers = Array.from({ length: 500 }, (_, number) => number);
  const answers = await Promise.all(numbers.map((number) => client.page({ path: `p${number}.md`, text: page(number) })));
  for (const [number, answer] of answers.entries()) {
    assert.equal(answer.path, `p${number}.md`);
    assert.ok(answer.text.includes(`B0000${String(number).padStart(5, "0")}?tag=mysite-20`), answer.text);
  }
  assert.equal(await client.close(), 0);
});

test("text comes back as it was sent, in any script and any line ending", async () => {
  const client = connect({ cwd: siteFolder() });
  const text = '\ufeffÄ 漢字 🧉 \u2028 "q" \\\r\n<https://www.amazon.com/dp/B000000001>\r\n';
  const { text: result } = await client.page({ path: "a.md", text });
  assert.ok(result.startsWith("\ufeff"));
  assert.ok(result.includes('Ä 漢字 🧉 \u2028 "q" \\\r\n'), result);
  await client.close();
});

test("a broken configuration fails every page that waits, with its place", async () => {
  const client = connect({ cwd: folder({ "affiliates.yaml": `${CONFIG}programm: 3\n` }) });
  const asked = [1, 2, 3].map((number) => client.page({ path: `p${number}.md`, text: page(number) }));
  for (const { status, reason } of await Promise.allSettled(asked)) {
    assert.equal(status, "rejected");
    assert.equal(reason.exitCode, 2);
    assert.match(reason.message, /unknown key `programm`/);
    assert.match(reason.message, /affiliates\.yaml:7:1/);
  }
});

test("a configuration that was mended is read by the next page", async () => {
  const cwd = folder({ "affiliates.yaml": "version: 2\n" });
  const client = connect({ cwd });
  await assert.rejects(client.page({ path: "a.md", text: page(1) }));
  writeFileSync(join(cwd, "affiliates.yaml"), CONFIG);
  assert.equal((await client.page({ path: "a.md", text: page(1) })).changed, true);
  writeFileSync(join(cwd, "affiliates.yaml"), CONFIG.replace("mysite-20", "other-20"));
  await client.close();
  assert.match((await client.page({ path: "a.md", text: page(1) })).text, /other-20/);
  await client.close();
});

test("a program that dies, answers nonsense or is too old is told of", unix, async () => {
  const root = siteFolder({
    dies: "#!/bin/sh\nread line\nexit 3\n",
    killed: "#!/bin/sh\nread line\nkill -9 $$\n",
    nonsense: "#!/bin/sh\nread line\necho hello\nread line\n",
    old: "#!/bin/sh\necho \"error: unexpected argument '--serve' found\" >&2\nexit 2\n",
  });
  const expected = {
    dies: /ended with exit code 3 before it answered for `a.md` and 1 more page/,
    killed: /was ended by SIGKILL/,
    nonsense: /no JSON: is it affilink\?/,
    old: /too old for this plugin; update it/,
  };
  for (const [binary, message] of Object.entries(expected)) {
    const client = connect({ binary, cwd: root });
    const asked = ["a.md", "b.md"].map((path) => client.page({ path, text: "x" }));
    for (const { reason } of await Promise.allSettled(asked)) assert.match(reason?.message ?? "answered", message);
  }
});

test("the process does not keep the host alive", () => {
  const script = `
    import { shared } from ${JSON.stringify(INDEX)};
    const answer = await shared({ cwd: ${JSON.stringify(siteFolder())} }).page({ path: "a.md", text: "plain" });
    console.log(answer.outcome);`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 20_000 });
  assert.deepEqual([ran.status, ran.stdout, ran.stderr], [0, "same\n", ""]);
});

test("the same options share one connection", () => {
  const cwd = siteFolder();
  assert.equal(shared({ cwd }), shared({ cwd, log: console }));
  assert.notEqual(shared({ cwd }), shared({ cwd, config: "other.yaml" }));
});
