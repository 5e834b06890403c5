import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findBinary, platformPackage } from "affilink";
import { folder } from "../../support.js";

const LAUNCHER = fileURLToPath(new URL("../bin/affilink.js", import.meta.url));
const PROGRAM = "#!/bin/sh\nexit 0\n";
const unix = { skip: process.platform === "win32" && "the stand-ins are shell scripts" };

test("the first that is named is the program: option, AFFILINK_BIN, PATH", unix, () => {
  const root = folder({ one: PROGRAM, two: PROGRAM, "path/affilink": PROGRAM, "empty/README": "" });
  const env = { AFFILINK_BIN: join(root, "two"), PATH: [join(root, "empty"), join(root, "path")].join(delimiter) };
  assert.equal(findBinary({ binary: "one", cwd: root, env }), join(root, "one"));
  assert.equal(findBinary({ cwd: root, env }), join(root, "two"));
  assert.equal(findBinary({ cwd: root, env: { PATH: env.PATH } }), join(root, "path", "affilink"));
});

test("a name that leads nowhere is an error, and nothing else is tried", unix, () => {
  const root = folder({ "path/affilink": PROGRAM, "not-executable": "text" });
  const env = { PATH: join(root, "path") };
  assert.throws(() => findBinary({ binary: "gone", cwd: root, env }), /option `binary` names `gone`/);
  assert.throws(() => findBinary({ binary: "not-executable", cwd: root, env }), /no program that can be run/);
  assert.throws(() => findBinary({ cwd: root, env: { ...env, AFFILINK_BIN: "gone" } }), /`AFFILINK_BIN` names `gone`/);
});

test("a missing program is told with what to do", unix, () => {
  assert.throws(() => findBinary({ env: { PATH: "" } }), (error) => {
    assert.equal(error.name, "AffilinkError");
    assert.match(error.message, /the program was not found/);
    assert.match(error.message, /AFFILINK_BIN/);
    return true;
  });
});

test("npm's link to the launcher is not taken for the program", unix, () => {
  const root = folder({ "real/affilink": PROGRAM });
  const bins = join(root, "node_modules", ".bin");
  mkdirSync(bins, { recursive: true });
  mkdirSync(join(root, "global"));
  for (const place of [bins, join(root, "global")]) symlinkSync(LAUNCHER, join(place, "affilink"));
  const PATH = [bins, join(root, "global"), join(root, "real")].join(delimiter);
  assert.equal(findBinary({ env: { PATH } }), join(root, "real", "affilink"));
});

test("packages are made for the usual platforms, and for others the message says so", () => {
  assert.equal(platformPackage("linux", "x64"), "@affilink/cli-linux-x64");
  assert.equal(platformPackage("sunos", "x64"), null);
});

test("the launcher hands over arguments, output and exit code", unix, () => {
  const root = folder({ affilink: '#!/bin/sh\necho "got $*"\nexit 7\n' });
  const run = (env) => spawnSync(process.execPath, [LAUNCHER, "check", "a b"], { env, encoding: "utf8" });
  const ran = run({ AFFILINK_BIN: join(root, "affilink") });
  assert.deepEqual([ran.status, ran.stdout], [7, "got check a b\n"]);
  const missing = run({ PATH: "" });
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^affilink: the program was not found/);
  assert.doesNotMatch(missing.stderr, /\n\s+at /);
});
