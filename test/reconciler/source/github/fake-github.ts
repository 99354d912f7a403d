// A GitHub on loopback, for tests: it declines whatever the OpenAPI description does not describe, and fails as told.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GitHub } from '../../../../reconciler/source/github/api.ts';
import { connectGitHub, type GitHubOptions } from '../../../../reconciler/source/github/client.ts';
import { type Checked, Declined, FakeRepository, notAccessible } from './fake-repository.ts';
import { type Edition, type OpenApi, openApi } from './openapi.ts';

/** What goes wrong with requests. */
export interface Fault {
  /** Part of the operation, as `POST /repos/{owner}/{repo}/check-runs`; any by default. */
  readonly at?: string;
  /** How many requests of this kind pass before it. */
  readonly after?: number;
  /** How many it meets; 1 by default. */
  readonly times?: number;
  /** Undefined cuts the connection. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** What was asked for is done all the same. */
  readonly done?: boolean;
}

export interface Received extends Checked {
  readonly headers: IncomingHttpHeaders;
  /** When its head arrived, by `performance.now()`. */
  readonly atMs: number;
}

export class FakeGitHub {
  readonly repository: FakeRepository;
  readonly requests: Received[] = [];
  /** What was wrong with any request: empty at the end of a test. */
  readonly complaints: string[] = [];
  /** False for the token that a fork's pull request gets. */
  writable = true;
  readonly #openApi: OpenApi;
  readonly #prefix: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #faults: { readonly fault: Fault; passing: number; meeting: number }[] = [];

  private constructor(edition: Edition) {
    this.#openApi = openApi(edition);
    this.repository = new FakeRepository(this.#openApi);
    this.#prefix = edition === 'api.github.com' ? '' : '/api/v3';
  }

  static async start(edition: Edition = 'api.github.com'): Promise<FakeGitHub> {
    const github = new FakeGitHub(edition);
    await github.listen(0);
    return github;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.port}${this.#prefix}`;
  }

  /** A client of it, whose seconds last ten milliseconds. */
  client(options: Partial<GitHubOptions> = {}): GitHub {
    const { apiUrl } = this;
    return connectGitHub({
      apiUrl,
      token: 'ghs_test',
      deadlineSeconds: 600,
      environment: {},
      secondMs: 10,
      ...options,
    });
  }

  /** What goes wrong from now on. */
  fail(fault: Fault): void {
    this.#faults.push({ fault, passing: fault.after ?? 0, meeting: fault.times ?? 1 });
  }

  /** Operations that were asked for, without those that only read. */
  get writes(): readonly string[] {
    return this.requests.map(({ operation }) => operation).filter((operation) => !operation.startsWith('GET '));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.#receive(request);
    const fault = this.#faultAt(received.operation);
    try {
      if (received.operation === '') throw new Declined(404, 'Not Found');
      if (received.complaint !== undefined) throw new Declined(422, `Validation Failed: ${received.complaint}`);
      const writes = request.method !== 'GET' && (!fault || fault.done);
      if (writes && !this.writable) throw new Declined(notAccessible.status, notAccessible.message);
      if (fault && !fault.done) return fail(response, fault);
      const { status, value, nextPage } = this.repository.answer(received);
      if (fault) return fail(response, fault);
      send(response, status, value, nextPage === undefined ? {} : { link: this.#link(received, nextPage) });
    } catch (error) {
      const { status, message } = error instanceof Declined ? error : { status: 500, message: String(error) };
      if (status === 500) this.complaints.push(message);
      send(response, status, { message, documentation_url: 'https://docs.github.com/rest' }, {});
    }
  }

  async #receive(request: IncomingMessage): Promise<Received & { readonly complaint: string | undefined }> {
    const atMs = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://github.test');
    const { method = '', headers } = request;
    const path = pathname.startsWith(this.#prefix) ? pathname.slice(this.#prefix.length) : pathname;
    const body = text === '' ? undefined : JSON.parse(text);
    const { operation, complaints } = this.#openApi.judge({ method, path, query, body });
    if (path === pathname && this.#prefix !== '') complaints.push(`${pathname} is not under ${this.#prefix}`);
    complaints.push(...headerComplaints(headers));
    this.complaints.push(...complaints);
    const received = { operation: operation ?? '', path, query, body: body ?? {}, headers, atMs };
    this.requests.push(received);
    return { ...received, complaint: complaints[0] };
  }

  #faultAt(operation: string): Fault | undefined {
    for (const entry of this.#faults) {
      if (entry.meeting === 0 || !operation.includes(entry.fault.at ?? '')) continue;
      if (entry.passing > 0) entry.passing -= 1;
      else {
        entry.meeting -= 1;
        return entry.fault;
      }
    }
    return undefined;
  }

  #link({ path, query }: Received, page: number): string {
    const next = new URLSearchParams(query);
    next.set('page', String(page));
    return `<${this.apiUrl}${path}?${next}>; rel="next"`;
  }
}

function headerComplaints(headers: IncomingHttpHeaders): string[] {
  const expected: Readonly<Record<string, RegExp>> = {
    authorization: /^(token|bearer) \S+$/i,
    'user-agent': /^berth\//,
    accept: /^application\/vnd\.github/,
    'x-github-api-version': /^2022-11-28$/,
  };
  return Object.entries(expected)
    .filter(([name, pattern]) => !pattern.test(String(headers[name])))
    .map(([name]) => `header ${name}: ${headers[name]}`);
}

function fail(response: ServerResponse, { status, headers = {}, message = 'Something went wrong' }: Fault): void {
  if (status === undefined) response.destroy();
  else send(response, status, { message }, headers);
}

function send(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}
