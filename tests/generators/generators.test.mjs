// Small sites, built by their real generators through the plugins in `plugins/node`, and looked at in a browser.
//
// SITES names the sites, separated by white space; without it, those that take no minutes are built.

import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { open, start } from "../browser/browser.mjs";
import { asWritten, ledBack } from "./compare.mjs";
import { Site, files } from "./driver.mjs";
import { NOTICE, PAGES, SITES, pageOf } from "./sites.mjs";

const named = (process.env.SITES ?? "").split(/\s+/).filter(Boolean);
const wanted = named.length > 0 ? named : Object.keys(SITES).filter((name) => !SITES[name].heavy);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };

let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

for (const name of wanted) if (!SITES[name]) throw new Error(`no site is called \`${name}\`: ${Object.keys(SITES).join(", ")}`);
for (const name of wanted) describe(name, () => suite(new Site(name)));

function suite(site) {
  let plain;

  test("a build through the plugin changes the links and adds the notice, and nothing else", () => {
    site.prepare();
    plain = normalized(site, site.buildPlain());
    const built = site.build().expect(0);
    const made = normalized(site, site.output);
    assert.deepEqual([...made.keys()].sort(), [...plain.keys()].sort());
    for (const [path, bytes] of made) {
      if (path.endsWith(".html")) {
        const { links, said } = pageOf(path);
        const html = site.facts.hydrated ? String(bytes) : unsaid(String(bytes), said);
        assert.equal(ledBack(html, links, site.facts.notice), asWritten(String(plain.get(path)), links), path);
      } else if (!isScript(site, path)) assert.ok(bytes.equals(plain.get(path)), `${path} differs`);
    }
    const warnings = built.said.split("\n").filter((line) => /warn/i.test(line));
    assert.equal(warnings.length, site.facts.warnings?.length ?? 0, warnings.join("\n"));
    for (const [at, warning] of (site.facts.warnings ?? []).entries()) assert.match(warnings[at], warning);
  });

  test("in a browser the links lead to the programs, and stay so", async (t) => {
    const { origin, close } = await serve(site.output);
    // also when the test fails: a server that listens keeps the process alive
    t.after(close);
    for (const name of PAGES) {
      const visit = await open(browser, `${origin}/${name}${site.facts.hydrated ? "" : "/"}`, { allow: (url) => url.startsWith(origin) });
      const other = PAGES.find((page) => page !== name);
      await seen(visit, name, site);
      await visit.page.locator(`main a[href*="${other}"]`).first().click();
      await visit.page.waitForURL((url) => url.pathname.includes(other));
      await seen(visit, other, site);
      assert.deepEqual([visit.errors, visit.requests], [[], []]);
      await visit.close();
    }
  });

  test("a changed map counts in the next build", () => {
    site.edit((map) => map.replace("mysite-20", "newtag-20"));
    site.build().expect(0);
    const tags = [...files(site.output).values()].flatMap((bytes) => String(bytes).match(/(mysite|newtag)-20/g) ?? []);
    assert.ok(tags.length > 0 && tags.every((tag) => tag === "newtag-20"), tags.join(" "));
  });

  test("a missing program and a broken map fail the build with a clear error, and leave no half site", () => {
    const earlier = files(site.output);
    const missing = site.build({ AFFILINK_BIN: "/nowhere/affilink" });
    untouched(site, earlier, missing, /`AFFILINK_BIN` names `\/nowhere\/affilink`/);
    site.edit((map) => `${map}\nprogramm: 3\n`);
    untouched(site, earlier, site.build(), /unknown key `programm`/);
  });
}

/** A page without its switch, which stands in its head, once. */
function unsaid(html, said) {
  assert.equal(html.split('name="affilink"').length - 1, said ? 1 : 0);
  const head = html.indexOf("</head>");
  assert.ok(html.slice(0, head < 0 ? html.length : head).includes(said), html);
  return html.replace(said, "");
}

/** What a reader finds on the page that is open. */
async function seen({ page }, name, site) {
  if (site.facts.hydrated) await page.waitForFunction(site.facts.hydrated);
  await page.getByText(NOTICE).waitFor();
  // the address changes before the page does, where JavaScript changes both
  for (const { after } of pageOf(`${name}.html`).links) await page.locator(`main a[href="${after}"]`).first().waitFor();
  const links = await page.$$eval("main a", (all) => all.map(({ href, rel }) => ({ href, rel: rel.split(" ") })));
  for (const { before, after } of pageOf(`${name}.html`).links) {
    const found = links.find(({ href }) => href === after);
    assert.ok(found, `${after} is not on ${name}: ${JSON.stringify(links)}`);
    assert.ok(found.rel.includes("sponsored") && found.rel.includes("nofollow"), JSON.stringify(found));
    assert.ok(!links.some(({ href }) => href === before), `${before} is on ${name}`);
  }
}

/** A failed build: told why, with the site of before, or none at all. */
function untouched(site, earlier, ran, message) {
  assert.notEqual(ran.status, 0, ran.said);
  assert.match(ran.said, message);
  const left = existsSync(site.output) ? files(site.output) : new Map();
  const pages = [...left.keys()].filter((path) => path.endsWith(".html"));
  if (pages.length > 0) assert.deepEqual(left, earlier);
}

/** The files of a folder, without what names and pages hold of the content of scripts. */
function normalized(site, folder) {
  const { hashes } = site.facts;
  if (!hashes) return files(folder);
  const clean = (text) => text.replace(hashes, "HASH");
  return new Map([...files(folder)].map(([path, bytes]) => [clean(path), isText(path) ? Buffer.from(clean(String(bytes))) : bytes]));
}

function isText(path) {
  return [".html", ".js", ".json", ".css"].includes(extname(path));
}

/** Scripts hold the pages of hydrated sites; the browser sees what is in them. */
function isScript(site, path) {
  return Boolean(site.facts.hydrated) && path.endsWith(".js");
}

function serve(folder) {
  const server = createServer((request, response) => {
    const path = join(folder, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
    const file = [path, `${path}.html`, join(path, "index.html")].find((candidate) => extname(candidate) && existsSync(candidate));
    if (!file) return response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done({ origin: `http://127.0.0.1:${server.address().port}`, close }));
  });
}
