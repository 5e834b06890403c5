// Merchants and affiliate networks on this machine, as a browser meets them: redirects, cookies, checkouts, conversion pixels.
//
// They know nothing of affilink: what a link has to hold is written here after the networks' own documentation (Awin: "What
// does an affiliate link look like", conversion pixel; eBay Partner Network: "Tracking 101"; CJ: deep links; Amazon: special
// links), and a link that lacks any of it, or has it twice, credits nobody.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DAY = 86_400;
/** What everything costs, in cents. */
export const PRICE = 8000;
const EBAY_DE = "707-53477-19255-0";

/** Commissions, in per cent of the price. */
export const RATES = { awin: 5, cj: 8, ebay: 4, amazon: 3, maps: 10 };

/**
 * Starts all of it on one port of the loopback interface, beside `site`, a function from the path of a page of
 * `gearlog.example` to its HTML, or to nothing.
 *
 * Gives the `port` that every host has to lead to, the commissions that were credited (`commissions`), what was asked of
 * hosts that are not there (`strays`), and `close`.
 */
export async function start(site) {
    const ledger = new Ledger();
    const strays = [];
    const hosts = world(ledger, site);
    const server = createServer(certificate(), (request, response) => {
        const url = new URL(request.url, `https://${request.headers.host}`);
        const answer = hosts[url.hostname];
        if (!answer) {
            strays.push(url.href);
            return response.writeHead(421).end();
        }
        const { status = 200, body = "", ...headers } = answer(url, request);
        response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const close = () => {
        server.closeAllConnections();
        return new Promise((closed) => server.close(closed));
    };
    return { port: server.address().port, commissions: ledger.commissions, strays, close };
}

/** What networks keep: clicks, and the commissions that sales earned. */
class Ledger {
    clicks = new Map();
    commissions = [];

    click(network, publisher, subid) {
        const id = randomBytes(8).toString("hex");
        this.clicks.set(id, { network, publisher, subid });
        return id;
    }

    sale(click, order, cents) {
        const { network, publisher, subid } = this.clicks.get(click);
        this.commissions.push({ network, publisher, subid, order, commission: (cents * RATES[network]) / 100 });
    }
}

function world(ledger, site) {
    const pixelOf = (parameter) => (url) => {
        const click = url.searchParams.get(parameter)?.split("_").at(-1);
        if (!ledger.clicks.has(click)) {
            return { status: 400 };
        }
        ledger.sale(click, url.searchParams.get("order"), Number(url.searchParams.get("cents")));
        return { status: 204 };
    };
    const awin = (url, request) => {
        if (url.pathname === "/sread.img") {
            return pixelOf("cks")(url, request);
        }
        const { awinmid, awinaffid, ued, clickref = "" } = single(url);
        const merchant = url.pathname === "/cread.php" && awinmid === "7890" && destination(ued, "www.outdoor.example");
        return merchant && awinaffid
            ? redirect(merchant, "awc", `${awinmid}_1_${ledger.click("awin", awinaffid, clickref)}`)
            : { status: 400 };
    };
    const cj = (url) => {
        const parts = url.href.match(/^https:\/\/[^/]+\/links\/(\d+)\/type\/dlg(?:\/sid\/([^/]+))?\/(https:\/\/.+)$/);
        const merchant = parts && destination(parts[3], "www.tents.example");
        return merchant ? redirect(merchant, "cjevent", ledger.click("cj", parts[1], parts[2])) : { status: 400 };
    };
    const pixel = (address) => (click, order, cents) => `<img alt="" src="${address}${click}&amp;order=${order}&amp;cents=${cents}">`;
    const direct = (click, order, cents) => {
        ledger.sale(click, order, cents);
        return "";
    };
    return {
        "gearlog.example": (url) => {
            const body = site(url.pathname);
            const type = url.pathname.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8";
            return body ? { body, "content-type": type } : { status: 404 };
        },
        "www.awin1.com": awin,
        "www.anrdoezrs.net": cj,
        "www.emjcd.com": pixelOf("cjevent"),
        "www.outdoor.example": merchant("awc", 30, ({ awc }) => awc, pixel("https://www.awin1.com/sread.img?tt=ns&amp;tv=2&amp;cks=")),
        "www.tents.example": merchant("cje", 45, ({ cjevent }) => cjevent, pixel("https://www.emjcd.com/u?METHOD=IMG&amp;cjevent=")),
        "www.ebay.de": merchant(
            "epn",
            1,
            ({ mkevt, mkcid, mkrid, campid, customid }) =>
                mkevt === "1" && mkcid === "1" && mkrid === EBAY_DE && /^\d{10}$/.test(campid) && ledger.click("ebay", campid, customid),
            direct,
        ),
        "www.amazon.com": merchant("session-tag", 1, ({ tag, ascsubtag }) => tag && ledger.click("amazon", tag, ascsubtag), direct),
        "www.maps.example": merchant("partner", 7, ({ partner, click }) => partner && ledger.click("maps", partner, click), direct),
    };
}

/**
 * A merchant: `arrives` says what a visitor's parameters are worth remembering, for so many days under this name, and `sold`
 * what the page of thanks holds when such a visitor has bought.
 */
function merchant(cookie, days, arrives, sold) {
    let orders = 0;
    return (url, request) => {
        const known = request.headers.cookie?.match(new RegExp(`(?:^|; )${cookie}=([^;]+)`))?.[1];
        if (request.method === "POST" && url.pathname === "/order") {
            const order = `${url.hostname}-${(orders += 1)}`;
            return { body: page(`<h1>Thank you</h1><p>Order ${order}</p>${known ? sold(known, order, PRICE) : ""}`) };
        }
        if (url.pathname === "/checkout") {
            return { body: page('<form method="post" action="/order"><button>Buy</button></form>') };
        }
        const worth = arrives(single(url));
        const attributes = `Path=/; Max-Age=${days * DAY}; Secure; HttpOnly; SameSite=Lax`;
        return {
            body: page(`<h1>${url.pathname}</h1>`),
            ...(worth && { "set-cookie": `${cookie}=${worth}; ${attributes}` }),
        };
    };
}

/** The parameters of `url` that it has once; of what is there twice, no network says which one counts. */
function single(url) {
    const names = [...new Set(url.searchParams.keys())];
    return Object.fromEntries(names.filter((name) => url.searchParams.getAll(name).length === 1).map((name) => [name, url.searchParams.get(name)]));
}

/** The URL in `text`, if it leads to the merchant that the network knows. */
function destination(text, host) {
    return URL.canParse(text) && new URL(text).hostname === host ? new URL(text) : null;
}

function redirect(merchant, parameter, value) {
    // by hand, since `searchParams` would write the merchant's own parameters anew
    const [address, fragment] = merchant.href.split("#");
    const location = `${address}${address.includes("?") ? "&" : "?"}${parameter}=${value}${fragment ? `#${fragment}` : ""}`;
    return { status: 302, location };
}

function page(body) {
    return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A shop</title>${body}</html>`;
}

function certificate() {
    const folder = mkdtempSync(join(tmpdir(), "affilink-tracking-"));
    try {
        const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
        const subject = ["-subj", "/CN=localhost", "-days", "2", "-nodes", "-keyout", key, "-out", cert];
        execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...subject], { stdio: "ignore" });
        return { key: readFileSync(key), cert: readFileSync(cert) };
    } finally {
        rmSync(folder, { recursive: true });
    }
}
