import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PLATFORMS } from "./affilink/lib/binary.js";
import { folder, siteFolder } from "./support.js";

const PACK = fileURLToPath(new URL("./pack.mjs", import.meta.url));
const here = `${process.platform}-${process.arch}`;
const unknown = !PLATFORMS.includes(here) && `no package is made for ${here}`;

/** Without what npm told this run of it, and without a program to be found otherwise. */
const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(npm_|AFFILINK)/.test(key)));

function run(program, args, cwd) {
  const ran = spawnSync(program, args, { cwd, env: clean, encoding: "utf8", shell: process.platform === "win32" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe("packages, installed from their files in a clean folder without network", { skip: unknown }, () => {
  const packed = folder();
  const site = siteFolder({
    "package.json": '{"private": true, "type": "module"}',
    "out/index.html": '<main><a href="https://www.amazon.com/dp/B000000001">x</a></main>',
  });

  before(() => {
    const made = run(process.execPath, [PACK, packed, `${here}=${process.env.AFFILINK_BIN}`]);
    assert.equal(made.code, 0, made.err);
    // peers are what a site has anyway
    const files = readdirSync(packed).map((name) => join(packed, name));
    const install = ["install", "--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", ...files];
    const installed = run("npm", install, site);
    assert.equal(installed.code, 0, installed.err);
  });

  test("every package has what it needs and nothing else", () => {
    const names = readdirSync(join(site, "node_modules")).filter((name) => /affilink/.test(name) && !name.startsWith("."));
    assert.equal(names.length, 7, names.join(" "));
    for (const name of names.filter((name) => !name.startsWith("@"))) {
      const files = readdirSync(join(site, "node_modules", name));
      for (const wanted of ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "index.d.ts", "index.js", "package.json"]) {
        assert.ok(files.includes(wanted), `${name} lacks ${wanted}`);
      }
      assert.ok(!files.includes("test"), name);
      const { dependencies, scripts } = JSON.parse(readFileSync(join(site, "node_modules", name, "package.json"), "utf8"));
      assert.equal(scripts, undefined, "npm blocks install scripts");
      assert.deepEqual(Object.keys(dependencies ?? {}), name === "affilink" ? [] : ["affilink"]);
    }
  });

  test("npx runs the program that npm brought", () => {
    const built = run("npx", ["--no", "--", "affilink", "build", "out", "--in-place"], site);
    assert.equal(built.code, 0, built.err);
    assert.match(readFileSync(join(site, "out/index.html"), "utf8"), /mysite-20/);
  });

  test("plugins find it, too", () => {
    const names = ["astro-affilink", "eleventy-plugin-affilink", "rehype-affilink", "vite-plugin-affilink"];
    const script = `
      import { findBinary } from "affilink";
      for (const name of ${JSON.stringify(names)}) if (typeof (await import(name)).default !== "function") throw new Error(name);
      console.log(findBinary());`;
    const ran = run(process.execPath, ["--input-type=module", "-e", script], site);
    assert.equal(ran.code, 0, ran.err);
    assert.ok(existsSync(ran.out.trim()) && ran.out.includes(`cli-${here}`), ran.out);
  });

  test("without the program's package the message says what to do", () => {
    rmSync(join(site, "node_modules/@affilink"), { recursive: true });
    const ran = run("npx", ["--no", "--", "affilink", "--version"], site);
    assert.equal(ran.code, 2);
    assert.match(ran.err, /`@affilink\/cli-[\w-]+` is not installed/);
    assert.match(ran.err, /npm install --include=optional/);
  });
});

test("what cannot be packed is told", () => {
  const wrong = run(process.execPath, [PACK, folder(), "amiga-68k=x"]);
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.match(wrong.err, /`amiga-68k=x` is no PLATFORM=PROGRAM; platforms: darwin-arm64/);
});
