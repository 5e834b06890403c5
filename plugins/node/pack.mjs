// Packs everything that is published to npm: the program for each platform, the package `affilink`, and the plugins.
//
// usage: node pack.mjs FOLDER [PLATFORM=PROGRAM ...]      such as linux-x64=target/release/affilink
//
// `affilink` gets the packages of the given platforms as optional dependencies: npm installs the one that fits, and no
// install script runs. They stand in no package.json here, since npm would ask for them before they are published.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PLATFORMS } from "./affilink/lib/binary.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = resolve(HERE, "../..");
const LICENCES = ["LICENSE-MIT", "LICENSE-APACHE"];

const [out, ...given] = process.argv.slice(2);
if (!out) fail("no folder is named\nusage: node pack.mjs FOLDER [PLATFORM=PROGRAM ...]");
const programs = given.map((argument) => {
  const [platform, path] = argument.split("=", 2);
  if (!PLATFORMS.includes(platform) || !path) fail(`\`${argument}\` is no PLATFORM=PROGRAM; platforms: ${PLATFORMS.join(", ")}`);
  return { platform, path: resolve(path) };
});

mkdirSync(out, { recursive: true });
const stage = mkdtempSync(join(tmpdir(), "affilink-pack-"));
try {
  const { version, license } = manifest("affilink");
  for (const { platform, path } of programs) packProgram(platform, path, { version, license });
  for (const name of manifest(".").workspaces) packSource(name, version);
} finally {
  rmSync(stage, { recursive: true });
}

function packProgram(platform, path, { version, license }) {
  const [os, cpu] = platform.split("-");
  const folder = join(stage, platform);
  const program = os === "win32" ? "affilink.exe" : "affilink";
  mkdirSync(folder);
  cpSync(path, join(folder, program));
  chmodSync(join(folder, program), 0o755);
  writeJson(join(folder, "package.json"), {
    name: `@affilink/cli-${platform}`,
    version,
    description: `The program affilink for ${platform}; install \`affilink\` instead`,
    license,
    os: [os],
    cpu: [cpu],
    files: [program],
    preferUnplugged: true,
  });
  pack(folder);
}

function packSource(name, version) {
  const folder = join(stage, name);
  cpSync(join(HERE, name), folder, { recursive: true, filter: (path) => !/[/\\](node_modules|test)$/.test(path) });
  const described = manifest(name);
  if (described.version !== version) fail(`${name} is of version ${described.version}, affilink of ${version}`);
  if (name === "affilink" && programs.length > 0) {
    const packages = programs.map(({ platform }) => [`@affilink/cli-${platform}`, version]);
    described.optionalDependencies = Object.fromEntries(packages);
  }
  writeJson(join(folder, "package.json"), described);
  pack(folder);
}

function pack(folder) {
  for (const name of LICENCES) cpSync(join(ROOT, name), join(folder, name));
  const described = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  writeJson(join(folder, "package.json"), { ...described, files: [...described.files, ...LICENCES] });
  const options = { cwd: folder, encoding: "utf8", shell: process.platform === "win32" };
  const ran = spawnSync("npm", ["pack", "--pack-destination", resolve(out), "--loglevel=error"], options);
  if (ran.status !== 0) fail(`npm pack in ${folder}: ${ran.error?.message ?? ran.stderr}`);
  console.log(ran.stdout.trim());
}

function manifest(name) {
  return JSON.parse(readFileSync(join(HERE, name, "package.json"), "utf8"));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function fail(message) {
  console.error(`pack: ${message}`);
  process.exit(2);
}
