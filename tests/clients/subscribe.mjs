// Answers: do the clients of others tell every result once, whatever becomes of the connection?
//
//   node subscribe.mjs '{"url": "http://127.0.0.1:8000/graphql", "over": "ws", "query": "...",
//                        "field": "eventRecorded", "after": 0, "last": 100, "token": "..."}'
//
// Subscribes over graphql-ws ("ws"), over graphql-sse with `after` ("sse"), or over graphql-sse
// with the header Last-Event-ID ("sse-id"). Prints a line of JSON for each result as it comes, and
// ends with the result at the position `last`. A lost connection is made again, for ever.

import { createClient as overStream } from "graphql-sse";
import { createClient as overSocket } from "graphql-ws";
import WebSocket from "ws";

const { url, over, query, field, after, last, token } = JSON.parse(process.argv[2]);

// What the client has: the position of the last result, and how many of its entry came.
let position = after;
let given = 0;

// Both clients read the variables anew for each connection. An event is one result of its entry;
// of several changes by one entry, whoever has n of the entry at p goes on behind them.
const isOne = field === "eventRecorded";
const variables = {
  get after() {
    if (over === "sse-id") return after;
    return isOne || !given ? position : position - 1;
  },
  get skip() {
    return isOne || over === "sse-id" ? undefined : given;
  },
};
const request = { query, variables };
const retry = () => new Promise((resolve) => setTimeout(resolve, 100));
const lasting = { retryAttempts: Infinity, url };

function made() {
  if (over === "ws") {
    const connectionParams = token ? { Authorization: `Bearer ${token}` } : undefined;
    return overSocket({
      ...lasting,
      url: url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      connectionParams,
      retryWait: retry,
      shouldRetry: () => true,
    });
  }
  const headers = () => ({
    ...(token && { authorization: `Bearer ${token}` }),
    ...(over === "sse-id" && { "last-event-id": isOne || !given ? `${position}` : `${position}:${given}` }),
  });
  return overStream({ ...lasting, headers, retry });
}

const client = made();
const results = client.iterate(request);
for await (const result of results) {
  if (!result.data) {
    console.error(JSON.stringify(result));
    process.exit(1);
  }
  const told = result.data[field];
  given = told.position === position ? given + 1 : 1;
  position = told.position;
  console.log(JSON.stringify(told));
  if (position >= last) break;
}
client.dispose();
process.exit(0);
