// All stand-in machines of a site in one process: their BMCs, their ToRs' relay agents, and themselves, powered off.
import { BmcServer, type BmcServerOptions } from './bmc.ts';
import { bootMachine } from './firmware.ts';
import { cardsOf, type Hardware, smbiosUuid } from './hardware.ts';
import { type MachineEvent, PoweredMachine } from './machine.ts';
import { Relay, type UdpEndpoint } from './relay.ts';

/** What OVMF with a reset at the end of its boot order takes from a failed boot to its next try. */
const resetDelaySeconds = 14.5;

export interface StandInsOptions {
  /** Machine objects of a blueprint will do. */
  readonly machines: readonly Hardware[];
  /** Where the relay agents send to; it has to answer to the address and port that a packet came from. */
  readonly dhcpServer: UdpEndpoint;
  readonly onEvent: (event: MachineEvent) => void;
  /** Port of the BMCs on 127.0.0.1; one of the kernel's choice unless given. */
  readonly bmcPort?: number;
  readonly bmcCredentials?: NonNullable<BmcServerOptions['credentials']>;
  /** 1, the default, waits and retries at the pace of real machines; 0.01 a hundred times as fast. */
  readonly timeScale?: number;
  /** An HTTP server that is silent for this long is given up; 10 s unless given. */
  readonly httpIdleMs?: number;
}

export interface StandIns {
  /** Base URL of a BMC, with `{address}` in the place of its declared address. */
  readonly bmcUrl: string;
  /** By serial. */
  readonly machines: ReadonlyMap<string, PoweredMachine>;
  /** Power everything off and let go of all sockets. */
  close(): Promise<void>;
}

/**
 * Start the stand-ins. They stay off until somebody asks their BMC, or their {@link PoweredMachine}, to power them on.
 * @throws {RangeError} when two machines share a serial or a BMC address, or one is not cabled
 */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { timeScale = 1, httpIdleMs = 10_000, onEvent } = options;
  for (const hardware of options.machines) cardsOf(hardware);
  const relay = await Relay.open(options.dhcpServer);
  const machines = new Map(
    options.machines.map((hardware) => [
      hardware.serial,
      new PoweredMachine({
        serial: hardware.serial,
        boot: (bootId, signal) => bootMachine({ hardware, bootId, relay, onEvent, signal, timeScale, httpIdleMs }),
        resetDelayMs: resetDelaySeconds * 1000 * timeScale,
        onEvent,
      }),
    ]),
  );
  const letGo = async (): Promise<void> => {
    await Promise.all([...machines.values()].map((machine) => machine.close()));
    await relay.close();
  };
  try {
    const bmcServer = await openBmcs(options, machines);
    return {
      bmcUrl: bmcServer.urlTemplate,
      machines,
      close: async () => {
        await bmcServer.close();
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}

async function openBmcs(options: StandInsOptions, machines: ReadonlyMap<string, PoweredMachine>): Promise<BmcServer> {
  if (machines.size !== options.machines.length) throw new RangeError('two machines have one serial');
  const bmcs = options.machines.flatMap(({ serial, bmc }) => {
    const machine = machines.get(serial);
    return machine === undefined ? [] : [{ address: bmc.address, machine, uuid: smbiosUuid(serial) }];
  });
  const { bmcPort: port = 0, bmcCredentials: credentials } = options;
  return BmcServer.listen({ bmcs, port, ...(credentials === undefined ? {} : { credentials }) });
}
