import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { findBinary } from "./binary.js";
import { AffilinkError } from "./error.js";
import { eachLine } from "./lines.js";
import { spawnFailure } from "./run.js";

/** How much of what the program says of an error is kept, in characters. */
const MAX_STDERR = 20_000;

/**
 * A connection to one process of the program that answers pages in the order they were asked. The process starts with the
 * first page, does not keep the host alive, and ends with it.
 *
 * @param {import("../index.js").ConnectOptions} [options]
 */
export function connect(options) {
  return new Client(options);
}

/** @type {Map<string, Client>} */
const clients = new Map();

/**
 * The connection for these options: the same one for all who ask with the same ones, since hosts make a plugin anew for
 * each kind of page.
 *
 * @param {import("../index.js").ConnectOptions} [options]
 */
export function shared(options = {}) {
  const { binary, config, cwd = process.cwd(), failOn } = options;
  const key = JSON.stringify([binary, config, resolve(cwd), failOn]);
  let client = clients.get(key);
  if (!client) clients.set(key, (client = connect(options)));
  return client;
}

class Client {
  #options;
  #running = null;

  constructor({ binary, config, cwd = process.cwd(), failOn } = {}) {
    this.#options = { binary, config, cwd: resolve(cwd), failOn };
  }

  /** Rewrites a page, or a part of one. */
  page({ path, text, format, source, frontMatter, findings }) {
    return this.#ask({ path, text, format, source, front_matter: frontMatter, findings });
  }

  /** Ends the process when it has answered; the next page starts another one, which reads the configuration anew. */
  async close() {
    const running = this.#running;
    this.#running = null;
    return running ? running.end() : null;
  }

  #ask(request) {
    if (!this.#running || this.#running.ended) this.#running = new Running(this.#options);
    return this.#running.ask(request);
  }
}

/** One process and the questions it has not answered. */
class Running {
  ended = false;
  #child;
  #program;
  #waiting = [];
  #stderr = "";
  #exit;

  constructor({ binary, config, cwd, failOn }) {
    this.#program = findBinary({ binary, cwd });
    const args = ["filter", "--serve", ...(failOn ? ["--fail-on", failOn] : []), ...(config ? ["--config", config] : [])];
    this.#child = spawn(this.#program, args, { cwd, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    this.#exit = new Promise((done) => {
      this.#child.on("error", (error) => done(this.#fail(spawnFailure(this.#program, cwd, error))));
      this.#child.on("close", (code, signal) => done(this.#closed(code, signal)));
    });
    eachLine(this.#child.stdout, (line) => this.#answer(line));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#stderr = (this.#stderr + text).slice(0, MAX_STDERR);
    });
    // a process that is gone is told of by its end
    this.#child.stdin.on("error", () => {});
    this.#hold(false);
  }

  ask(request) {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#hold(true);
      this.#waiting.push({ resolve, reject, path: request.path });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  end() {
    this.ended = true;
    this.#child.ref();
    this.#child.stdin.end();
    return this.#exit;
  }

  #answer(line) {
    const asked = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#hold(false);
    let answer;
    try {
      answer = JSON.parse(line);
    } catch (cause) {
      const error = new AffilinkError(`\`${this.#program}\` gave an answer that is no JSON: is it affilink?`, { cause });
      asked?.reject(error);
      this.#fail(error);
      this.#child.kill();
      return;
    }
    asked?.resolve(answer);
  }

  #closed(code, signal) {
    const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const told = this.#stderr.trim();
    const pages = this.#waiting.map(({ path }) => `\`${path}\``);
    const left = pages.length > 1 ? `${pages[0]} and ${pages.length - 1} more pages` : (pages[0] ?? "its pages");
    this.#fail(new AffilinkError(told ? explained(told) : `the program ${end} before it answered for ${left}`, { exitCode: code }));
    return code;
  }

  #fail(error) {
    this.ended = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    return error.exitCode;
  }

  /** Whether the host stays alive for this process: only while it owes an answer. */
  #hold(wanted) {
    const call = wanted ? "ref" : "unref";
    for (const handle of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) handle[call]?.();
  }
}

/** What the program says when it cannot begin, for the host's log. */
function explained(told) {
  if (told.includes("--serve")) return `the program is too old for this plugin; update it. It said: ${told}`;
  return told.replace(/^error: /, "");
}
