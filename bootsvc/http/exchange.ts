// One HTTP request on its way through a handler, and the answers that handlers give.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { AssetStore } from '../assets/store.ts';
import type { Follower } from '../follow.ts';
import type { Metrics } from '../metrics.ts';
import type { ReportQueue } from '../report-queue.ts';

/** What handlers work with. */
export interface HttpContext {
  readonly serverName: string;
  readonly follower: Follower;
  readonly assets: AssetStore;
  readonly reports: ReportQueue;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The named parts of the path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (exchange: Exchange, context: HttpContext) => void | Promise<void>;

/** Answer with a whole body. Firmware wants Content-Length and no chunks; HEAD gets the same headers (RFC 9110 §9.3.2). */
export function send(exchange: Exchange, status: number, contentType: string, body: string): void {
  const bytes = Buffer.from(body);
  exchange.response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length });
  exchange.response.end(exchange.request.method === 'HEAD' ? undefined : bytes);
}

export function sendJson(exchange: Exchange, status: number, value: unknown): void {
  send(exchange, status, 'application/json', `${JSON.stringify(value)}\n`);
}

/** Say what is wrong and what to do, as one line of text. */
export function refuse(exchange: Exchange, status: number, message: string): void {
  send(exchange, status, 'text/plain; charset=utf-8', `${message}\n`);
}

/** What machines that come too early get: firmware, Ignition and berth-node all try again on a 503. */
export function refuseForNow(exchange: Exchange): void {
  refuse(exchange, 503, 'no generation is served yet');
}
