import assert from "node:assert/strict";
import { test } from "node:test";
import { shared, switchIn, switchText, withSwitch } from "affilink";
import { siteFolder } from "../../support.js";

const OFF = '<meta name="affilink" content="false">';

test("the switch comes into the head, behind the encoding, and where there is none before the content", () => {
  const cases = [
    ["<!doctype html><html><head><title>x</title></head>", `<!doctype html><html><head>${OFF}<title>x</title></head>`],
    ['\n<HTML lang="a>b">\n<HEAD data-a=\'>\'>\n<meta charset="utf-8"><x>', `\n<HTML lang="a>b">\n<HEAD data-a='>'>\n<meta charset="utf-8">${OFF}<x>`],
    ["<!-- <head> --><!doctype html>\n<title>x</title>", `<!-- <head> --><!doctype html>${OFF}\n<title>x</title>`],
    ["\ufeff<!doctype html><header>x</header>", `\ufeff<!doctype html>${OFF}<header>x</header>`],
    ["<p>x</p>", `${OFF}<p>x</p>`],
    ["", OFF],
    // never before the doctype: the page would be one of old browsers
    ['<?xml version="1.0"?><!DOCTYPE html><html><body>', `<?xml version="1.0"?><!DOCTYPE html><html>${OFF}<body>`],
  ];
  for (const [before, after] of cases) assert.equal(withSwitch(before, "false"), after);
});

test("a page that says it by itself, or whose source says nothing, stays as it is", () => {
  const said = "<head><meta content='true' name=affilink></head>";
  assert.equal(withSwitch(said, "false"), said);
  assert.equal(withSwitch("<head>", switchText(undefined)), "<head>");
  assert.equal(withSwitch("<head>", switchText(null)), "<head>");
  const commented = `<head><!-- ${OFF} --></head>`;
  assert.equal(withSwitch(commented, "false"), `<head>${OFF}<!-- ${OFF} --></head>`);
  assert.equal(withSwitch('<head><meta name="affilinks">', "false"), `<head>${OFF}<meta name="affilinks">`);
});

test("the program reads what was said", async () => {
  const client = shared({ cwd: siteFolder() });
  const page = (text) => {
    const html = "<html><head></head><body><article><p>The Kindle Paperwhite, in a case.</p></article></body></html>";
    return client.page({ path: "a.html", text: withSwitch(html, text) });
  };
  assert.equal((await page(null)).changed, true);
  for (const value of [false, { mentions: false }, { skip: ["Kindle Paperwhite"], reason: '"<&>" {{ x }}' }]) {
    assert.equal((await page(switchText(value))).outcome, "same", JSON.stringify(value));
  }
  const written = ["affilink: false", "affilink:\n  mentions: false # names stay", 'affilink: # of this page\n  # why\n\n  skip:\n    - "Kindle Paperwhite"', "affilink: {skip: [\n  Kindle Paperwhite\n]}", "'affilink': {mentions: false}"];
  for (const said of written) {
    const source = `---\r\ntitle: x\n${said}\nlang: en\n---\naffilink: nothing`;
    assert.equal((await page(switchIn(source))).outcome, "same", said);
  }
  assert.equal((await page(switchIn("---\naffilink: {kindd: 1}\n---\n"))).outcome, "refused");
});

test("only front matter's own key counts", () => {
  const cases = ["", "affilink: false", "---\n---\naffilink: false\n---\n", "---\na:\n  affilink: false\n---\n", "---\naffilink:\n---\n", "---\naffilinks: 1\n---\n", "x\n---\naffilink: false\n---\n", "---\naffilink: false\n"];
  for (const source of cases) assert.equal(switchIn(source), null, source);
  assert.equal(switchIn("\ufeff---\naffilink: false\n---"), "false");
});

test("hostile pages take no time", () => {
  const began = performance.now();
  for (const part of ["<!--", "<meta ", "<head ", '<html "', "<meta name=", "<!--<meta ", "---\n", " \n"]) {
    withSwitch(part.repeat(200_000), "false");
    switchIn(`---\n${part.repeat(200_000)}`);
  }
  assert.ok(performance.now() - began < 3000);
});
