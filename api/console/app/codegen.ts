// The types of our operations, and the manifest of their texts, from the server's own schema.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["src/**/*.{ts,tsx}"],
  generates: {
    "src/made/": {
      preset: "client",
      presetConfig: {
        persistedDocuments: { mode: "replaceDocumentWithHash", hashAlgorithm: "sha256" },
        fragmentMasking: false,
      },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { Moment: "string", DateTime: "string", Date: "string", When: "unknown" },
      },
    },
  },
};

export default config;
