export default {
  title: "Example",
  url: "https://mysite.example",
  baseUrl: "/",
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
};
