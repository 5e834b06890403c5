#!/usr/bin/env node
// Hands everything over to the program, so that `npx affilink` and package scripts run it.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { findBinary } from "../lib/binary.js";

const GUARD = "AFFILINK_NPM_LAUNCHER";

function fail(message) {
  console.error(message);
  process.exit(2);
}

if (process.env[GUARD]) fail("affilink: the program was not found: the `affilink` on PATH is this launcher again");

let program;
try {
  program = findBinary();
} catch (error) {
  fail(error.message);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit", env: { ...process.env, [GUARD]: "1" } });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`affilink: \`${program}\` could not be run: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
