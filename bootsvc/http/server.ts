// The HTTP server of the boot service: its routes, and what holds for all of them.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { sendAsset } from './assets.ts';
import { sendScript } from './boot.ts';
import { type Exchange, type Handler, type HttpContext, refuse, send } from './exchange.ts';
import { sendIgnition } from './ignition.ts';
import { takeReport } from './nodes.ts';
import { sendHealth, sendMachines, sendStatus } from './status.ts';

interface Route {
  readonly method: 'GET' | 'POST';
  /** Parts that begin with a colon are taken from the path. */
  readonly path: string;
  readonly handler: Handler;
}

/** GET routes answer HEAD too. The path is the route's name in metrics and logs. */
const routes: readonly Route[] = [
  { method: 'GET', path: '/assets/:digest/:name', handler: sendAsset },
  { method: 'GET', path: '/boot/:serial/ipxe', handler: sendScript },
  { method: 'GET', path: '/ignition/:serial/:digest', handler: sendIgnition },
  { method: 'POST', path: '/nodes/:serial/report', handler: takeReport },
  { method: 'GET', path: '/status', handler: sendStatus },
  { method: 'GET', path: '/status/machines', handler: sendMachines },
  { method: 'GET', path: '/healthz', handler: sendHealth },
  { method: 'GET', path: '/metrics', handler: sendMetrics },
];

/** Open the port. Whoever opens it closes it. */
export async function openHttpServer(address: string, port: number): Promise<Server> {
  // A slow or idle client is dropped: it has 20 s for its headers and a minute for its body.
  const server = createServer({
    keepAliveTimeout: 75_000,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    maxHeaderSize: 16_384,
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}

/** Answer requests by the routes. */
export function serveRoutes(server: Server, context: HttpContext): void {
  server.on('request', (request, response) => {
    const path = pathOf(request.url ?? '/');
    const { route, params } = match(request.method ?? '', path);
    response.on('close', () => {
      const code = response.writableFinished ? String(response.statusCode) : 'aborted';
      context.metrics.httpRequests.inc({ route: route?.path ?? 'unknown', code });
      context.log.debug({ method: request.method, path, code, from: request.socket.remoteAddress }, 'http');
    });
    void answer(route, { request, response, params }, context);
  });
}

async function answer(route: Route | null, exchange: Exchange, context: HttpContext): Promise<void> {
  const { response, request } = exchange;
  if (!route) return refuse(exchange, 404, 'there is nothing at this path');
  if (request.method !== route.method && !(request.method === 'HEAD' && route.method === 'GET')) {
    const allowed = route.method === 'GET' ? 'GET, HEAD' : route.method;
    response.setHeader('allow', allowed);
    return refuse(exchange, 405, `this path takes ${allowed}`);
  }
  try {
    await route.handler(exchange, context);
  } catch (error) {
    if (response.destroyed && !response.headersSent) return; // The client went away before it had an answer.
    context.log.error({ err: error, route: route.path }, 'request failed');
    if (response.headersSent) response.destroy();
    else refuse(exchange, 500, 'the boot server failed; its log says why');
  }
}

/** The path of a request target, in origin form or, as a proxy may send it, in absolute form (RFC 9112 §3.2). */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] ?? '';
}

/** Among the routes of a path the one for the method; else any of them, for the answer 405. */
function match(
  method: string,
  path: string,
): { readonly route: Route | null; readonly params: Record<string, string> } {
  const wanted = method === 'HEAD' ? 'GET' : method;
  let found: { route: Route; params: Record<string, string> } | null = null;
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params && (!found || route.method === wanted)) found = { route, params };
  }
  return found ?? { route: null, params: {} };
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return null;
    } else {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    }
  }
  return params;
}

async function sendMetrics(exchange: Exchange, { metrics }: HttpContext): Promise<void> {
  send(exchange, 200, metrics.registry.contentType, await metrics.registry.metrics());
}
