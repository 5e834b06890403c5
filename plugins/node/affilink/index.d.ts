/** How grave a finding is. */
export type Level = "error" | "warn" | "info";

/** The level from which on findings fail the host's build. */
export type FailOn = Level | "never";

/** Where the program is, and what it goes by. */
export interface RunOptions {
  /** The program; otherwise `AFFILINK_BIN`, the platform's package, or `PATH` say where it is. */
  binary?: string;
  /** The configuration; otherwise `AFFILINK_CONFIG`, or `affiliates.yaml` in `cwd` or a folder above. */
  config?: string;
  /** The site's root, which page names and findings are relative to. Default: the working directory. */
  cwd?: string;
  /** More arguments for the program. */
  args?: string[];
}

/** Options that every plugin has. */
export interface PluginOptions extends Pick<RunOptions, "binary" | "config" | "cwd"> {
  /** Whether the linter looks at the pages, and the host's log shows what it found. Default: `true`. */
  findings?: boolean;
  /** The level from which on findings fail the host's build. Default: `"never"`. */
  failOn?: FailOn;
}

/** Where a plugin writes to. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** What a rule of the linter reports. Lines and columns begin at 1, columns count code points, ends are exclusive. */
export interface Finding {
  rule: string;
  level: Level;
  path: string;
  line?: number | null;
  column?: number | null;
  end_line?: number | null;
  end_column?: number | null;
  message: string;
  help?: string | null;
  fixable?: boolean;
}

/** Something for the host's log that is no rule's finding. */
export interface Message {
  level: Level;
  path: string;
  line: number | null;
  column: number | null;
  message: string;
}

/** What an error between a plugin and the program is. */
export class AffilinkError extends Error {
  /** The program's exit code, where it ended. */
  exitCode: number | null;
}

/** The path of the program: option, `AFFILINK_BIN`, the platform's package, `PATH`. Throws when there is none. */
export function findBinary(options?: { binary?: string; cwd?: string; env?: NodeJS.ProcessEnv }): string;

/** The path of the configuration that the program will read; `null` where there is none. */
export function findConfig(options?: { config?: string; cwd?: string; env?: NodeJS.ProcessEnv }): string | null;

/** The name of the package that holds the program for a platform; `null` where none is made. */
export function platformPackage(platform?: NodeJS.Platform, arch?: NodeJS.Architecture): string | null;

export interface ConnectOptions extends Pick<RunOptions, "binary" | "config" | "cwd"> {
  /** What makes an answer say `fail`. Default: the configuration's `lint.fail_on`. */
  failOn?: FailOn;
}

export interface PageRequest {
  /** The page's name: globs match it, and its ending says its format. */
  path: string;
  /** The whole page, or its body, as the host has it. */
  text: string;
  /** Wins over the ending of `path`. */
  format?: "markdown" | "mdx" | "html";
  /** The user's file, relative to `cwd`, which findings point into. */
  source?: string;
  /** What the host cut off Markdown: `affilink`, `lang`, `language` and `locale` count. */
  frontMatter?: Record<string, unknown>;
  /** Whether the linter looks at it. */
  findings?: boolean;
}

export interface Answer {
  path: string;
  outcome: "same" | "edited" | "skipped" | "refused" | "error";
  changed: boolean;
  /** `null` unless `changed`. */
  text: string | null;
  reason: string | null;
  /** Whether the host's build should fail. */
  fail: boolean;
  findings: Finding[];
  messages: Message[];
}

/** One process of the program, which answers pages in the order they were asked. */
export interface Client {
  page(request: PageRequest): Promise<Answer>;
  /** Ends the process; resolves to its exit code. The next page starts another, which reads the configuration anew. */
  close(): Promise<number | null>;
}

/** Connects to a process of its own. */
export function connect(options?: ConnectOptions): Client;

/** The connection that all who ask with the same options share. */
export function shared(options?: ConnectOptions): Client;

export interface BuildOptions extends RunOptions {
  /** Where every decision is recorded, as JSON Lines. */
  manifest?: string;
}

export interface BuildResult {
  /** 0, or 1 where links of an ended program are left that cannot be rewritten. */
  exitCode: number;
  /** What was done, line by line. */
  summary: string[];
  /** What was not, and how many files there were, line by line. */
  notes: string[];
}

