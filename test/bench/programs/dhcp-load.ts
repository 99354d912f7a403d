// Machines that all ask at once: DISCOVER, OFFER, REQUEST, ACK through the relay agents of their racks, a fixed number
// of exchanges under way at any time. Every answer is checked against the blueprint.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { loadDiskCopy } from '../../../bootsvc/disk-copy.ts';
import { formatIpv4, ipv4 } from '../../../schema/ipv4.ts';
import { writeClientPacket } from '../../../vdc/dhcp-client.ts';
import { at, messageType, optionCode, readOptions } from '../../../vdc/dhcp-packet.ts';
import { smbiosUuid } from '../../../vdc/hardware.ts';
import { type RelaySegment, relayToServer } from '../../../vdc/relay-agent.ts';
import { serveCalls, usage } from '../calls.ts';

export interface DhcpLoad {
  readonly port: number;
  /** Exchanges under way at any time. */
  readonly outstanding: number;
  readonly seconds: number;
}

export interface DhcpRun {
  readonly exchanges: number;
  /** Exchanges with a message that had no answer within {@link patienceMs}. */
  readonly lost: number;
  readonly seconds: number;
  /** From DISCOVER to ACK. */
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly clientCpuSeconds: number;
}

const patienceMs = 1000;
const overdueCheckMs = 100;

/** A machine's first card, its packets as the relay agent sends them on, but for their xid. */
interface Client {
  readonly discover: Buffer;
  readonly request: Buffer;
  /** What the answers must say. */
  readonly address: number;
  readonly serverId: number;
}

interface Exchange {
  readonly client: Client;
  readonly beganMs: number;
  waitsFor: number;
  sentMs: number;
}

let clients: readonly Client[] = [];

/** Read the machines. @param server the boot server's folder, and its name in the site */
async function prepare(server: { readonly folder: string; readonly name: string }): Promise<number> {
  const copy = await loadDiskCopy(server.folder);
  const self = copy?.blueprint.site.servers.find(({ name }) => name === server.name);
  if (!copy || !self) throw new Error(`${server.folder} holds no generation of ${server.name}`);
  clients = [...copy.blueprint.machines.values()].map(({ serial, slot, macs: [mac = ''], links: [link] }): Client => {
    if (!link) throw new Error(`${serial} has no link`);
    const card = { program: 'firmware', mac, uuid: smbiosUuid(serial) } as const;
    const segment: RelaySegment = { giaddr: link.gateway, circuitId: `swp${slot}`, remoteId: link.tor };
    const packet = (selection: { serverId: string; address: string } | null) => {
      return relayToServer(writeClientPacket(card, 0, 0, selection), segment);
    };
    return {
      discover: packet(null),
      request: packet({ serverId: self.node, address: link.address }),
      address: ipv4(link.address),
      serverId: ipv4(self.node),
    };
  });
  return clients.length;
}

async function run(load: DhcpLoad): Promise<DhcpRun> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  try {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.connect(load.port, '127.0.0.1');
    await once(socket, 'connect');
    return await new Storm(socket, load).done();
  } finally {
    socket.close();
  }
}

class Storm {
  readonly #socket: Socket;
  readonly #load: DhcpLoad;
  readonly #underWay = new Map<number, Exchange>();
  readonly #latenciesMs: number[] = [];
  #started = 0;
  #lost = 0;

  constructor(socket: Socket, load: DhcpLoad) {
    this.#socket = socket;
    this.#load = load;
  }

  /** @throws {Error} at the first answer that is not the one that the blueprint asks for */
  async done(): Promise<DhcpRun> {
    const beganMs = performance.now();
    const cpuBefore = usage().cpuSeconds;
    const endMs = beganMs + this.#load.seconds * 1000;
    await new Promise<void>((resolve, reject) => {
      const overdue = setInterval(() => this.#dropOverdue(endMs, finish), overdueCheckMs);
      const finish = (error?: Error): void => {
        clearInterval(overdue);
        if (error) reject(error);
        else resolve();
      };
      this.#socket.on('error', finish);
      this.#socket.on('message', (packet) => {
        try {
          this.#receive(packet, endMs, finish);
        } catch (error) {
          finish(error as Error);
        }
      });
      while (this.#underWay.size < this.#load.outstanding) this.#begin();
    });
    const latencies = Float64Array.from(this.#latenciesMs).sort();
    const quantile = (part: number) => (latencies[Math.floor((latencies.length - 1) * part)] ?? 0) / 1000;
    return {
      exchanges: latencies.length,
      lost: this.#lost,
      seconds: (performance.now() - beganMs) / 1000,
      p50Seconds: quantile(0.5),
      p99Seconds: quantile(0.99),
      clientCpuSeconds: usage().cpuSeconds - cpuBefore,
    };
  }

  #begin(): void {
    const client = clients[this.#started % clients.length];
    if (!client) throw new Error('there are no machines');
    this.#started++;
    const nowMs = performance.now();
    this.#underWay.set(this.#started, { client, beganMs: nowMs, waitsFor: messageType.offer, sentMs: nowMs });
    this.#send(client.discover, this.#started);
  }

  #send(packet: Buffer, xid: number): void {
    packet.writeUInt32BE(xid, at.xid);
    this.#socket.send(packet);
  }

  #receive(packet: Buffer, endMs: number, finish: () => void): void {
    const xid = packet.readUInt32BE(at.xid);
    const exchange = this.#underWay.get(xid);
    // Late: it counts as lost already.
    if (!exchange) return;
    check(packet, exchange);
    const nowMs = performance.now();
    if (exchange.waitsFor === messageType.offer) {
      exchange.waitsFor = messageType.ack;
      exchange.sentMs = nowMs;
      this.#send(exchange.client.request, xid);
      return;
    }
    this.#latenciesMs.push(nowMs - exchange.beganMs);
    this.#next(xid, endMs, finish);
  }

  #dropOverdue(endMs: number, finish: () => void): void {
    const sinceMs = performance.now() - patienceMs;
    for (const [xid, { sentMs }] of this.#underWay) {
      if (sentMs > sinceMs) continue;
      this.#lost++;
      this.#next(xid, endMs, finish);
    }
  }

  /** One exchange is over: begin another while there is time. */
  #next(xid: number, endMs: number, finish: () => void): void {
    this.#underWay.delete(xid);
    if (performance.now() < endMs) this.#begin();
    else if (this.#underWay.size === 0) finish();
  }
}

function check(packet: Buffer, { client, waitsFor }: Exchange): void {
  const options = new Map(readOptions(packet).map(({ code, data }) => [code, data]));
  const type = options.get(optionCode.messageType)?.readUInt8();
  const serverId = options.get(optionCode.serverId)?.readUInt32BE();
  const address = packet.readUInt32BE(at.yiaddr);
  const good =
    type === waitsFor && address === client.address && serverId === client.serverId && options.has(optionCode.bootFile);
  if (!good)
    throw new Error(`wrong answer: type ${type}, ${formatIpv4(address)} instead of ${formatIpv4(client.address)}`);
}

const methods = { prepare, run };
export type DhcpLoadProgram = typeof methods;

serveCalls(methods);
