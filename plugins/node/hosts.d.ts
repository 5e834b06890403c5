// What the plugins' types take from hosts that are not installed for these tests.

declare module "astro" {
  export interface AstroIntegration {
    name: string;
    hooks: Record<string, unknown>;
  }
}

declare module "@docusaurus/types" {
  export interface LoadContext {
    siteDir: string;
  }
  export interface Plugin {
    name: string;
  }
}

declare module "vite" {
  export interface Plugin {
    name: string;
  }
}