/** Rewrites the pages of a folder where they are, in one run of the program. */
export function build(folder: string, options?: BuildOptions): Promise<BuildResult>;

/** The linter's findings about pages, judged as a build will write them. */
export function check(
  paths: string[],
  options?: RunOptions,
): Promise<{ version: number; findings: Finding[]; summary: { pages: number; findings: number; errors: number; warnings: number } }>;

/** Throws when the program is missing or the configuration is broken. */
export function preflight(options?: RunOptions): Promise<void>;

export interface SiteOptions extends PluginOptions {
  /** Where every decision about the built pages is recorded, as JSON Lines. */
  manifest?: string;
}

/** What a plugin does around its host's build. */
export interface Site {
  /** Before the host's build: `sources` are the folders of its pages. */
  before(sources: string[], options?: { exclude?: string[] }): Promise<void>;
  /**
   * An HTML page that the host is about to write, rewritten: `path` is its name from the output folder, `said` what its source
   * says of affilink (`switchText`, `switchIn`), `source` the source's own name, for the messages. Never throws: what is wrong
   * with it is told by `settle`.
   */
  page(path: string, html: string, said?: string | null, source?: string | null): Promise<string>;
  /** Once the host has written what `page` rewrote: says what was done. Throws when a page was refused. */
  settle(log: Log): void;
  /**
   * The pages that the host has written below `folder`, rewritten one by one and told of, which takes less time than `rewrite`.
   * `read` gives what a page is to be before that, and what its source says. Throws when one was refused.
   */
  files(
    folder: string,
    names: string[],
    log: Log,
    read?: (name: string, html: string) => { html: string; said: string | null },
  ): Promise<void>;
  /** Rewrites the pages of the output folder. Throws when one was refused. */
  rewrite(folder: string, log: Log): Promise<void>;
  /**
   * Prints what the linter found in the sources that are published, by their full paths: all of them unless told. Throws when a
   * finding of theirs reaches `failOn`.
   */
  judge(log: Log, published?: (source: string) => boolean): Promise<void>;
}

/** The text for a page's switch that stands for a value of front matter's key `affilink`; `null` where it says nothing. */
export function switchText(value: unknown): string | null;

/** What a source's YAML front matter says under `affilink`, as it is written there; `null` where it says nothing. */
export function switchIn(source: string): string | null;

/** A built page with `<meta name="affilink">` in its head, where its source says something that the page does not. */
export function withSwitch(html: string, text: string | null): string;

export function site(options?: SiteOptions): Site;

/**
 * Throws where a plugin's options hold a name or a value that means nothing. `more` are those beside `PluginOptions`, each with
 * the name of its type, its values, or `"any"`; `without` are those of `PluginOptions` that the plugin does not have.
 */
export function checkOptions(
  plugin: string,
  given: object | null | undefined,
  more?: Record<string, string | string[]>,
  without?: (keyof PluginOptions)[],
): void;

/** The format of a Markdown page by its name's ending; `null` for every other file. */
export function markdownFormat(path: string): "markdown" | "mdx" | null;

/** Why a page was passed over; `null` where it was not, or where the configuration excludes it. */
export function skipReason(answer: Answer): string | null;

/** Says in a host's log what was found on pages, each thing once. */
export interface Reporter {
  warn(path: string, message: string): void;
  /** An answer's messages. Throws when the page was refused and the build should fail. */
  answered(path: string, answer: Answer): void;
  /** The linter's findings. Throws when one reaches `failOn`. */
  found(path: string, findings: Finding[]): void;
}

/** `told` holds what was said already; reporters may share it. */
export function reporter(options: { log: Log | null; failOn?: FailOn; told?: Set<string> }): Reporter;

/** Whether a finding of this level reaches the level that a build fails on. */
export function reachesLevel(level: Level, failOn: FailOn): boolean;

/** Prints findings, the gravest first, at most twenty; returns whether one reaches `failOn`. */
export function printFindings(findings: Finding[], log: Log, failOn?: FailOn): boolean;

/** A built page's name, with the file that its author has to mend, where that is known. */
export function madeOf(path: string, source?: string | null): string;

/** Text without what would steer a terminal. */
export function printable(text: string): string;
