import { defineConfig } from "vitepress";

export default defineConfig({
  title: "Example",
  themeConfig: { sidebar: [{ text: "Grinders", link: "/grinders" }, { text: "Reading", link: "/reading" }] },
});
