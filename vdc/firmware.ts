// One boot of a stand-in, in the order of real firmware: DHCP, boot program, iPXE, kernel and initrd, and then its OS.
import type { BootEvent, BootStage, TellStage } from './boot-event.ts';
import { BootFailure } from './boot-failure.ts';
import { type BootHttp, type BootHttpOptions, withBootHttp } from './boot-http.ts';
import type { BootClient } from './dhcp-client.ts';
import { type Lease, obtainLease } from './dhcp-exchange.ts';
import { type Card, cardsOf, type Hardware, smbiosUuid } from './hardware.ts';
import { type BootScript, parseBootScript } from './ipxe-script.ts';
import { runOperatingSystem } from './operating-system.ts';
import type { Relay } from './relay.ts';

/** All that OVMF sends besides Host. */
const firmwareHeaders = { Accept: '*/*', 'User-Agent': 'UefiHttpBoot/1.0' } as const;
const ipxeHeaders = { 'User-Agent': 'iPXE/1.0.0+' } as const;

export interface Boot {
  readonly hardware: Hardware;
  /** Changes with every boot. */
  readonly bootId: string;
  readonly relay: Relay;
  readonly onEvent: (event: BootEvent) => void;
  /** Aborts when the power goes off. */
  readonly signal: AbortSignal;
  /** 1 waits and retries at the pace of real machines, 0.01 a hundred times as fast. */
  readonly timeScale: number;
  /** A server that is silent for this long is given up. */
  readonly httpIdleMs: number;
}

/**
 * Boot once, until the machine has reported that it runs. Cards are tried in their order; a failed boot is for the
 * caller to repeat.
 * @throws {BootFailure} of the last card, or of the OS
 * @throws the signal's reason when it aborts
 */
export async function bootMachine(boot: Boot): Promise<void> {
  const { hardware, bootId, signal, timeScale, httpIdleMs } = boot;
  const tell: TellStage = (stage, beganMs) => {
    boot.onEvent({ ...stage, serial: hardware.serial, bootId, durationMs: performance.now() - beganMs });
  };
  const script = await loadFromFirstCard(boot, tell);
  const kernelArguments = script.arguments;
  await runOperatingSystem({ hardware, bootId, kernelArguments, timeScale, httpIdleMs, tell, signal });
}

async function loadFromFirstCard(boot: Boot, tell: TellStage): Promise<BootScript> {
  let failure = new BootFailure('DHCP_NO_ANSWER', 'no card');
  for (const card of cardsOf(boot.hardware)) {
    const beganMs = performance.now();
    try {
      return await loadFromCard(boot, card, tell);
    } catch (error) {
      if (!(error instanceof BootFailure)) throw error;
      failure = error;
      tell({ stage: 'card-failed', mac: card.mac, code: error.code, detail: error.message }, beganMs);
    }
  }
  throw failure;
}

async function loadFromCard(boot: Boot, card: Card, tell: TellStage): Promise<BootScript> {
  const firmwareLease = await lease(boot, card, 'firmware', tell);
  await withBootHttp(connection(boot, firmwareHeaders), (http) => loadBootProgram(http, firmwareLease.bootUrl, tell));
  const ipxeLease = await lease(boot, card, 'ipxe', tell);
  return withBootHttp(connection(boot, ipxeHeaders), (http) => runIpxe(http, ipxeLease.bootUrl, tell));
}

async function lease(boot: Boot, card: Card, program: BootClient, tell: TellStage): Promise<Lease> {
  const { hardware, relay, timeScale, signal } = boot;
  const port = relay.plugIn(card.mac, {
    giaddr: card.giaddr,
    circuitId: `port${hardware.slot}`,
    remoteId: card.tor,
  });
  const beganMs = performance.now();
  try {
    const leased = await obtainLease({
      client: { program, mac: card.mac, uuid: smbiosUuid(hardware.serial) },
      port,
      timeScale,
      onSetback: ({ kind, reason }) => tell({ stage: kind, client: program, detail: reason }, beganMs),
      signal,
    });
    const { address, bootUrl, serverId } = leased;
    const detail = `${program} got ${address} and ${bootUrl} from ${serverId}`;
    tell({ stage: 'dhcp', client: program, address, url: bootUrl, detail }, beganMs);
    return leased;
  } finally {
    port.close();
  }
}

/** HEAD, then GET on the same connection; firmware tells a program from a disk image by its type or its name. */
async function loadBootProgram(http: BootHttp, url: string, tell: TellStage): Promise<void> {
  const beganMs = performance.now();
  const head = await http.head(url);
  if (head.contentType !== 'application/efi' && !new URL(url).pathname.endsWith('.efi')) {
    throw new BootFailure('HTTP_UNSUPPORTED', `${url} is ${head.contentType}, which firmware takes for no program`);
  }
  const sizeBytes = await http.getAsset(url, head);
  tell(loaded('boot-program', url, sizeBytes), beganMs);
}

async function runIpxe(http: BootHttp, url: string, tell: TellStage): Promise<BootScript> {
  const beganMs = performance.now();
  const script = parseBootScript(await http.getText(url));
  tell({ stage: 'script', url, detail: `script from ${url}` }, beganMs);
  for (const [stage, image] of [
    ['kernel', script.kernel],
    ['initrd', script.initrd],
  ] as const) {
    const imageBeganMs = performance.now();
    const sizeBytes = await http.getAsset(image);
    tell(loaded(stage, image, sizeBytes), imageBeganMs);
  }
  return script;
}

function loaded(stage: 'boot-program' | 'kernel' | 'initrd', url: string, sizeBytes: number): BootStage {
  return { stage, url, sizeBytes, detail: `${sizeBytes} bytes from ${url}, digest as named` };
}

function connection(boot: Boot, headers: BootHttpOptions['headers']): BootHttpOptions {
  return { headers, idleMs: boot.httpIdleMs, signal: boot.signal };
}
