import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * The path of the configuration that the program will read, for hosts that watch it; `null` where there is none. It is
 * looked for as the program does: the option, `AFFILINK_CONFIG`, `affiliates.yaml` upward to the repository's root.
 *
 * @param {{config?: string, cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 */
export function findConfig({ config, cwd = process.cwd(), env = process.env } = {}) {
  const named = config || env.AFFILINK_CONFIG;
  if (named) return resolve(cwd, named);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, "affiliates.yaml");
    if (existsSync(path)) return path;
    if (existsSync(join(folder, ".git")) || folder === dirname(folder)) return null;
  }
}
