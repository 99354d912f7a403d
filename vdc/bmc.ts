// The BMCs of all stand-ins, on one HTTP server: each under a path that begins with its declared address.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PoweredMachine } from './machine.ts';
import {
  answerRedfish,
  type BmcView,
  type BootOverride,
  loginRequired,
  malformedJson,
  noBootOverride,
  type RedfishAnswer,
  type RedfishEffect,
  type ResetType,
  resetTypes,
  resourceMissing,
} from './redfish-service.ts';

const maxBodyBytes = 64 * 1024;

/** A BMC and the machine that it switches. */
export interface Bmc {
  /** IPv4 address that the site declares for it. */
  readonly address: string;
  readonly machine: PoweredMachine;
  readonly uuid: string;
  /** Those that it offers; all of them unless given. */
  readonly resetTypes?: readonly ResetType[];
}

export interface BmcServerOptions {
  readonly bmcs: readonly Bmc[];
  /** 0 for one of the kernel's choice. */
  readonly port: number;
  /** What callers have to log in with; no login without. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

interface LiveBmc {
  readonly bmc: Bmc;
  bootOverride: BootOverride;
}

/** Listens on 127.0.0.1. */
export class BmcServer {
  readonly #server: Server;
  readonly #bmcs: ReadonlyMap<string, LiveBmc>;
  readonly #authorization: string | null;

  private constructor(options: BmcServerOptions) {
    this.#bmcs = new Map(options.bmcs.map((bmc) => [bmc.address, { bmc, bootOverride: noBootOverride }]));
    if (this.#bmcs.size !== options.bmcs.length) throw new RangeError('two BMCs have one address');
    const { credentials } = options;
    this.#authorization =
      credentials === undefined
        ? null
        : `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
    this.#server = createServer((request, response) => {
      // A caller that goes away in the middle of its request, or sends without end, gets no answer.
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** @throws {RangeError} when two BMCs have one address, or a listening error of the socket */
  static async listen(options: BmcServerOptions): Promise<BmcServer> {
    const bmcServer = new BmcServer(options);
    bmcServer.#server.listen(options.port, '127.0.0.1');
    await once(bmcServer.#server, 'listening');
    return bmcServer;
  }

  /** Base URL of a BMC, with `{address}` in the place of its address. */
  get urlTemplate(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/{address}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const answer = this.#answer(request, body);
    const text = answer.body === null ? '' : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      ...answer.headers,
      'OData-Version': '4.0',
      'Cache-Control': 'no-cache',
      ...(text === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    });
    response.end(text);
  }

  #answer(request: IncomingMessage, bodyText: string): RedfishAnswer {
    const { pathname } = new URL(request.url ?? '/', 'http://bmc');
    const [, address = '', path = ''] = /^\/([^/]*)(.*)$/.exec(pathname) ?? [];
    const live = this.#bmcs.get(address);
    const method = request.method ?? 'GET';
    const body = parseJson(bodyText);
    if (body === malformed) return malformedJson();
    if (live === undefined) return resourceMissing(pathname);
    // The service root can be read by everyone, as DSP0266 wants it.
    const isPublic = /^\/redfish(\/v1)?\/?$/.test(path);
    if (!isPublic && this.#authorization !== null && request.headers.authorization !== this.#authorization) {
      return loginRequired();
    }
    const ifMatch = request.headers['if-match'] ?? null;
    const answer = answerRedfish({ method, path, ifMatch, body }, viewOf(live), `/${address}`);
    carryOut(answer.effect, live);
    return answer;
  }
}

function viewOf(live: LiveBmc): BmcView {
  const { machine, uuid } = live.bmc;
  return {
    serial: machine.serial,
    uuid,
    power: machine.power,
    bootOverride: live.bootOverride,
    resetTypes: live.bmc.resetTypes ?? resetTypes,
  };
}

function carryOut(effect: RedfishEffect, live: LiveBmc): void {
  switch (effect.kind) {
    case 'none':
      return;
    case 'boot-override':
      live.bootOverride = effect.override;
      return;
    case 'reset':
      switchPower(effect.reset, live.bmc.machine);
      // Used up by the boot that begins now.
      if (live.bmc.machine.power === 'on' && live.bootOverride.enabled === 'Once') live.bootOverride = noBootOverride;
      return;
  }
}

/** A stand-in's OS has nothing to lose, so that a graceful shutdown is over at once. */
function switchPower(reset: ResetType, machine: PoweredMachine): void {
  switch (reset) {
    case 'On':
      machine.powerOn();
      return;
    case 'ForceOff':
    case 'GracefulShutdown':
      machine.powerOff();
      return;
    case 'ForceRestart':
    case 'PowerCycle':
      machine.restart();
      return;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) throw new RangeError(`a body of more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const malformed = Symbol('malformed JSON');

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return malformed;
  }
}
