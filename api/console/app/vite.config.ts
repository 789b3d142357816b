// One page with hashed files under /console/, in api/console/built/app, which the server reads; and the
// documents that the page names by their digests.
import { readFileSync } from "node:fs";
import { type Plugin, defineConfig } from "vite";
import { countries } from "./basemap/plugin";

function documents(): Plugin {
  return {
    name: "documents",
    generateBundle() {
      const source = readFileSync("src/made/persisted-documents.json", "utf8");
      this.emitFile({ type: "asset", fileName: "documents.json", source });
    },
  };
}

export default defineConfig({
  base: "/console/",
  plugins: [countries(), documents()],
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
