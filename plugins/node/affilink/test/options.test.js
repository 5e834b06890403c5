import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOptions } from "affilink";
import affilinkAstro from "astro-affilink";
import rehypeAffilink from "rehype-affilink";
import docusaurusAffilink from "rehype-affilink/docusaurus";
import affilinkVite from "vite-plugin-affilink";

const wrong = (given, more, without) => {
  try {
    checkOptions("some-plugin", given, more, without);
  } catch (error) {
    return error.message;
  }
  return null;
};

test("options with known names and values are taken", () => {
  assert.equal(wrong(undefined), null);
  assert.equal(wrong({}), null);
  const all = { binary: "b", config: "c", cwd: ".", findings: false, failOn: "never", manifest: undefined, log: console };
  assert.equal(wrong(all, { manifest: "string", log: "any" }), null);
});

test("a name that is none is told, with the one that is meant", () => {
  assert.match(wrong({ findngs: true }), /some-plugin: unknown option `findngs`; did you mean `findings`\?$/);
  assert.match(wrong({ fail_on: "error" }), /unknown option `fail_on`; did you mean `failOn`\?$/);
  assert.match(wrong({ colour: 1 }), /unknown option `colour`: there are `binary`, `config`, `cwd`, `findings`, `failOn`$/);
  assert.match(wrong({ cwd: "." }, {}, ["cwd"]), /unknown option `cwd`/);
});

test("a value that means nothing is told, with those that do", () => {
  const levels = 'one of "error", "warn", "info", "never"';
  assert.match(wrong({ failOn: "warning" }), new RegExp(`\`failOn\` is "warning", and has to be ${levels}`));
  assert.match(wrong({ failOn: "errors" }), new RegExp(`${levels}; did you mean "error"\\?$`));
  assert.match(wrong({ failOn: true }), /`failOn` is true, and has to be one of/);
  assert.match(wrong({ findings: "no" }), /`findings` is "no", and has to be a boolean$/);
  assert.match(wrong(["a"]), /the options are \["a"\], and have to be an object$/);
});

test("every plugin looks at its options", () => {
  const astro = { name: "astro-affilink", make: affilinkAstro };
  const rehype = { name: "rehype-affilink", make: rehypeAffilink };
  const docusaurus = { name: "rehype-affilink/docusaurus", make: (options) => docusaurusAffilink({ siteDir: "." }, options) };
  const vite = { name: "vite-plugin-affilink", make: affilinkVite };
  for (const { name, make } of [astro, rehype, docusaurus, vite]) {
    assert.throws(() => make({ configs: "x" }), new RegExp(`${name}: unknown option \`configs\`; did you mean \`config\``));
    assert.doesNotThrow(() => make({ config: "x" }));
  }
});
