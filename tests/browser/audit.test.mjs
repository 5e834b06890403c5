// The page of `affilink audit --format html`, as readers have it.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { affilink, faults, open, start } from "./browser.mjs";

const CONFIG = `version: 1
site: {url: "https://mysite.example"}
programs:
  amazon: {network: amazon, tag: mysite-20}
  kettles: {domains: [kettles.example], set: {ref: mysite}}
`;
const EVIL = `</script><img src="https://evil.example/a.gif" onerror="document.title='owned'"><!--`;
const words = (count) => "word ".repeat(count);
const link = (n, tag) => `[item ${n}](https://www.amazon.com/dp/B${String(n).padStart(9, "0")}${tag})`;

let browser;
let folder;
let address;

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "affilink-audit-"));
    mkdirSync(join(folder, "posts"));
    const put = (name, text) => writeFileSync(join(folder, name), text);
    put("affiliates.yaml", CONFIG);
    put("posts/dense.md", `# Dense\n\n${words(200)}\n\n${[1, 2, 3, 4, 5].map((n) => link(n, "?tag=mysite-20")).join(" and ")}.\n`);
    put("posts/foreign.md", `# Foreign\n\n${words(500)} ${link(6, "?tag=other-20")} and [a kettle](https://kettles.example/red).\n`);
    put("posts/draft.md", `---\ndraft: true\n---\n${link(7, "")}\n`);
    put("posts/evil.md", `# Evil\n\n${words(80)} [\`x\` ${EVIL.replaceAll("<", "&lt;")}](https://www.etsy.com/listing/1?q=%3C/script%3E)\n`);
    for (let at = 0; at < 120; at += 1) {
        put(`posts/page-${String(at).padStart(3, "0")}.md`, `# Page ${at}\n\n${words(10 + at)}\n`);
    }
    put(`posts/=x'"&${EVIL.replaceAll("/", "").slice(0, 60)}.md`, `# Name\n\n${link(8, "?tag=other-20")}\n`);
    const path = join(folder, "audit.html");
    affilink(["audit", "posts", "--format", `html=${path}`, "-q"], { cwd: folder });
    address = pathToFileURL(path).href;
    browser = await start();
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
});

const rows = (page, table) => page.locator(`#${table} tbody tr:not(.inside)`);
const first = async (page, table, column) => (await rows(page, table).first().locator("td").nth(column).innerText()).trim();

for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 320]) {
        test(`it is quiet and accessible: ${colorScheme}, ${width} wide`, async () => {
            const viewport = { width, height: 800 };
            const { page, errors, requests, close } = await open(browser, address, { colorScheme, viewport });
            await page.locator("#pages .open").first().click();
            assert.deepEqual(await faults(page), []);
            assert.deepEqual([errors, requests], [[], []]);
            assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= width, "nothing sticks out");
            assert.equal(await page.title(), "Links of https://mysite.example");
            assert.equal(await page.locator("#charts svg").count(), 4);
            await close();
        });
    }
}

