// Answers: do the stores of Apollo and Relay show each year's name, where one response has both?
//
//   node stores.mjs http://127.0.0.1:8000/graphql path/to/schema.graphql
//
// Asks for Kidal at two moments, as known at two positions, and as it is now, in one request. Prints
// one JSON document with the names that each store shows, and those that were sent.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import relay from "relay-runtime";

const [url, schemaFile, positionBefore] = process.argv.slice(2);
if (!url || !schemaFile || !positionBefore) {
  console.error("usage: node stores.mjs URL SCHEMA POSITION");
  process.exit(2);
}

const text = `query storesQuery($position: Int!) {
  early: control(location: "kidal", at: "2015-01-01") {
    location { id slug name } holders { id slug name }
  }
  late: control(location: "kidal", at: "2023-01-01") {
    location { id slug name } holders { id slug name }
  }
  before: control(location: "kidal", at: "2023-01-01", position: $position) {
    location { id slug name } holders { id slug name }
  }
  now: location(id: "kidal") { id slug name }
}`;
const variables = { position: Number(positionBefore) };

const sent = await post({ query: text, variables });
console.log(
  JSON.stringify({ sent: names(sent), apollo: names(await apollo()), relay: names(await inRelay()) }),
);
process.exit(0);

async function post(body) {
  const headers = { "content-type": "application/json" };
  const answer = await (
    await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })
  ).json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

// What the store of Apollo has, read from it and not from the response.
async function apollo() {
  const cache = new InMemoryCache();
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache });
  await client.query({ query: gql(text), variables });
  return cache.readQuery({ query: gql(text), variables });
}

// The same of Relay, whose compiler makes the artifact of the question.
async function inRelay() {
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  try {
    writeFileSync(join(folder, "schema.graphql"), readFileSync(schemaFile));
    const question = "import { graphql } from 'relay-runtime';\ngraphql`" + text + "`;\n";
    writeFileSync(join(folder, "stores.js"), question);
    const config = { src: ".", schema: "schema.graphql", language: "javascript", eagerEsModules: true };
    writeFileSync(join(folder, "relay.config.json"), JSON.stringify(config));
    execFileSync(relayCompiler(), ["relay.config.json"], { cwd: folder, stdio: "pipe" });
    const made = join(folder, "__generated__", "storesQuery.graphql.js");
    const artifact = join(folder, "storesQuery.mjs");
    writeFileSync(artifact, readFileSync(made));
    const { default: query } = await import(pathToFileURL(artifact));
    const { Environment, Network, RecordSource, Store, createOperationDescriptor } = relay;
    const ask = async (params, given) => ({ data: await post({ query: params.text, variables: given }) });
    const environment = new Environment({
      network: Network.create(ask),
      store: new Store(new RecordSource()),
    });
    await relay.fetchQuery(environment, query, variables).toPromise();
    const operation = createOperationDescriptor(query, variables);
    return environment.lookup(operation.fragment).data;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function relayCompiler() {
  return join(process.cwd(), "node_modules", ".bin", "relay-compiler");
}

function names(data) {
  const { early, late, before, now } = data;
  const of = ({ location, holders }) => [location.name, ...holders.map((each) => each.name)];
  return { early: of(early), late: of(late), before: of(before), now: now.name };
}
