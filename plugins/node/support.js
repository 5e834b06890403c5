/** What the tests of all plugins share: the program they are tested with, and small sites in temporary folders. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { after } from "node:test";

/** An invented configuration with one program and one product. */
export const CONFIG = `version: 1
programs:
  amazon: {network: amazon, tag: mysite-20}
products:
  - {name: Kindle Paperwhite, url: "https://www.amazon.com/dp/B08KTZ8249"}
links: {rel: [sponsored, nofollow], markdown: html}
`;

/** The notice on a page with Amazon links. */
export const NOTICE =
  "We earn a commission if you buy through links on this page. As an Amazon Associate I earn from qualifying purchases.";

const built = fileURLToPath(new URL("../../target/debug/affilink", import.meta.url));
const program = resolve(process.env.AFFILINK_BIN ?? built);
if (!existsSync(program)) throw new Error(`no program to test with at ${program}: run \`cargo build\`, or set AFFILINK_BIN`);
process.env.AFFILINK_BIN = program;

/** Writes files into a new temporary folder, which is gone after the tests; returns its path. */
export function folder(files = {}) {
  const root = mkdtempSync(join(tmpdir(), "affilink-"));
  after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
  return root;
}

/** A site with the configuration above. */
export function siteFolder(files = {}) {
  return folder({ "affiliates.yaml": CONFIG, ...files });
}

/** A log that keeps what it is told. */
export function recorder() {
  const lines = [];
  const keep = (level) => (line) => void lines.push(`${level} ${line}`);
  return { lines, info: keep("info"), warn: keep("warn"), error: keep("error") };
}
