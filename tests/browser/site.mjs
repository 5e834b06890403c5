// What an integration made of a site, against what the generator makes of it alone.
//
// usage: node site.mjs PLAIN BUILT EXPECTED.json
//
// Both folders must hold the same files. What is no page must be the same, byte for byte. Pages are opened in the browser,
// without their scripts: but for the links and the notice that EXPECTED names, their trees must be equal, and a reader must
// see the notice before the first affiliate link. EXPECTED is
//
//   {"notice": TEXT, "same_but": [FILE that no two builds write alike, ...],
//    "pages": {FILE: {"notice": true or false, "links": [[href without affilink, href, rel], ...],
//                     "switch": optional, what `<meta name="affilink">` says}}}
//
// A page whose switch is `false` must be the same, byte for byte, but for that tag.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { start } from "./browser.mjs";

const [plain, built] = process.argv.slice(2, 4).map((folder) => resolve(folder));
const expected = JSON.parse(readFileSync(process.argv[4], "utf8"));
const { notice = "We earn a commission", same_but = [] } = expected;

const files = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
        .sort();
const names = files(built);
assert.deepEqual(names, files(plain), "the same files");
assert.deepEqual(
    Object.keys(expected.pages).filter((name) => !names.includes(name)),
    [],
    "pages that are expected and not there",
);

const browser = await start();
try {
    const context = await browser.newContext({ javaScriptEnabled: false });
    await context.route(/^(?!file:)/, (route) => route.abort());
    const page = await context.newPage();
    for (const name of names) {
        const [before, after] = [plain, built].map((folder) => readFileSync(join(folder, name)));
        if (before.equals(after)) {
            assert.ok(!expected.pages[name], `${name}: nothing changed`);
        } else if (expected.pages[name]?.switch?.toLowerCase() === "false") {
            const tag = `<meta name="affilink" content="${expected.pages[name].switch}">`;
            assert.ok(after.includes(tag), `${name}: it says that it is off`);
            assert.deepEqual(...apart(after.toString().replace(tag, ""), before.toString()), `${name}: nothing else changed`);
        } else if (!same_but.includes(name)) {
            await compare(page, name, expected.pages[name]);
        }
    }
} finally {
    await browser.close();
}
console.log(`${names.length} files, ${Object.keys(expected.pages).length} of them changed as expected`);

async function compare(page, name, expected) {
    assert.ok(expected, `${name}: it changed`);
    await page.goto(pathToFileURL(join(plain, name)).href);
    const before = await page.evaluate(read, {});
    await page.goto(pathToFileURL(join(built, name)).href);
    const shown = page.getByText(notice);
    assert.equal(await shown.count(), expected.notice ? 1 : 0, `${name}: notices`);
    if (expected.notice) {
        assert.ok(await shown.isVisible(), `${name}: the notice can be seen`);
    }
    const after = await page.evaluate(read, { notice });
    if (expected.notice) {
        const first = after.links.findIndex(({ rel }) => rel.includes("sponsored"));
        assert.ok(first === -1 || after.told <= first, `${name}: the notice comes first`);
    }
    assert.deepEqual(after.switches, expected.switch ? [expected.switch] : [], `${name}: what it says of affilink`);
    assert.deepEqual(...apart(after.rest, before.rest), `${name}: nothing else changed`);
    const changed = after.links.map((link, at) => [before.links[at], link]).filter(([old, link]) => old.href !== link.href || old.rel !== link.rel);
    assert.deepEqual(
        changed.map(([old, link]) => [old.href, link.href, link.rel]),
        expected.links,
        `${name}: links`,
    );
}

/** Two texts from shortly before the place where they part. */
function apart(one, other) {
    const at = [...one].findIndex((letter, index) => letter !== other[index]);
    const from = Math.max(0, (at === -1 ? one.length : at) - 80);
    return one === other ? ["", ""] : [one, other].map((text) => text.slice(from, from + 160));
}

/**
 * Runs in the page: its links in order, how many of them stand before the notice (`told`), what it says of affilink
 * (`switches`), and the page without all of these (`rest`).
 */
function read({ notice }) {
    const links = [];
    let told = -1;
    const tags = [...document.querySelectorAll("meta[name=affilink]")];
    const switches = tags.map((tag) => tag.getAttribute("content"));
    tags.forEach((tag) => tag.remove());
    for (const element of document.querySelectorAll("a, area, p")) {
        if (notice && element.localName === "p" && element.textContent.startsWith(notice)) {
            told = links.length;
            // with the line's end that came with it
            if (element.nextSibling?.nodeType === Node.TEXT_NODE) {
                element.nextSibling.data = element.nextSibling.data.replace(/^\n[ \t]*/, "");
            }
            element.remove();
        } else if (element.localName !== "p" && element.hasAttribute("href")) {
            links.push({ href: element.getAttribute("href"), rel: element.getAttribute("rel") ?? "" });
            element.removeAttribute("href");
            element.removeAttribute("rel");
        }
    }
    document.normalize();
    return { links, told, switches, rest: document.documentElement.outerHTML };
}
