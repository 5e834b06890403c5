// Hexo reads plugins as CommonJS, in a function with `hexo` in reach.
"use strict";

/* global hexo */
require("./lib/filter.js")(hexo, hexo.config.affilink ?? {});
