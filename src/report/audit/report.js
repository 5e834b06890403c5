"use strict";
// The report: data in, elements out. Text of pages gets into the document as text only, never as markup.
(() => {
  // what cannot be seen, or turns the text around it, is written out
  const FORGING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  const written = (text) => text.replace(FORGING, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
  const data = JSON.parse(document.getElementById("data").textContent, (_, value) => typeof value === "string" ? written(value) : value);
  const PER_PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en-US");
  const tenth = (value) => value.toFixed(1);
  const percent = (part, whole) => {
    if (!whole) return "–";
    const share = (100 * part) / whole;
    if (share > 0 && share < 1) return "<1 %";
    return `${Math.min(Math.round(share), part < whole ? 99 : 100)} %`;
  };
  const many = (count, what) => `${number(count)} ${what}${count === 1 ? "" : "s"}`;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }
  /** `text` with what stands between backticks as code. */
  const prose = (text) => text.split("`").map((part, at, all) => at % 2 && at < all.length - 1 ? element("code", {}, part) : part);
  const SVG = "http://www.w3.org/2000/svg";
  function drawn(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  // ---- the theme: as the system has it, unless somebody chose
  const THEMES = ["auto", "light", "dark"];
  function theme(chosen) {
    const root = document.documentElement;
    if (chosen === "auto") root.removeAttribute("data-theme");
    else root.dataset.theme = chosen;
    byId("theme").textContent = `Colours: ${chosen}`;
    byId("theme").dataset.chosen = chosen;
  }
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(byId("theme").dataset.chosen) + 1) % THEMES.length];
    theme(next);
    try { localStorage.setItem("affilink-theme", next); } catch { /* pages opened from a disk may not have any */ }
  });
  let kept = null;
  try { kept = localStorage.getItem("affilink-theme"); } catch { /* likewise */ }
  theme(THEMES.includes(kept) ? kept : "auto");

  // ---- the head
  const site = data.site;
  byId("site").textContent = site.name.replace(/^https?:\/\//, "");
  byId("when").textContent = `${many(site.pages, "page")}, ${many(site.words, "word")}${site.drafts ? `, ${many(site.drafts, "draft")} left out of all totals` : ""}. Counted on ${site.date}.`;
  byId("made").textContent = `Made by affilink ${data.version}. This file asks for nothing from anywhere. ${site.configured
    ? "What a build makes of a link is planned, not proven."
    : "There was no affiliates.yaml: whatever credits somebody counts as foreign."}`;

  const paid = site.built === null ? site.affiliate : site.built;
  const differ = paid !== site.affiliate;
  const afterBuild = site.built === null ? "" : ", after a build";
  const [own, foreign, nobody] = site.merchant_links;
  const merchantLinks = own + foreign + nobody;
  const figures = [
    ["Paid links", number(paid), differ ? `after a build; ${number(site.affiliate)} as it stands` : "affiliate links in the content"],
    ["Per 1,000 words", tenth(site.built_density ?? site.density), `${differ ? `after a build; ${tenth(site.density)} as it stands; ` : ""}${many(site.dense, "page")} over the limit`],
    ["Pages with paid links", number(site.paid_pages), `${percent(site.paid_pages, site.pages)} of all`],
    ["Links to merchants", number(merchantLinks), `${percent(own, merchantLinks)} earn you something`],
    ["Without a notice", number(site.undisclosed), "pages with affiliate links"],
    ["rel coverage", percent(site.rel[0], site.rel[1]), `${number(site.rel[0])} of ${number(site.rel[1])} tags`],
    ["Sub-IDs", percent(site.subids[0], site.subids[1]), site.subids[1] ? `${number(site.subids[0])} of ${number(site.subids[1])} own links` : "no own link has a place for one"],
    ["Findings", number(site.findings), site.findings ? many(site.errors, "error") : "none"],
  ];
  byId("figures").append(...figures.map(([label, big, small]) =>
    element("div", {}, element("dt", {}, label), element("dd", { class: "big" }, big), element("dd", { class: "small" }, small))));
  if (data.notes.length) {
    byId("notes").hidden = false;
    byId("notes").querySelector("ul").append(...data.notes.map((note) => element("li", {}, prose(note))));
  }

  // ---- charts: drawn anew for the width there is, so that their text keeps its size
  const charts = [];
  function chart(title, about, label, draw) {
    const image = drawn("svg", { role: "img", "aria-label": label });
    const figure = element("figure", {}, element("figcaption", {}, title, element("span", {}, about)), image);
    byId("charts").append(figure);
    charts.push(() => {
      const width = Math.max(image.parentElement.clientWidth - 32, 200);
      image.replaceChildren();
      const height = draw(image, width);
      image.setAttribute("viewBox", `0 0 ${width} ${height}`);
      image.setAttribute("height", height);
    });
    return image;
  }
  const text = (x, y, value, attributes = {}) => {
    const made = drawn("text", { x, y, ...attributes });
    made.textContent = value;
    return made;
  };
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = "12px system-ui, sans-serif";
  /** `value` cut in its middle to `width` pixels. */
  function fitted(value, width) {
    if (measure.measureText(value).width <= width) return value;
    let keep = value.length;
    while (keep > 4) {
      keep -= 1;
      const tail = Math.ceil(keep * 0.65);
      const cut = `${value.slice(0, keep - tail)}…${value.slice(-tail)}`;
      if (measure.measureText(cut).width <= width) return cut;
    }
    return "…";
  }

  const classes = site.distribution;
  chart("How dense pages are", `pages by affiliate links per 1,000 words${afterBuild}`,
    `Pages by affiliate links per 1,000 words${afterBuild}: ${classes.map(([name, pages]) => `${name}: ${pages}`).join(", ")}`,
    (image, width) => {
      const height = 210, bottom = 176, most = Math.max(1, ...classes.map(([, pages]) => pages));
      const step = width / classes.length;
      classes.forEach(([name, pages, over], at) => {
        const tall = pages ? Math.max(2, (pages / most) * (bottom - 22)) : 0;
        image.append(drawn("rect", { class: over ? "over" : at ? "bar" : "dim", x: at * step + 3, y: bottom - tall, width: step - 6, height: tall, rx: 2 }));
        image.append(text(at * step + step / 2, bottom - tall - 6, number(pages), { "text-anchor": "middle" }));
        image.append(text(at * step + step / 2, bottom + 18, step < 46 ? name.replace(" to ", "–").replace("over ", ">") : name, { "text-anchor": "middle", class: "soft" }));
      });
      image.append(drawn("line", { class: "axis", x1: 0, x2: width, y1: bottom + 0.5, y2: bottom + 0.5 }));
      return height;
    });

  chart("What links to merchants earn", "all links, wherever they stand on a page",
    `Of ${merchantLinks} links to merchants ${own} earn you something, ${foreign} somebody else, ${nobody} nobody`,
    (image, width) => {
      const parts = [["own", site.configured && site.built !== null ? "you, after a build" : "you", own], ["foreign", "somebody else", foreign], ["nobody", "nobody", nobody]];
      let x = 0;
      for (const [kind, , count] of parts) {
        const wide = merchantLinks ? (count / merchantLinks) * width : 0;
        if (wide > 0) image.append(drawn("rect", { class: kind, x, y: 8, width: Math.max(wide - 2, 1), height: 34, rx: 3 }));
        x += wide;
      }
      if (!merchantLinks) image.append(text(0, 30, "no link to a merchant", { class: "soft" }));
      parts.forEach(([kind, name, count], at) => {
        const y = 74 + at * 26;
        image.append(drawn("rect", { class: kind, x: 0, y: y - 10, width: 12, height: 12, rx: 2 }));
        image.append(text(20, y, name), text(width, y, `${number(count)}  ·  ${percent(count, merchantLinks)}`, { "text-anchor": "end" }));
      });
      return 146;
    });

  /** Bars from left to right: name, figure, its words, kind, what a click does. */
  function bars(title, about, rows, nothing) {
    chart(title, about, rows.length ? `${title}: ${rows.map(([name, , words]) => `${name}: ${words}`).join(", ")}` : nothing, (image, width) => {
      if (!rows.length) {
        image.append(text(0, 20, nothing, { class: "soft" }));
        return 40;
      }
      const most = Math.max(...rows.map(([, value]) => value), 1e-9);
      rows.forEach(([name, value, words, kind], at) => {
        const y = at * 34;
        image.append(text(0, y + 12, fitted(name, width - measure.measureText(words).width - 16)), text(width, y + 12, words, { "text-anchor": "end", class: "soft" }));
        image.append(drawn("rect", { class: kind, x: 0, y: y + 18, width: Math.max((value / most) * width, 1), height: 7, rx: 2 }));
      });
      return rows.length * 34;
    });
  }
  bars("Who is credited", "affiliate links by program, partner or network",
    data.payers.map(([name, links, kind]) => [name, links, number(links), kind]), "no affiliate link");
  // [path, flags, language, words, links, affiliate, external, internal, density that counts, paid, text share, first, notice, rel places, rel covered, errors, warnings, infos, density as it stands]
  const P = { path: 0, flags: 1, language: 2, words: 3, links: 4, affiliate: 5, external: 6, internal: 7, density: 8, paid: 9, text: 10, first: 11, notice: 12, relPlaces: 13, relCovered: 14, errors: 15, warnings: 16, infos: 17, stands: 18 };
  const ROUNDUP = 1, DRAFT = 2, DISCLOSED = 4, DENSE = 8, ONE_PAYER = 16, TO_COME = 32, UNDISCLOSED = 64;
  const pages = data.pages;
  bars("The densest pages", `affiliate links per 1,000 words${afterBuild}`,
    pages.slice(0, 8).filter((page) => page[P.paid] > 0).map((page) => [page[P.path], page[P.density], tenth(page[P.density]), page[P.flags] & DENSE ? "over" : "bar"]), "no page has an affiliate link");
  let drawing = 0;
  const redraw = () => charts.forEach((draw) => draw());
  redraw();
  new ResizeObserver(() => { cancelAnimationFrame(drawing); drawing = requestAnimationFrame(redraw); }).observe(byId("charts"));

  // ---- tables: sorted, filtered and paged; only what is seen is in the document
  function table(id, { columns, rows, filters = [], placeholder, searched, inside, more, sort }) {
    // without an order of its own it keeps the one that the rows come in: the worst first
    const state = { column: sort ? sort[0] : -1, down: Boolean(sort && sort[1]), at: 0, open: new Set() };
    const search = element("input", { type: "search", placeholder, "aria-label": placeholder, autocomplete: "off" });
    const selects = filters.map(({ label, options }) => element("select", { "aria-label": label }, options.map(([name], at) => element("option", { value: at }, name))));
    const count = element("span", { class: "count", role: "status" });
    const heads = columns.map((column, at) => element("th", { scope: "col", role: "columnheader", class: column.n ? "n" : null },
      column.value ? element("button", { type: "button", title: column.about, on: { click: () => order(at) } }, column.name) : element("span", {}, column.name)));
    const body = element("tbody", { role: "rowgroup" });
    const place = element("span", {});
    const back = element("button", { type: "button", on: { click: () => turn(-1) } }, "Previous");
    const next = element("button", { type: "button", on: { click: () => turn(1) } }, "Next");
    const pager = element("div", { class: "pager" }, back, next, place);
    const sheet = element("div", { class: "sheet" }, element("table", { role: "table", "aria-labelledby": `h-${id}` },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, heads)), body));
    byId(id).append(element("div", { class: "tools" }, search, selects, count), sheet, pager, more ? element("p", { class: "more" }, more) : "");
    let seen = rows;

    function order(column) {
      state.down = state.column === column ? !state.down : Boolean(columns[column].n);
      state.column = column;
      state.at = 0;
      pick();
    }
    function turn(by) {
      state.at += by;
      show();
      sheet.scrollIntoView({ block: "nearest" });
    }
    function pick() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const tests = filters.map(({ options }, at) => options[selects[at].value][1]).filter(Boolean);
      seen = rows.filter((row) => tests.every((test) => test(row)) && words.every((word) => searched(row).includes(word)));
      if (state.column < 0) return show();
      const { value } = columns[state.column];
      const sign = state.down ? -1 : 1;
      // what has no figure comes last, whichever way
      seen.sort((one, other) => {
        const [a, b] = [value(one), value(other)];
        if (a === b) return 0;
        if (a === null) return 1;
        if (b === null) return -1;
        return sign * (typeof a === "string" ? a.localeCompare(b, "en") : a - b);
      });
      show();
    }
    function show() {
      heads.forEach((head, at) => head.setAttribute("aria-sort", at === state.column ? (state.down ? "descending" : "ascending") : "none"));
      const first = state.at * PER_PAGE;
      const part = seen.slice(first, first + PER_PAGE);
      body.replaceChildren(...part.flatMap(lines));
      if (!part.length) body.append(element("tr", { role: "row" }, element("td", { role: "cell", class: "nothing", colspan: columns.length }, rows.length ? "Nothing here fits the filter." : "None.")));
      count.textContent = seen.length === rows.length ? number(rows.length) : `${number(seen.length)} of ${number(rows.length)}`;
      pager.hidden = seen.length <= PER_PAGE;
      place.textContent = `${number(first + 1)} to ${number(first + part.length)} of ${number(seen.length)}`;
      back.disabled = state.at === 0;
      next.disabled = first + PER_PAGE >= seen.length;
    }
    function lines(row) {
      const line = element("tr", { role: "row" }, columns.map((column) => {
        const cell = column.show(row);
        return element("td", { role: "cell", class: [column.n ? "n" : "", column.kind || ""].join(" ").trim() || null, "data-label": column.n || column.named ? column.name : null }, cell);
      }));
      const opener = line.querySelector(".open");
      if (!opener) return [line];
      const toggle = (open) => {
        opener.setAttribute("aria-expanded", String(open));
        if (open) {
          state.open.add(row);
          line.after(element("tr", { role: "row", class: "inside" }, element("td", { role: "cell", colspan: columns.length }, inside(row))));
        } else {
          state.open.delete(row);
          line.nextElementSibling.remove();
        }
      };
      opener.addEventListener("click", () => toggle(!state.open.has(row)));
      if (!state.open.has(row)) return [line];
      opener.setAttribute("aria-expanded", "true");
      return [line, element("tr", { role: "row", class: "inside" }, element("td", { role: "cell", colspan: columns.length }, inside(row)))];
    }
    search.addEventListener("input", () => { state.at = 0; pick(); });
    for (const select of selects) select.addEventListener("change", () => { state.at = 0; pick(); });
    pick();
  }

  const linksOf = new Map(data.links);
  const findingsOf = new Map();
  for (const finding of data.findings) {
    if (!findingsOf.has(finding[0])) findingsOf.set(finding[0], []);
    findingsOf.get(finding[0]).push(finding);
  }
  const indexOf = new Map(pages.map((page, at) => [page, at]));
  // of one language alone nothing is to be said
  const languages = new Set(pages.map((page) => page[P.language])).size;
  const tags = (page) => [
    page[P.flags] & ROUNDUP && element("span", { class: "tag" }, "roundup"),
    page[P.flags] & DRAFT && element("span", { class: "tag" }, "draft"),
    page[P.language] && languages > 1 && element("span", { class: "tag", title: "language" }, page[P.language]),
  ].filter(Boolean);
  const LEVELS = ["error", "warning", "info"];

  /** A link's credit in words. */
  function credited([, , , , , credit, program, network, publisher]) {
    const whom = [program || network, publisher].filter(Boolean).join(" ");
    return { own: `own, ${whom}`, partner: `partner, ${whom}`, foreign: `foreign, ${whom}`, unknown: `unknown, ${whom}`, none: "nobody" }[credit];
  }
  function openPage(page) {
    const index = indexOf.get(page);
    const parts = [];
    const links = linksOf.get(index);
    if (links) {
      const head = ["Line", "Link", "Credits", "What a build makes of it"].slice(0, site.configured ? 4 : 3);
      parts.push(element("h3", {}, `${many(links.length, "link")} to merchants and programs`));
      parts.push(element("table", { role: "table" }, element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, head.map((name) => element("th", { scope: "col", role: "columnheader" }, name)))),
        element("tbody", { role: "rowgroup" }, links.map((link) => {
          const [line, column, area, label, url] = link;
          const [action, sentence, result] = link.slice(9);
          const where = { value: "in front matter, a shortcode or a component", outside: "outside the content" }[area];
          return element("tr", { role: "row" },
            element("td", { role: "cell", class: "n", "data-label": "Line" }, `${line}:${column}`),
            element("td", { role: "cell" }, label ? element("div", {}, label) : "", element("div", { class: "url" }, url), where ? element("div", { class: "soft" }, where) : ""),
            element("td", { role: "cell", "data-label": "Credits" }, credited(link)),
            site.configured ? element("td", { role: "cell" }, action ? element("div", {}, `${action}: `, prose(sentence)) : element("span", { class: "soft" }, "stays"), result ? element("div", { class: "url" }, `→ ${result}`) : "") : "");
        }))));
    }
    const findings = findingsOf.get(index) || [];
    if (findings.length) {
      parts.push(element("h3", {}, many(findings.length, "finding")));
      parts.push(element("table", { role: "table" }, element("tbody", { role: "rowgroup" }, findings.map(([, line, column, level, rule, message]) =>
        element("tr", { role: "row" }, element("td", { role: "cell", class: "n" }, `${line}:${column}`), element("td", { role: "cell", class: level ? (level === 1 ? "warm" : "soft") : "hot" }, LEVELS[level]), element("td", { role: "cell" }, element("code", {}, rule)), element("td", { role: "cell" }, prose(message)))))));
    }
    return parts;
  }
  const canOpen = (page) => linksOf.has(indexOf.get(page)) || findingsOf.has(indexOf.get(page));

  table("pages", {
    placeholder: "Filter pages by path",
    searched: (page) => page[P.path].toLowerCase(),
    inside: openPage,
    rows: pages.slice(),
    filters: [{
      label: "Which pages",
      options: [
        ["All pages", null],
        ["With paid links", (page) => page[P.paid] > 0],
        ["Over the limit", (page) => page[P.flags] & DENSE],
        ["Over the limit, all of one program", (page) => page[P.flags] & ONE_PAYER],
        ["Paid links, no notice", (page) => page[P.flags] & UNDISCLOSED],
        ["Roundups", (page) => page[P.flags] & ROUNDUP],
        ["Drafts", (page) => page[P.flags] & DRAFT],
        ["With findings", (page) => page[P.errors] + page[P.warnings] + page[P.infos] > 0],
      ],
    }],
    columns: [
      { name: "Page", kind: "path", value: (page) => page[P.path], show: (page) => [canOpen(page) ? element("button", { type: "button", class: "open", "aria-expanded": "false" }, page[P.path]) : element("span", { class: "closed" }, page[P.path]), ...tags(page)] },
      { name: "Per 1,000", about: "affiliate links per 1,000 words", n: true, value: (page) => page[P.density], show: (page) => {
        const density = tenth(page[P.stands]) === tenth(page[P.density]) ? tenth(page[P.density]) : `${tenth(page[P.stands])} → ${tenth(page[P.density])}`;
        return page[P.flags] & DENSE ? element("span", { class: "hot" }, density) : density;
      } },
      { name: "Paid", about: "affiliate links in the content", n: true, value: (page) => page[P.paid], show: (page) => page[P.paid] === page[P.affiliate] ? number(page[P.paid]) : `${number(page[P.affiliate])} → ${number(page[P.paid])}` },
      { name: "External", n: true, value: (page) => page[P.external], show: (page) => number(page[P.external]) },
      { name: "Words", n: true, value: (page) => page[P.words], show: (page) => number(page[P.words]) },
      { name: "Link text", about: "share of the text that is text of affiliate links", n: true, value: (page) => page[P.text], show: (page) => percent(page[P.text], 1000) },
      { name: "First link", about: "words before the first affiliate link", n: true, value: (page) => page[P.first], show: (page) => page[P.first] === null ? "" : number(page[P.first]) },
      { name: "Notice", about: "words before the first notice", n: true, value: (page) => page[P.notice], show: (page) => {
        if (page[P.flags] & DISCLOSED) return page[P.notice] === null ? "yes" : number(page[P.notice]);
        if (page[P.flags] & TO_COME) return "to come";
        return page[P.flags] & UNDISCLOSED ? element("span", { class: "hot" }, "none") : "";
      } },
      { name: "rel", about: "share of affiliate links with sponsored or nofollow, where links have attributes", n: true, value: (page) => page[P.relPlaces] ? page[P.relCovered] / page[P.relPlaces] : null, show: (page) => page[P.relPlaces] ? percent(page[P.relCovered], page[P.relPlaces]) : "" },
      { name: "Findings", n: true, value: (page) => page[P.errors] + page[P.warnings] + page[P.infos], show: (page) => {
        const all = page[P.errors] + page[P.warnings] + page[P.infos];
        return page[P.errors] ? element("span", { class: "hot", title: many(page[P.errors], "error") }, number(all)) : number(all);
      } },
    ],
    more: `The ${many(data.links.length, "page")} with the most to see open to their links${data.cut_links ? "; of some, the last links are left out" : ""}.`,
  });

  const first = (rows, all) => rows.length < all ? `The first ${number(rows.length)} of ${number(all)}; the JSON report holds them all. ` : "";

  table("merchants", {
    sort: [1, true],
    placeholder: "Filter merchants by domain or network",
    searched: (row) => `${row[0]} ${row[6] || ""} ${row[7]}`.toLowerCase(),
    rows: data.merchants,
    filters: [{
      label: "Which merchants",
      options: [
        ["All merchants", null],
        ["That earn nothing", (row) => row[3] === 0 && row[9] === 0],
        ["That earn nothing, carried by a network", (row) => row[3] === 0 && row[9] === 0 && row[7]],
        ["Known by their address alone", (row) => row[8].startsWith("perhaps")],
      ],
    }],
    columns: [
      { name: "Merchant", kind: "path", value: (row) => row[0], show: (row) => [row[0], row[3] + row[9] === 0 ? element("span", { class: "tag hot" }, "earns nothing") : ""] },
      { name: "Links", n: true, value: (row) => row[1], show: (row) => number(row[1]) },
      { name: "Pages", n: true, value: (row) => row[2], show: (row) => number(row[2]) },
      { name: "Own", n: true, value: (row) => row[3] + row[9], show: (row) => row[9] ? `${number(row[3])} → ${number(row[3] + row[9])}` : number(row[3]) },
      { name: "Foreign", n: true, value: (row) => row[4], show: (row) => number(row[4]) },
      { name: "Plain", n: true, value: (row) => row[5], show: (row) => number(row[5]) },
      { name: "Program", named: true, value: (row) => row[6] || "\uffff", show: (row) => row[6] || "" },
      { name: "Carried by", named: true, value: (row) => row[7] || "\uffff", show: (row) => row[7] },
      { name: "Known as", named: true, value: (row) => row[8], show: (row) => element("span", { class: "soft" }, prose(row[8])) },
    ],
    more: `${first(data.merchants, data.all_merchants)}Other sites that nothing says are merchants: ${many(data.outbound[0], "host")}, ${many(data.outbound[1], "link")}.`,
  });

  table("programs", {
    sort: [2, true],
    placeholder: "Filter programs and others who are credited",
    searched: (row) => `${row[0]} ${row[1]} ${row[6]}`.toLowerCase(),
    rows: data.programs,
    columns: [
      { name: "Who", kind: "path", value: (row) => row[0], show: (row) => row[0] },
      { name: "Network", named: true, value: (row) => row[1], show: (row) => row[1] },
      { name: "Links", n: true, value: (row) => row[2], show: (row) => number(row[2]) },
      { name: "To come", about: "plain links that a build makes own links", n: true, value: (row) => row[3], show: (row) => number(row[3]) },
      { name: "Pages", n: true, value: (row) => row[4], show: (row) => number(row[4]) },
      { name: "Clicks count", about: "days", n: true, value: (row) => row[5], show: (row) => row[5] === null ? "" : `${row[5]} d` },
      { name: "State", named: true, value: (row) => row[6], show: (row) => [row[6], row[7] ? element("div", { class: "warm" }, prose(row[7])) : ""] },
    ],
    more: first(data.programs, data.all_programs),
  });

  const rules = data.rules.map(([rule]) => [rule, (row) => row[4] === rule]);
  table("findings", {
    sort: [0, false],
    placeholder: "Filter findings by page, rule or message",
    searched: (row) => `${pages[row[0]][P.path]} ${row[4]} ${row[5]}`.toLowerCase(),
    rows: data.findings,
    filters: [{ label: "Which rule", options: [["All rules", null], ...rules] }],
    columns: [
      { name: "Level", value: (row) => row[3], show: (row) => element("span", { class: ["hot", "warm", "soft"][row[3]] }, LEVELS[row[3]]) },
      { name: "Rule", value: (row) => row[4], show: (row) => element("code", {}, row[4]) },
      { name: "Place", kind: "path", value: (row) => pages[row[0]][P.path], show: (row) => `${pages[row[0]][P.path]}:${row[1]}:${row[2]}` },
      { name: "What", value: (row) => row[5], show: (row) => prose(row[5]) },
    ],
    more: data.findings.length < site.findings ? `The gravest ${number(data.findings.length)} of ${number(site.findings)}; affilink check prints them all.` : null,
  });
})();
