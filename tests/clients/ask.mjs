// Answers: do widely used clients get the same answer from the server at the given URL?
//
//   node ask.mjs http://127.0.0.1:8000/graphql path/to/schema.graphql
//
// Asks who controlled Kidal, with variables, through each client; a client may ask by POST or by
// GET. Prints one JSON document; exits 1 unless all the answers agree and the schema can be built.

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { buildSchema, parse, validate } from "graphql";
import { GraphQLClient } from "graphql-request";

const [url, schemaFile] = process.argv.slice(2);
if (!url || !schemaFile) {
  console.error("usage: node ask.mjs URL SCHEMA");
  process.exit(2);
}

const question = `
  query WhoHeldKidal($location: ID!, $at: Moment!, $position: Int, $perspective: PerspectiveInput) {
    control(location: $location, at: $at, position: $position, perspective: $perspective) {
      status
      disputed
      holders { id name kind }
      evidence { __typename id report { title source { name reliability } } ... on TownSeized { by { slug } } }
      explanation
      basis { position rule token }
    }
  }
`;
const variables = {
  location: "kidal",
  at: "2023-11-20",
  position: null,
  perspective: { minReliability: "D" },
};
const refused = `
  mutation Repeat($input: TownSeizedInput!) {
    recordTownSeized(input: $input) { __typename ... on Refused { code field message } }
  }
`;
const nonsense = {
  input: { location: "kidall", occurred: "2023-11-14", report: "rfi-1", credibility: 2, by: "fama" },
};

function urql(preferGetMethod) {
  const exchanges = [cacheExchange, fetchExchange];
  const client = new Client({ url, exchanges, preferGetMethod });
  const settled = ({ data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    query: async (text, given) => settled(await client.query(text, given).toPromise()),
    mutate: async (text, given) => settled(await client.mutation(text, given).toPromise()),
  };
}

function apollo(useGETForQueries) {
  const link = new HttpLink({ uri: url, useGETForQueries });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    query: async (text, given) => (await client.query({ query: gql(text), variables: given })).data,
    mutate: async (text, given) =>
      (await client.mutate({ mutation: gql(text), variables: given })).data,
  };
}

function request(method) {
  const client = new GraphQLClient(url, { method });
  return {
    query: (text, given) => client.request(text, given),
    mutate: (text, given) => new GraphQLClient(url).request(text, given),
  };
}

const clients = {
  "graphql-request by POST": request("POST"),
  "graphql-request by GET": request("GET"),
  "@urql/core by POST": urql(false),
  "@urql/core by GET": urql("force"),
  "@apollo/client by POST": apollo(false),
  "@apollo/client by GET": apollo(true),
};

const problems = [];
const answers = {};
const refusals = {};
for (const [name, client] of Object.entries(clients)) {
  try {
    answers[name] = plain((await client.query(question, variables)).control);
    refusals[name] = plain((await client.mutate(refused, nonsense)).recordTownSeized);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
  }
}
for (const given of [answers, refusals]) {
  const [first, ...others] = Object.entries(given);
  for (const [name, answer] of others) {
    if (!isDeepStrictEqual(answer, first[1])) problems.push(`${name} and ${first[0]} disagree`);
  }
}
try {
  const schema = buildSchema(readFileSync(schemaFile, "utf8"));
  for (const text of [question, refused]) {
    problems.push(...validate(schema, parse(text)).map((error) => error.message));
  }
} catch (error) {
  problems.push(`the schema can't be built: ${error.message}`);
}

const control = Object.values(answers)[0];
const refusal = Object.values(refusals)[0];
console.log(JSON.stringify({ clients: Object.keys(answers), control, refusal, problems }, null, 2));
process.exit(problems.length === 0 ? 0 : 1);

// The values alone: Apollo asks for __typename everywhere, and urql does too.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const parts = Object.entries(value).filter(([name]) => name !== "__typename");
  return Object.fromEntries(parts.map(([name, part]) => [name, plain(part)]));
}
