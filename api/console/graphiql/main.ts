// GraphiQL before this server: questions and mutations by POST, subscriptions over WebSocket.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import "./style.css";

const FIRST_QUESTION = `# Who controlled Kidal on that day, and why do we say so?
#
# Ctrl+Enter asks, Ctrl+Space completes.
# A token is sent by a header, below:
#   {"Authorization": "Bearer TOKEN"}

query Kidal {
  control(location: "kidal", at: "2023-11-20") {
    status
    holders {
      name
    }
    disputed
    explanation
    basis {
      token
    }
  }
}
`;

const url = new URL("/graphql", location.href);
const socket = new URL(url);
socket.protocol = url.protocol === "https:" ? "wss:" : "ws:";

const fetcher = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href });

createRoot(document.getElementById("graphiql")!).render(
  createElement(GraphiQL, {
    fetcher,
    defaultQuery: FIRST_QUESTION,
    defaultEditorToolsVisibility: "headers",
  }),
);
