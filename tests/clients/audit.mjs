// Answers: does the server at the given URL pass every audit of "GraphQL over HTTP"?
//
//   node audit.mjs http://127.0.0.1:8000/graphql
//
// Prints one JSON document; exits 1 unless every audit is ok.

import { auditServer } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

const results = await auditServer({ url });
const failed = results.filter((result) => result.status !== "ok");
const summary = {
  total: results.length,
  ok: results.length - failed.length,
  failed: failed.map(({ id, name, status, reason }) => ({ id, name, status, reason })),
};
console.log(JSON.stringify(summary, null, 2));
process.exit(failed.length === 0 ? 0 : 1);
