// Answers: can clients ask by ids alone, with the manifests that compile.mjs has written?
//
//   node persisted.mjs http://127.0.0.1:8000/graphql FOLDER [automatic]
//
// Asks as a client of graphql-codegen, of Relay and of Apollo would; with "automatic" as Apollo does
// without a manifest. Prints one JSON document: what each client got, and what it sent each time.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import runtime from "relay-runtime";

const [url, folder, automatic] = process.argv.slice(2);
if (!url || !folder) {
  console.error("usage: node persisted.mjs URL FOLDER [automatic]");
  process.exit(2);
}
const variables = { at: "2023-11-20", position: 17 };
const text = `query Automatic($at: Moment!, $position: Int) {
  control(location: "kidal", at: $at, position: $position) { location { id name } }
}`;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
let sent = [];

const clients = automatic ? { first: byDigest, second: byDigest, byUrl } : { codegen, relay, byManifest };
const told = {};
for (const [name, ask] of Object.entries(clients)) {
  sent = [];
  const data = await ask().catch((error) => ({ error: error.message }));
  told[name] = { name: data?.control?.location?.name ?? data, sent };
}
console.log(JSON.stringify(told));
process.exit(0);

// Notes of each request its method, whether it sent a document, and the status and cache directive.
async function noting(to, options) {
  const parameters = new URL(to).searchParams;
  const asked = options.body ? JSON.parse(options.body) : Object.fromEntries(parameters);
  const answer = await fetch(to, options);
  sent.push({
    method: options.method,
    document: Boolean(asked.query),
    status: answer.status,
    kept: answer.headers.get("cache-control"),
  });
  return answer;
}

async function post(body) {
  const headers = { "content-type": "application/json" };
  const answer = await noting(url, { method: "POST", headers, body: JSON.stringify(body) });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function codegen() {
  const documentId = readFileSync(join(folder, "codegen-id.txt"), "utf8");
  return post({ documentId, variables });
}

async function relay() {
  const { default: query } = await import(pathToFileURL(resolve(folder, "relay.mjs")));
  const { Environment, Network, RecordSource, Store, createOperationDescriptor } = runtime;
  const ask = async ({ id }, given) => ({ data: await post({ documentId: id, variables: given }) });
  const store = new Store(new RecordSource());
  const environment = new Environment({ network: Network.create(ask), store });
  const operation = createOperationDescriptor(query, variables);
  await runtime.fetchQuery(environment, query, variables).toPromise();
  const { control } = environment.lookup(operation.fragment).data;
  const [fragment] = query.fragment.selections[0].selections[0].selections.slice(-1);
  if (fragment.name !== "RelayQueryPlace") throw new Error("the fragment is not there");
  const place = store.getSource().get(control.location.__id);
  return { control: { location: place } };
}

// Apollo's link with an id from a manifest, and with the digest of the text.
async function apollo(text, options) {
  const http = new HttpLink({ uri: url, fetch: noting });
  const link = ApolloLink.from([new PersistedQueryLink(options), http]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return (await client.query({ query: gql(text), variables })).data;
}

async function byManifest() {
  const manifest = JSON.parse(readFileSync(join(folder, "manifests", "codegen.json"), "utf8"));
  const [[id, text]] = Object.entries(manifest);
  return apollo(text, { generateHash: () => id });
}

async function byDigest() {
  return apollo(text, { sha256 });
}

async function byUrl() {
  return apollo(text, { sha256, useGETForHashedQueries: true });
}
