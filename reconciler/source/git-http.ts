// HTTP for isomorphic-git, on undici. Its own client gives up on any server that is silent for five seconds, and its
// reader of packs takes a connection that was cut for the end of the pack; so each answer is read whole in here first.
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { Agent, request } from 'undici';
import { RepositoryError } from './repository-error.ts';

export type GitCredentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export interface GitHttpOptions {
  readonly signal: AbortSignal;
  readonly credentials?: GitCredentials;
  /** How long the server may be silent. */
  readonly idleTimeoutMs: number;
  /** How large an answer may be; a pack is one answer. */
  readonly maxResponseBytes: number;
}

const connectTimeoutMs = 10_000;

/** Do some work with an HTTP client of its own; its connections are gone when the work is done. */
export async function withGitHttp<T>(options: GitHttpOptions, work: (http: HttpClient) => Promise<T>): Promise<T> {
  const { idleTimeoutMs } = options;
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  try {
    return await work({ request: (query) => exchange(query, options, agent) });
  } finally {
    await agent.destroy();
  }
}

async function exchange(query: GitHttpRequest, options: GitHttpOptions, agent: Agent): Promise<GitHttpResponse> {
  const { url, method = 'GET' } = query;
  try {
    const response = await request(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { ...query.headers, ...authorization(options.credentials) },
      body: query.body ? Buffer.concat(await collect(query.body)) : null,
      dispatcher: agent,
      signal: options.signal,
    });
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
    const body = await collectUpTo(response.body, options.maxResponseBytes, url);
    const statusCode = response.statusCode;
    return { url, method, headers, body: once(body), statusCode, statusMessage: String(statusCode) };
  } catch (error) {
    if (error instanceof RepositoryError) throw error;
    const reason = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
    throw new RepositoryError('unreachable', `${new URL(url).host} gives no answer: ${reason}`, { cause: error });
  }
}

function authorization(credentials: GitCredentials | undefined): Record<string, string> {
  switch (credentials?.kind) {
    case undefined:
      return {};
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` };
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`);
      return { authorization: `Basic ${pair.toString('base64')}` };
    }
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return collected;
}

async function collectUpTo(chunks: AsyncIterable<Uint8Array>, maxBytes: number, url: string): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new RepositoryError('too-large', `${new URL(url).host} sends more than ${maxBytes} bytes in one answer`);
    }
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
