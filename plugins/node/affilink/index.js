export { findBinary, platformPackage } from "./lib/binary.js";
export { findConfig } from "./lib/config.js";
export { connect, shared } from "./lib/client.js";
export { AffilinkError } from "./lib/error.js";
export { checkOptions } from "./lib/options.js";
export { markdownFormat, reporter, skipReason } from "./lib/pages.js";
export { printFindings, printable, reachesLevel } from "./lib/report.js";
export { build, check, preflight } from "./lib/run.js";
export { site } from "./lib/site.js";
