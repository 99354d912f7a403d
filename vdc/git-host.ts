// A Git host for the demo and the tests: Git's own smart HTTP server (git http-backend, a CGI program) behind node:http.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface GitHostOptions {
  /** The folder whose bare repositories are served: `<root>/site.git` as `<url>/site.git`. */
  readonly root: string;
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  /** Whether anyone who connects may push; nobody may by default. */
  readonly allowPush?: boolean;
  /** Closes the host when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface GitHost {
  /** Without a slash at its end. */
  readonly url: string;
  /** Stop to listen, end what is being served, and wait until no process is left. */
  close(): Promise<void>;
}

/** Serve the repositories of a folder. */
export async function serveGit(options: GitHostOptions): Promise<GitHost> {
  const backends = new Set<Backend>();
  const server = createServer((request, response) => {
    serve(request, response, options, backends).catch(() => response.destroy());
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= shutDown(server, backends);
    return closing;
  };
  options.signal?.addEventListener('abort', close, { once: true });
  server.once('close', () => options.signal?.removeEventListener('abort', close));
  if (options.signal?.aborted) await close();
  return { url: `http://${options.host}:${port}`, close };
}

async function shutDown(server: Server, backends: ReadonlySet<Backend>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await Promise.all([...backends].map((backend) => backend.end()));
  await closed;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: GitHostOptions,
  backends: Set<Backend>,
): Promise<void> {
  const environment = cgiEnvironment(request, options);
  if (!environment) {
    response.writeHead(400).end();
    return;
  }
  const backend = new Backend(environment);
  backends.add(backend);
  response.once('close', () => {
    if (!response.writableFinished) backend.end();
  });
  // A pipeline would close the connection when the backend answers without having read everything.
  request.pipe(backend.stdin);
  try {
    await answer(backend.stdout, response);
    await backend.ended;
  } catch (error) {
    await backend.end();
    throw error;
  } finally {
    backends.delete(backend);
  }
}

/** The meta-variables of CGI (RFC 3875 §4.1) that git http-backend asks for; null for a path that is none. */
function cgiEnvironment(request: IncomingMessage, options: GitHostOptions): Record<string, string> | null {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const decoded = decodePath(path);
  if (decoded === null) return null;
  const { headers } = request;
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    // The host behaves the same whatever the settings of the user and the machine are.
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'http.receivepack',
    GIT_CONFIG_VALUE_0: String(options.allowPush ?? false),
    // Housekeeping would go on in the background, out of our sight.
    GIT_CONFIG_KEY_1: 'receive.autogc',
    GIT_CONFIG_VALUE_1: 'false',
    GIT_PROJECT_ROOT: options.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decoded,
    QUERY_STRING: query,
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    ...(headers['content-encoding'] === undefined ? {} : { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
    ...(headers['git-protocol'] === undefined ? {} : { GIT_PROTOCOL: String(headers['git-protocol']) }),
  };
}

function decodePath(path: string): string | null {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

/** Pass on the answer of a CGI program (RFC 3875 §6): its header lines first, then its body as fast as it is taken. */
async function answer(output: Readable, response: ServerResponse): Promise<void> {
  const head = await readHead(output);
  if (head === null) {
    response.writeHead(500).end();
    return;
  }
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') response.appendHeader(name, value);
  }
  response.writeHead(status);
  await pipeline(output, response);
}

/** The header lines, up to the empty one; what follows it is put back. Null when the output ends before. */
async function readHead(output: Readable): Promise<string | null> {
  let read = Buffer.alloc(0);
  while (output.readable) {
    const chunk = output.read() as Buffer | null;
    if (chunk === null) {
      await Promise.race([once(output, 'readable'), once(output, 'end')]);
      continue;
    }
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf('\r\n\r\n');
    if (end < 0) continue;
    if (read.length > end + 4) output.unshift(read.subarray(end + 4));
    return read.toString('latin1', 0, end);
  }
  return null;
}

const patienceMs = 2000;
const pollMs = 2;

/** One run of git http-backend with all the processes that it starts: a group of their own, ended as one. */
class Backend {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<unknown>;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(environment: Record<string, string>) {
    const stdio: ['pipe', 'pipe', 'ignore'] = ['pipe', 'pipe', 'ignore'];
    this.child = spawn('git', ['http-backend'], { env: environment, stdio, detached: true });
    this.stdin = this.child.stdin;
    this.stdout = this.child.stdout;
    this.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.once('exit', resolve).once('error', resolve);
    });
  }

  /** Ask it to end, insist after a while, and wait until all of it has ended. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.signal('SIGTERM');
    const insist = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    await this.ended;
    const deadline = Date.now() + patienceMs;
    while (this.signal(0) && Date.now() < deadline) await delay(pollMs);
    clearTimeout(insist);
  }

  /** Whether there was anyone left to take the signal. */
  private signal(signal: NodeJS.Signals | 0): boolean {
    if (this.child.pid === undefined) return false;
    try {
      return process.kill(-this.child.pid, signal);
    } catch {
      return false;
    }
  }
}
