// Builds an example site with its real generator, from the registry, and with the plugins as they would be published.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SITES } from "./sites.mjs";

const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const WORK = join(ROOT, "target/generators");
const PLUGINS = join(ROOT, "plugins/node");
const AFFILINK_BIN = resolve(process.env.AFFILINK ?? join(ROOT, "target/debug/affilink"));

/** What generators keep from one build to the next. */
const CACHES = [".astro", ".docusaurus", ".vitepress/cache", "db.json", "node_modules/.cache", "node_modules/.astro"];

/** A site laid out in a folder of its own, with its generator installed. */
export class Site {
  constructor(name) {
    this.name = name;
    this.facts = SITES[name];
    this.folder = join(WORK, name);
    this.output = join(this.folder, this.facts.output);
  }

  /** Copies the site, installs its generator by its lock file, and unpacks the plugins from their packages. */
  prepare() {
    if (!existsSync(AFFILINK_BIN)) throw new Error(`no program at ${AFFILINK_BIN}: run \`cargo build\`, or set AFFILINK`);
    mkdirSync(this.folder, { recursive: true });
    for (const entry of readdirSync(this.folder)) {
      if (entry !== "node_modules") rmSync(join(this.folder, entry), { recursive: true });
    }
    cpSync(join(ROOT, "fixtures/sites", this.name), this.folder, { recursive: true });
    this.#install();
    for (const plugin of ["affilink", ...this.facts.plugins]) unpack(plugin, join(this.folder, "node_modules", plugin));
  }

  /** Without the plugins, which are in no registry yet. */
  #install() {
    const lock = readFileSync(join(ROOT, "tests/generators", this.name, "package-lock.json"), "utf8");
    const installed = join(this.folder, "node_modules/.lock");
    if (existsSync(installed) && readFileSync(installed, "utf8") === lock) return;
    const site = readFileSync(join(this.folder, "package.json"), "utf8");
    const { dependencies, ...rest } = JSON.parse(site);
    for (const plugin of this.facts.plugins) delete dependencies[plugin];
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ ...rest, dependencies }));
    writeFileSync(join(this.folder, "package-lock.json"), lock);
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], this.folder).expect(0);
    rmSync(join(this.folder, "package-lock.json"));
    writeFileSync(join(this.folder, "package.json"), site);
    writeFileSync(installed, lock);
  }

  /** Builds the site as its author without affilink would, and gives where the result is. */
  buildPlain() {
    cpSync(join(ROOT, "tests/generators", this.name, "plain"), this.folder, { recursive: true });
    this.forget();
    this.build().expect(0);
    this.forget();
    const plain = join(this.folder, ".plain");
    rmSync(plain, { recursive: true, force: true });
    renameSync(this.output, plain);
    cpSync(join(ROOT, "fixtures/sites", this.name), this.folder, { recursive: true });
    return plain;
  }

  /** Builds the site as it is, with what the generator kept of earlier builds. */
  build(env = {}) {
    const [program, ...args] = this.facts.command;
    return run(join(this.folder, "node_modules/.bin", program), args, this.folder, { AFFILINK_BIN, ...env });
  }

  forget() {
    for (const cache of CACHES) rmSync(join(this.folder, cache), { recursive: true, force: true });
  }

  /** Changes the site's map. */
  edit(change) {
    const map = join(this.folder, "affiliates.yaml");
    writeFileSync(map, change(readFileSync(map, "utf8")));
  }
}

/** A plugin as npm would publish it: only what its `files` name. */
function unpack(plugin, target) {
  mkdirSync(WORK, { recursive: true });
  const packed = run("npm", ["pack", "--json", "--pack-destination", WORK], join(PLUGINS, plugin)).expect(0);
  const printed = JSON.parse(packed.stdout);
  const { filename } = Array.isArray(printed) ? printed[0] : printed[plugin];
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  run("tar", ["-xzf", join(WORK, filename), "--strip-components=1", "-C", target], WORK).expect(0);
}

/** Runs a program to its end; one that takes longer than the slowest generator ever did is killed. */
export function run(program, args, cwd, env = {}) {
  const ran = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1", ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 10 * 60_000,
    killSignal: "SIGKILL",
  });
  if (ran.error) throw ran.error;
  ran.said = `${ran.stdout}\n${ran.stderr}`;
  ran.expect = (code) => {
    if (ran.status !== code) throw new Error(`${program} ${args.join(" ")}: exit ${ran.status}\n${ran.said}`);
    return ran;
  };
  return ran;
}

/** All files below a folder, by their paths with `/`. */
export function files(folder) {
  const found = new Map();
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (statSync(path).isFile()) found.set(relative(folder, path).replaceAll("\\", "/"), readFileSync(path));
  }
  return found;
}
