// The helper itself: what it is to write down, it writes down.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { faults, open, start } from "./browser.mjs";

let browser;
let folder;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), "affilink-browser-"));
    browser = await start();
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
});

function page(name, body) {
    const path = join(folder, name);
    writeFileSync(path, `<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>${body}</main>`);
    return pathToFileURL(path).href;
}

test("a quiet page is quiet", async () => {
    const { page: shown, errors, requests, close } = await open(browser, page("quiet.html", "<p>Words.</p>"));
    assert.equal(await shown.textContent("p"), "Words.");
    assert.deepEqual([errors, requests, await faults(shown)], [[], [], []]);
    await close();
});

test("what a page says, throws, asks for and lacks is found", async () => {
    const body = `<img src="https://tracker.example/a.gif">
        <script>console.error("said"); setTimeout(() => { throw new Error("thrown"); });</script>`;
    const { page: shown, errors, requests, close } = await open(browser, page("loud.html", body));
    await shown.waitForTimeout(50);
    assert.deepEqual(requests, ["https://tracker.example/a.gif"]);
    assert.ok(errors.includes("said") && errors.some((error) => error.includes("thrown")), errors.join("\n"));
    assert.ok((await faults(shown)).some((fault) => fault.startsWith("image-alt")));
    await close();
});
