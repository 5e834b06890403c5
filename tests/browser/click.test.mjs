// The click: a reader follows a link of a page that affilink built, buys later, and the commission is credited to the right
// id and sub-ID, by which `affilink resolve` finds the page and line the link was written on.
//
// Merchants and networks are those of `tracking.mjs`. Every host, real names among them, leads to this machine.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import MarkdownIt from "markdown-it";

import { affilink, root, start } from "./browser.mjs";
import { PRICE, RATES, start as startTracking } from "./tracking.mjs";

const source = join(root, "fixtures/sites/gear-log");
const text = (name) => (page) => page.getByRole("link", { name, exact: true });

// `at` is where the link stands in the source: the page, and what its line holds
const clicks = [
    {
        what: "parameters on the merchant's URL",
        page: "/posts/night-out",
        link: text("a find from the nineties"),
        at: ["posts/night-out.md", "a find from the nineties"],
        arrives: "https://www.ebay.de/itm/155012345678?hash=item24%3Ag&mkevt=1&",
        credit: { network: "ebay", publisher: "5338000000" },
        cookie: ["epn", 1],
    },
    {
        what: "a store's tag, with a sub-ID that the program asks for",
        page: "/posts/night-out",
        link: text("this mill"),
        at: ["posts/night-out.md", "this mill"],
        arrives: "https://www.amazon.com/dp/B000HANDGR?th=1&tag=gearlog-20&",
        credit: { network: "amazon", publisher: "gearlog-20" },
        cookie: ["session-tag", 1],
    },
    {
        what: "a merchant's own parameters, from an unquoted attribute",
        page: "/shelf",
        link: text("Sheet twelve"),
        at: ["shelf.html", "Sheet twelve"],
        arrives: "https://www.maps.example/sheets/12?scale=25&partner=gearlog&",
        credit: { network: "maps", publisher: "gearlog" },
        cookie: ["partner", 7],
    },
    {
        what: "a redirect",
        page: "/posts/night-out",
        link: text("one rope"),
        at: ["posts/night-out.md", "one rope"],
        arrives: /^https:\/\/www\.outdoor\.example\/product\/rope\?colour=red%20oak&len=60&awc=\w+#sizes$/,
        credit: { network: "awin", publisher: "123456" },
        cookie: ["awc", 30],
    },
    {
        what: "the second redirect to one destination",
        page: "/posts/night-out",
        link: text("another of the same"),
        at: ["posts/night-out.md", "another of the same"],
        arrives: /^https:\/\/www\.outdoor\.example\/product\/rope\?colour=red%20oak&len=60&awc=\w+#sizes$/,
        credit: { network: "awin", publisher: "123456" },
        cookie: ["awc", 30],
    },
    {
        what: "a redirect in a new window",
        page: "/shelf",
        link: text("The lamp"),
        at: ["shelf.html", "The lamp"],
        arrives: "https://www.outdoor.example/product/lamp?awc=",
        credit: { network: "awin", publisher: "123456" },
        cookie: ["awc", 30],
    },
    {
        what: "a banner in Markdown, through a redirect with its ids in the path",
        page: "/posts/night-out",
        link: (page) => page.getByAltText("The tent at dusk"),
        at: ["posts/night-out.md", "The tent at dusk"],
        arrives: /^https:\/\/www\.tents\.example\/p\/dome\?poles=3&fly=1&cjevent=\w+$/,
        credit: { network: "cj", publisher: "4567890" },
        cookie: ["cje", 45],
    },
    {
        what: "a banner in HTML",
        page: "/shelf",
        link: (page) => page.getByAltText("The summer sale"),
        at: ["shelf.html", "The summer sale"],
        arrives: /^https:\/\/www\.outdoor\.example\/sale\?a=1&b=2&awc=\w+$/,
        credit: { network: "awin", publisher: "123456" },
        cookie: ["awc", 30],
    },
];

