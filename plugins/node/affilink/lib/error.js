/** What went wrong between a plugin and the program: its message is made for the host's log, without a stack. */
export class AffilinkError extends Error {
  /** @param {string} message @param {{exitCode?: number | null, cause?: unknown}} [details] */
  constructor(message, { exitCode = null, cause } = {}) {
    super(`affilink: ${message}`, cause === undefined ? undefined : { cause });
    this.name = "AffilinkError";
    this.exitCode = exitCode;
    // hosts print the stack: where in a plugin it was noticed helps nobody to mend a configuration
    this.stack = this.message;
  }
}
