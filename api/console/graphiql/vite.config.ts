// One page with hashed files under /console/graphiql/, which is loaded at /graphql alone.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/graphiql/",
  build: {
    outDir: "../built/graphiql",
    emptyOutDir: true,
    assetsDir: ".",
    license: { fileName: "licenses.md" },
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
});
