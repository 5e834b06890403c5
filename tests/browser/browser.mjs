// What the tests in a browser share: a headless Chromium that writes down whatever a page says or asks for.
//
// Every request but those for the page's own address (and what `allow` lets pass) is refused and written down: the tests
// need no network, and what is meant to work without one is seen to.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/** Starts the browser, `CHROMIUM` or one of the usual places, with `more` flags. Whoever starts it closes it. */
export function start(more = []) {
    const executablePath = process.env.CHROMIUM ?? candidates.find((path) => existsSync(path));
    if (!executablePath) {
        throw new Error("no Chromium: install it, or name it in the variable CHROMIUM");
    }
    return chromium.launch({ executablePath, args: [...flags, ...more] });
}

/**
 * Opens `url` in a context of its own, with `options` as Playwright's `newContext` takes them.
 *
 * Gives the page, what it said on its console as errors or warnings and threw (`errors`), the addresses it asked for beside
 * its own (`requests`), and `close`.
 */
export async function open(browser, url, { allow = () => false, ...options } = {}) {
    const context = await browser.newContext(options);
    const [errors, requests] = [[], []];
    await context.route("**/*", (route) => {
        const asked = route.request().url();
        if (asked === url || allow(asked)) {
            return route.continue();
        }
        requests.push(asked);
        return route.abort();
    });
    const page = await context.newPage();
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
            errors.push(message.text());
        }
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(url);
    return { page, errors, requests, close: () => context.close() };
}

/** What axe-core finds on `page` that is serious or worse, a line each. */
export async function faults(page) {
    const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    // not as a script of the page, which its own policy may forbid
    await page.evaluate(readFileSync(axe, "utf8"));
    const { violations } = await page.evaluate("axe.run()");
    const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    return serious.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`));
}

/** Runs the `affilink` binary, `AFFILINK` or the debug build, and gives what it printed; `code` is how it must end. */
export function affilink(args, { cwd = root, code = 0 } = {}) {
    const binary = process.env.AFFILINK ?? join(root, "target/debug/affilink");
    const env = { ...process.env, SOURCE_DATE_EPOCH: "1780000000" };
    delete env.AFFILINK_CONFIG;
    const ran = spawnSync(binary, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 28 });
    if (ran.error) {
        throw ran.error;
    }
    if (ran.status !== code) {
        throw new Error(`affilink ${args.join(" ")}: exit ${ran.status}\n${ran.stdout}\n${ran.stderr}`);
    }
    return ran;
}