describe("the click", () => {
    let work, manifest, tracking, browser;
    before(async () => {
        work = mkdtempSync(join(tmpdir(), "affilink-click-"));
        manifest = join(work, "manifest.jsonl");
        affilink(["build", source, "--out", join(work, "site"), "--manifest", manifest], { cwd: source });
        const site = (path) => page(path.startsWith("/as-written/") ? source : join(work, "site"), path.replace("/as-written", ""));
        tracking = await startTracking(site);
        browser = await start([`--host-resolver-rules=MAP * 127.0.0.1:${tracking.port}`]);
    });
    after(async () => {
        await browser?.close();
        await tracking?.close();
        rmSync(work, { recursive: true });
    });

    for (const { what, page, link, at, arrives, credit, cookie } of clicks) {
        test(what, async () => {
            const visit = await browser.newContext({ ignoreHTTPSErrors: true });
            const landed = await follow(visit, page, link);
            assert.ok(typeof arrives === "string" ? landed.startsWith(arrives) : arrives.test(landed), landed);
            const { host } = new URL(landed);
            const kept = (await visit.cookies(landed)).find(({ name }) => name === cookie[0]);
            assert.equal(Math.round((kept.expires - Date.now() / 1000) / 86_400), cookie[1], "days the cookie is kept");
            const storageState = await visit.storageState();
            await visit.close();

            // later: another run of the browser, straight to the merchant
            const later = await browser.newContext({ ignoreHTTPSErrors: true, storageState });
            const [commission] = await buy(later, host);
            await later.close();
            const { subid, order, ...credited } = commission;
            assert.deepEqual(credited, { ...credit, commission: (PRICE * RATES[credit.network]) / 100 });
            assert.ok(order.startsWith(host));

            const resolved = affilink(["resolve", subid, "--manifest", manifest]).stdout;
            const [file, words] = at;
            const line = readFileSync(join(source, file), "utf8").split("\n").findIndex((line) => line.includes(words)) + 1;
            assert.match(resolved, new RegExp(`^${subid}\t${file}:${line}:\\d+\t[^\n]*\n?$`));
        });
    }

    test("without affilink nobody is credited", async () => {
        for (const { page, link, arrives } of clicks) {
            const visit = await browser.newContext({ ignoreHTTPSErrors: true });
            const landed = await follow(visit, `/as-written${page}`, link);
            assert.ok(!(typeof arrives === "string" ? landed.startsWith(arrives) : arrives.test(landed)), landed);
            assert.deepEqual(await buy(visit, new URL(landed).host), [], landed);
            await visit.close();
        }
    });

    test("a link to a shop without a program stays as it is", async () => {
        const visit = await browser.newContext({ ignoreHTTPSErrors: true });
        const page = await visit.newPage();
        await page.goto("https://gearlog.example/posts/night-out");
        assert.equal(await text("friend's shop")(page).getAttribute("href"), "https://www.hut.example/beds");
        await visit.close();
    });

    test("readers are told, and search engines as well", async () => {
        const visit = await browser.newContext({ ignoreHTTPSErrors: true });
        const page = await visit.newPage();
        for (const path of ["/posts/night-out", "/shelf"]) {
            await page.goto(`https://gearlog.example${path}`);
            assert.equal(await page.getByText("We earn a commission").count(), 1, path);
        }
        for (const { page: path, link } of clicks) {
            await page.goto(`https://gearlog.example${path}`);
            const rel = await link(page).evaluate((element) => element.closest("a").rel);
            assert.match(rel, /^(?=.*\bsponsored\b)(?=.*\bnofollow\b)/, path);
        }
        await visit.close();
    });

    test("no request left for a host that is not there", () => assert.deepEqual(tracking.strays, []));

    /** Clicks a link of a page and says where the reader ends up. */
    async function follow(visit, path, link) {
        const page = await visit.newPage();
        await page.goto(`https://gearlog.example${path}`);
        const opened = new Promise((resolve) => visit.once("page", resolve));
        const moved = page.waitForURL((url) => url.hostname !== "gearlog.example").then(() => page);
        await link(page).click();
        const shop = await Promise.race([opened, moved]);
        moved.catch(() => {}); // a page that stays where it is, as its link opened a window
        await shop.waitForLoadState();
        return shop.url();
    }

    /** Buys at a merchant's and gives the commissions that come of it. */
    async function buy(visit, host) {
        const before = tracking.commissions.length;
        const page = await visit.newPage();
        await page.goto(`https://${host}/checkout`);
        await page.getByRole("button", { name: "Buy" }).click();
        await page.getByText("Thank you").waitFor();
        await page.waitForLoadState(); // the pixel as well
        return tracking.commissions.slice(before);
    }
});

/** A page of a site at `folder` as a generator would publish it; nothing where there is none. */
function page(folder, path) {
    const file = join(folder, path);
    if (existsSync(`${file}.md`)) {
        const [, , markdown] = readFileSync(`${file}.md`, "utf8").match(/^---\n(.*?)\n---\n(.*)$/s);
        const body = new MarkdownIt({ html: true }).render(markdown);
        return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A post</title><main>${body}</main></html>`;
    }
    return [file, `${file}.html`].filter((name) => existsSync(name)).map((name) => readFileSync(name, "utf8"))[0];
}
