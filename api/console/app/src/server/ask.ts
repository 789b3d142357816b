// Asks the server: operations by the digest of their text, and the paths of the map.
import { signal } from "@preact/signals";
import type { TypedDocumentString } from "../made/graphql";

/** The bearer token, for a server that wants one; kept until the tab is closed. */
export const token = signal(sessionStorage.getItem("token") ?? "");
token.subscribe((value) => sessionStorage.setItem("token", value));

/** Whether the server asked for a token that it was not given. */
export const needsToken = signal(false);

/** The server's no, in its own words. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const LONGEST_URL = 4_000;

export async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const body = { documentId: idOf(document), variables };
  const url = `/graphql?documentId=${body.documentId}&variables=${encodeURIComponent(JSON.stringify(variables))}`;
  const response =
    url.length < LONGEST_URL
      ? await fetched(url, { headers: { Accept: JSON_OF_GRAPHQL }, ...withSignal(signal) })
      : await sent(body, signal);
  return resultOf<Result>(response);
}

/** Sends a mutation, which is never asked twice. */
export async function tell<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  return resultOf<Result>(await sent({ documentId: idOf(document), variables }));
}

/** Any path of the server. Raises Refusal. */
export async function fetched(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await answered(url, init);
  needsToken.value = response.status === 401;
  if (response.ok || isGraphQL(response)) return response;
  const said = await response.json().catch(() => ({}));
  const message = said.message ?? said.detail ?? `The server answers ${response.status}.`;
  throw new Refusal(String(message), response.status);
}

/** The same, whatever its status. Raises Refusal where there is no answer. */
export async function answered(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!/^[\x21-\x7e]*$/.test(token.value)) {
    needsToken.value = true;
    throw new Refusal("This is no token: tokens are letters, digits and signs of ASCII.", 401);
  }
  if (token.value) headers.set("Authorization", `Bearer ${token.value}`);
  try {
    return await fetch(url, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal("The server can't be reached.", 0);
  }
}

const JSON_OF_GRAPHQL = "application/graphql-response+json";

function sent(body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { "Content-Type": "application/json", Accept: JSON_OF_GRAPHQL };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return fetched("/graphql", { ...init, ...withSignal(signal) });
}

function withSignal(signal: AbortSignal | undefined): RequestInit {
  return signal ? { signal } : {};
}

function isGraphQL(response: Response): boolean {
  return response.headers.get("Content-Type")?.startsWith(JSON_OF_GRAPHQL) ?? false;
}

async function resultOf<Result>(response: Response): Promise<Result> {
  const answer = (await response.json()) as { data?: Result; errors?: { message: string }[] };
  if (answer.errors?.length || !answer.data) {
    const why = [...new Set(answer.errors?.map((each) => each.message))].join(" ");
    throw new Refusal(why || `The server answers ${response.status}.`, response.status);
  }
  return answer.data;
}

/** The digest of its text, by which the server knows the document. */
export function idOf(document: TypedDocumentString<unknown, never>): string {
  const meta = (document as { __meta__?: { hash?: string } }).__meta__;
  if (!meta?.hash) throw new Error("An operation without a digest: build the page again.");
  return meta.hash;
}
