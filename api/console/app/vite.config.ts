// One page with hashed files under /console/, in api/console/built/app, which the server reads.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/",
  build: {
    outDir: "../built/app",
    emptyOutDir: true,
    assetsDir: ".",
    license: { fileName: "licenses.md" }, // of all that is bundled
    assetsInlineLimit: 0, // the page allows no data: addresses for scripts and styles
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: "es" },
});
