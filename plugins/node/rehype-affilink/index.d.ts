import type { Log, PluginOptions } from "affilink";
import type { Root } from "hast";
import type { VFile } from "vfile";

export interface Options extends PluginOptions {
  /** Attributes of MDX components that hold links, such as `{LinkCard: ["href"]}`. */
  components?: Record<string, string[]>;
  /** Where findings are printed, since most hosts print none; `false` for nowhere. Default: `console`. */
  log?: Log | false;
}

/** Turns merchant links and products' names into affiliate links, and adds `rel` and the notice. */
export default function rehypeAffilink(options?: Options): (tree: Root, file: VFile) => Promise<void>;
