// The relay agents of all ToRs, on one UDP socket: machines plug into it, it passes their packets to the DHCP server.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DhcpPacketError } from './dhcp-packet.ts';
import { addresseeOf, type RelaySegment, relayToClient, relayToServer } from './relay-agent.ts';

export interface UdpEndpoint {
  /** IPv4 address. */
  readonly address: string;
  readonly port: number;
}

/** What a port hands to its machine: an answer, or why the relay agent kept one back. */
export type FromServer =
  | { readonly kind: 'reply'; readonly packet: Buffer }
  | { readonly kind: 'discarded'; readonly reason: string };

/**
 * Its packets leave from a loopback port of the kernel's choice, so the server has to answer to where they came from
 * instead of to giaddr:67, an address that nobody has on this machine.
 */
export class Relay {
  readonly #socket: Socket;
  readonly #server: UdpEndpoint;
  readonly #ports = new Map<string, RelayPort>();
  #strayPackets = 0;

  private constructor(socket: Socket, server: UdpEndpoint) {
    this.#socket = socket;
    this.#server = server;
    socket.on('message', (packet) => this.#receive(packet));
    // A send that fails is a packet lost; clients send again.
    socket.on('error', () => {});
  }

  static async open(server: UdpEndpoint): Promise<Relay> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Relay(socket, server);
  }

  /** Packets that came for no port. */
  get strayPackets(): number {
    return this.#strayPackets;
  }

  /**
   * Plug a card into a ToR; close the port to unplug it.
   * @throws {Error} when that card is plugged in there already
   */
  plugIn(mac: string, segment: RelaySegment): RelayPort {
    const key = portKey(segment.giaddr, mac);
    if (this.#ports.has(key)) throw new Error(`${mac} is plugged in at ${segment.giaddr} already`);
    const port = new RelayPort(
      segment,
      (packet) => this.#socket.send(packet, this.#server.port, this.#server.address, () => {}),
      () => this.#ports.delete(key),
    );
    this.#ports.set(key, port);
    return port;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #receive(packet: Buffer): void {
    const addressee = addresseeOf(packet);
    const port = addressee === null ? undefined : this.#ports.get(portKey(addressee.giaddr, addressee.mac));
    if (port === undefined) this.#strayPackets += 1;
    else port.accept(packet);
  }
}

function portKey(giaddr: string, mac: string): string {
  return `${giaddr} ${mac}`;
}

/** A card's end of the cable. */
export class RelayPort {
  readonly #segment: RelaySegment;
  readonly #transmit: (packet: Buffer) => void;
  readonly #unplug: () => void;
  readonly #inbox: FromServer[] = [];
  #wake: () => void = () => {};

  constructor(segment: RelaySegment, transmit: (packet: Buffer) => void, unplug: () => void) {
    this.#segment = segment;
    this.#transmit = transmit;
    this.#unplug = unplug;
  }

  /** Send a client's packet to the server. */
  send(packet: Buffer): void {
    this.#transmit(relayToServer(packet, this.#segment));
  }

  /**
   * Next answer, or null when none came in time.
   * @param timeoutMs how long to wait
   * @throws the signal's reason when it aborts
   */
  async receive(timeoutMs: number, signal: AbortSignal): Promise<FromServer | null> {
    signal.throwIfAborted();
    if (this.#inbox.length === 0) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        signal.addEventListener('abort', wake);
        this.#wake = wake;
      });
      signal.throwIfAborted();
    }
    return this.#inbox.shift() ?? null;
  }

  /** Take what the server sent; for the relay. */
  accept(packet: Buffer): void {
    this.#inbox.push(this.#strip(packet));
    this.#wake();
  }

  close(): void {
    this.#unplug();
  }

  #strip(packet: Buffer): FromServer {
    try {
      return { kind: 'reply', packet: relayToClient(packet, this.#segment) };
    } catch (error) {
      if (error instanceof DhcpPacketError) return { kind: 'discarded', reason: error.message };
      throw error;
    }
  }
}
