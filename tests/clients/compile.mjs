// Writes what the compilers of graphql-codegen and Relay make of a question about Kidal, as a
// frontend would ship it: a manifest of each in FOLDER/manifests, and what its client sends in FOLDER.
//
//   node compile.mjs path/to/schema.graphql FOLDER

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [schema, folder] = process.argv.slice(2);
if (!schema || !folder) {
  console.error("usage: node compile.mjs SCHEMA FOLDER");
  process.exit(2);
}
const question = (name) =>
  `query ${name}($at: Moment!, $position: Int) {
    control(location: "kidal", at: $at, position: $position) { location { __typename ...${name}Place } }
  }
  fragment ${name}Place on Location { id slug name }`;

mkdirSync(join(folder, "manifests"));
codegen();
relay();

function codegen() {
  const here = within("codegen");
  symlinkSync(join(process.cwd(), "node_modules"), join(here, "node_modules")); // its preset
  writeFileSync(join(here, "question.graphql"), question("CodegenQuery"));
  const preset = { preset: "client", presetConfig: { persistedDocuments: true } };
  const config = {
    schema: "schema.graphql",
    documents: ["question.graphql"],
    generates: { "made/": { ...preset, config: { documentMode: "string" } } },
  };
  writeFileSync(join(here, "codegen.json"), JSON.stringify(config));
  run("graphql-codegen", ["--config", "codegen.json"], here);
  copyFileSync(join(here, "made", "persisted-documents.json"), manifest("codegen"));
  const source = readFileSync(join(here, "made", "graphql.ts"), "utf8");
  const hash = /"hash":"([^"]+)"/.exec(source)[1];
  writeFileSync(join(folder, "codegen-id.txt"), hash);
}

function relay() {
  const here = within("relay");
  const text = question("RelayQuery").split("fragment");
  const tags = [text[0], `fragment${text[1]}`].map((each) => "graphql`" + each + "`;");
  const source = ["import { graphql } from 'relay-runtime';", ...tags].join("\n");
  writeFileSync(join(here, "Relay.js"), source);
  writeFileSync(join(here, "persisted.json"), "{}");
  const config = {
    src: ".",
    schema: "schema.graphql",
    language: "javascript",
    eagerEsModules: true,
    persistConfig: { file: "./persisted.json" },
  };
  writeFileSync(join(here, "relay.config.json"), JSON.stringify(config));
  run("relay-compiler", ["relay.config.json"], here);
  copyFileSync(join(here, "persisted.json"), manifest("relay"));
  copyFileSync(join(here, "__generated__", "RelayQuery.graphql.js"), join(folder, "relay.mjs"));
}

function within(name) {
  const here = join(folder, name);
  mkdirSync(here);
  copyFileSync(schema, join(here, "schema.graphql"));
  return here;
}

function manifest(name) {
  return join(folder, "manifests", `${name}.json`);
}

function run(command, args, cwd) {
  execFileSync(join(process.cwd(), "node_modules", ".bin", command), args, { cwd, stdio: "pipe" });
}
