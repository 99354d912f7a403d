// What runs on a stand-in once its kernel is loaded: it fetches its Ignition, and reports how far it has come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObservedMachine } from '../schema/types/observed-machine.ts';
import type { ReportedPhase, TellStage } from './boot-event.ts';
import { BootFailure } from './boot-failure.ts';
import { type BootHttpOptions, withBootHttp } from './boot-http.ts';
import type { Hardware } from './hardware.ts';
import { member } from './json-member.ts';

/** Body of a report: what the boot server does not know by itself. */
export type Report = Pick<ObservedMachine, 'bootDigest' | 'bootId' | 'generation' | 'address'> & {
  readonly phase: ReportedPhase;
};

/** Ignition 2.14, as Debian has it. */
const ignitionHeaders = {
  Accept: 'application/vnd.coreos.ignition+json;version=3.3.0, */*;q=0.1',
  'User-Agent': 'Ignition/2.14.0',
} as const;
const agentHeaders = { Accept: 'application/json', 'User-Agent': 'berth-node' } as const;

/** Both Ignition and the agent begin to retry at once, and end at one try in five seconds. */
const retryMs = { first: 200, longest: 5_000 } as const;

export interface OperatingSystem {
  readonly hardware: Hardware;
  readonly bootId: string;
  readonly kernelArguments: readonly string[];
  readonly timeScale: number;
  readonly httpIdleMs: number;
  readonly tell: TellStage;
  readonly signal: AbortSignal;
}

/**
 * Run until the machine has reported that it runs.
 * @throws {BootFailure} KERNEL_ARGUMENTS_INVALID, IGNITION_INVALID, or HTTP_… when the server refuses the Ignition
 * @throws the signal's reason when it aborts
 */
export async function runOperatingSystem(system: OperatingSystem): Promise<void> {
  const settings = readKernelArguments(system.kernelArguments);
  await provision(system, settings.ignitionUrl);
  await report(system, settings, 'provisioning');
  await report(system, settings, 'running');
}

interface BootSettings {
  readonly ignitionUrl: string;
  readonly serverUrl: string;
  readonly bootDigest: string;
  readonly generation: number;
}

/** Pick out of the kernel arguments what Ignition and the agent look for. */
export function readKernelArguments(kernelArguments: readonly string[]): BootSettings {
  const find = (name: string, pattern: RegExp): string => {
    const values = kernelArguments.filter((argument) => argument.startsWith(`${name}=`));
    const value = values[0]?.slice(name.length + 1);
    if (value === undefined || values.length > 1 || !pattern.test(value)) {
      throw new BootFailure(
        'KERNEL_ARGUMENTS_INVALID',
        `${name} has to be there once and match ${pattern.source}; there is ${values.join(' ') || 'none'}`,
      );
    }
    return value;
  };
  const generation = Number(find('berth.generation', /^[1-9]\d{0,14}$/));
  return {
    ignitionUrl: find('ignition.config.url', /^http:\/\/\S+$/),
    serverUrl: find('berth.server', /^http:\/\/\S+$/).replace(/\/$/, ''),
    bootDigest: find('berth.boot', /^[0-9a-f]{64}$/),
    generation,
  };
}

/** Ignition gives up only when it gets an answer that no retry would change. */
async function provision(system: OperatingSystem, url: string): Promise<void> {
  const beganMs = performance.now();
  const text = await withBootHttp(connection(system, ignitionHeaders), (http) =>
    persist(system, url, isTransient, () => http.getText(url)),
  );
  const version = ignitionVersion(text, url);
  system.tell({ stage: 'ignition', url, version, detail: `Ignition ${version} from ${url}` }, beganMs);
}

/** The agent reports until it is heard. */
async function report(system: OperatingSystem, settings: BootSettings, phase: ReportedPhase): Promise<void> {
  const beganMs = performance.now();
  const { hardware, bootId } = system;
  const url = `${settings.serverUrl}/nodes/${encodeURIComponent(hardware.serial)}/report`;
  const { bootDigest, generation } = settings;
  const body: Report = { phase, bootDigest, bootId, generation, address: hardware.node };
  await withBootHttp(connection(system, agentHeaders), (http) =>
    persist(system, url, always, () => http.postJson(url, body)),
  );
  system.tell({ stage: 'report', phase, detail: `reported ${phase}` }, beganMs);
}

/** Try again with growing pauses for as long as the failure may pass. */
async function persist<T>(
  system: OperatingSystem,
  url: string,
  mayPass: (failure: BootFailure) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let pauseMs: number = retryMs.first; ; pauseMs = Math.min(pauseMs * 2, retryMs.longest)) {
    const beganMs = performance.now();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof BootFailure) || !mayPass(error)) throw error;
      system.tell({ stage: 'retry', url, code: error.code, detail: error.message }, beganMs);
    }
    await sleep(pauseMs * system.timeScale, undefined, { signal: system.signal });
  }
}

function connection(system: OperatingSystem, headers: BootHttpOptions['headers']): BootHttpOptions {
  return { headers, idleMs: system.httpIdleMs, signal: system.signal };
}

function always(): boolean {
  return true;
}

/** Nobody there, or a 5xx. */
function isTransient(failure: BootFailure): boolean {
  return failure.code === 'HTTP_UNREACHABLE' || (failure.httpStatus ?? 0) >= 500;
}

function ignitionVersion(text: string, url: string): string {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new BootFailure('IGNITION_INVALID', `${url} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const version = member(member(config, 'ignition'), 'version');
  if (typeof version !== 'string' || !/^3\.\d+\.\d+$/.test(version)) {
    throw new BootFailure('IGNITION_INVALID', `${url}: ignition.version is ${JSON.stringify(version)}, not 3.x`);
  }
  return version;
}