test("tables are sorted, filtered and paged", async () => {
    const { page, errors, close } = await open(browser, address);
    assert.match(await first(page, "pages", 0), /^posts\/dense\.md/);
    assert.equal(await rows(page, "pages").count(), 50);
    assert.equal(await page.locator("#pages .count").innerText(), "125");
    const words = page.locator("#pages th", { hasText: "Words" });
    await words.getByRole("button").click();
    assert.equal(await words.getAttribute("aria-sort"), "descending");
    assert.match(await first(page, "pages", 0), /^posts\/foreign\.md/);
    await words.getByRole("button").press("Enter");
    assert.equal(await words.getAttribute("aria-sort"), "ascending");
    assert.match(await first(page, "pages", 0), /draft/);
    await page.locator("#pages .pager").getByText("Next").click();
    assert.match(await page.locator("#pages .pager").innerText(), /51 to 100 of 125/);
    await page.locator("#pages input").fill("page-11");
    assert.equal(await page.locator("#pages .count").innerText(), "10 of 125");
    assert.equal(await rows(page, "pages").count(), 10);
    await page.locator("#pages input").fill("nowhere");
    assert.match(await rows(page, "pages").innerText(), /Nothing here fits/);
    await page.locator("#pages input").fill("");
    await page.locator("#pages select").selectOption({ label: "Drafts" });
    assert.equal(await rows(page, "pages").count(), 1);
    await page.locator("#merchants select").selectOption({ label: "That earn nothing" });
    assert.match(await rows(page, "merchants").innerText(), /etsy\.com[\s\S]*Awin/);
    await page.locator("#findings select").selectOption({ label: "foreign-affiliate-id" });
    assert.equal(await rows(page, "findings").count(), 2);
    assert.match((await rows(page, "findings").allInnerTexts()).join("\n"), /posts\/foreign\.md:3:/);
    assert.deepEqual(errors, []);
    await close();
});

test("a page opens to its links and what becomes of them", async () => {
    const { page, close } = await open(browser, address);
    await page.locator("#pages input").fill("foreign");
    const opener = page.locator("#pages .open");
    await opener.focus();
    await page.keyboard.press("Enter");
    assert.equal(await opener.getAttribute("aria-expanded"), "true");
    const inside = await page.locator("#pages .inside").innerText();
    assert.match(inside, /2 links to merchants/);
    assert.match(inside, /foreign, amazon other-20/);
    assert.match(inside, /rewritten:[\s\S]*→ https:\/\/kettles\.example\/red\?ref=mysite/);
    await page.keyboard.press("Space");
    assert.equal(await page.locator("#pages .inside").count(), 0);
    await close();
});

test("text of pages and file names stays text", async () => {
    const { page, errors, requests, close } = await open(browser, address);
    await page.locator("#pages input").fill("evil");
    for (const opener of await page.locator("#pages .open").all()) {
        await opener.click();
    }
    assert.match((await page.locator("#pages .inside").allInnerTexts()).join("\n"), /<img src=/);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.title(), "Links of https://mysite.example");
    assert.deepEqual([errors, requests], [[], []]);
    await close();
});

test("the theme is the reader's choice", async () => {
    const { page, close } = await open(browser, address, { colorScheme: "light" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    await page.locator("#theme").click();
    assert.equal(await paper(), light);
    await page.locator("#theme").click();
    assert.notEqual(await paper(), light);
    assert.equal(await page.locator("#theme").innerText(), "Colours: dark");
    await close();
});

test("ten thousand pages are quick", async () => {
    // the same report with its pages over and over: counting so many is not what is tested here
    const [before, json, after] = readFileSync(fileURLToPath(address), "utf8").split(/(?<=id="data">)([^<]*)(?=<)/);
    const data = JSON.parse(json);
    const named = (at) => data.pages[at % data.pages.length].with(0, `section-${at % 40}/a-post-with-a-title-of-usual-length-${at}.md`);
    data.pages = Array.from({ length: 10000 }, (_, at) => named(at));
    const path = join(folder, "many.html");
    writeFileSync(path, before + JSON.stringify(data).replaceAll("<", "\\u003c") + after);
    const { page, errors, close } = await open(browser, pathToFileURL(path).href);
    assert.equal(await page.locator("#pages .count").innerText(), "10,000");
    const took = await page.evaluate(`(() => {
        const start = performance.now();
        document.querySelector("#pages th:nth-child(5) button").click();
        const search = document.querySelector("#pages input");
        search.value = "usual-length-77";
        search.dispatchEvent(new Event("input"));
        return performance.now() - start;
    })()`);
    assert.equal(await page.locator("#pages .count").innerText(), "111 of 10,000");
    assert.ok(took < 3000, `${took} ms`);
    assert.deepEqual(errors, []);
    await close();
});
