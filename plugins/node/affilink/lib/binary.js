import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve, sep } from "node:path";
import { AffilinkError } from "./error.js";

const require = createRequire(import.meta.url);

/** The platforms that a package with the program is made for: `process.platform`-`process.arch`. */
export const PLATFORMS = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"];

/** The name of the package that holds the program for a platform, or `null` where none is made. */
export function platformPackage(platform = process.platform, arch = process.arch) {
  const name = `${platform}-${arch}`;
  return PLATFORMS.includes(name) ? `@affilink/cli-${name}` : null;
}

/**
 * The path of the program. The first that is given is taken, and an error says so when it is not there: nothing else is
 * tried then. In this order: `binary`, `AFFILINK_BIN`, the platform's package, `PATH`.
 *
 * @param {{binary?: string, cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {string}
 */
export function findBinary({ binary, cwd = process.cwd(), env = process.env } = {}) {
  if (binary) return named(binary, cwd, "the option `binary`");
  if (env.AFFILINK_BIN) return named(env.AFFILINK_BIN, cwd, "`AFFILINK_BIN`");
  const found = bundled() ?? onPath(env);
  if (found) return found;
  throw new AffilinkError(missing());
}

function named(path, cwd, origin) {
  const full = resolve(cwd, path);
  if (isProgram(full)) return full;
  throw new AffilinkError(`${origin} names \`${path}\`, which is no program that can be run (looked at \`${full}\`)`);
}

function bundled() {
  const name = platformPackage();
  if (!name) return null;
  try {
    return require.resolve(`${name}/${programName()}`);
  } catch {
    return null;
  }
}

function onPath(env) {
  const path = env.PATH ?? env.Path ?? "";
  for (const folder of path.split(delimiter)) {
    // npm puts this package's own launcher there, which would look here again
    if (!folder || folder.endsWith(join("node_modules", ".bin"))) continue;
    const candidate = join(folder, programName());
    if (isProgram(candidate) && !isLauncher(candidate)) return candidate;
  }
  return null;
}

function isLauncher(path) {
  return realpathSync(path).endsWith(`${sep}bin${sep}affilink.js`);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function programName() {
  return process.platform === "win32" ? "affilink.exe" : "affilink";
}

function missing() {
  const name = platformPackage();
  const why = name
    ? `\`${name}\` is not installed (was npm told to leave optional dependencies out, or was the lock file written on ` +
      `another system? \`npm install --include=optional\` brings it)`
    : `no package is made for ${process.platform} on ${process.arch}`;
  return (
    `the program was not found: ${why}, and there is none on PATH. Install it otherwise, such as by \`cargo install ` +
    `affilink\`, or name it in AFFILINK_BIN`
  );
}
