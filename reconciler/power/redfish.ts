// Power by Redfish (DMTF DSP0266): find the machine's system, make sure it is the one, reset it.
import { type Power, type PowerChange, PowerError, type PowerState, type PowerTarget } from './power.ts';
import { member, type RedfishConnection, type RedfishOptions, redfishConnection } from './redfish-http.ts';

/** Chassis with more systems than this are not looked through. */
const maxSystems = 32;

/** Of a restart, the best first: both cut the power of the OS, the second also that of the board. */
const restartTypes = ['ForceRestart', 'PowerCycle'] as const;

type ResetType = 'On' | 'ForceOff' | (typeof restartTypes)[number];

/** The system that is the machine, as it was a moment ago. */
interface FoundSystem {
  readonly url: string;
  readonly state: PowerState;
  readonly resetUrl: string;
  /** Null when the BMC does not say. */
  readonly allowed: readonly string[] | null;
}

/** A {@link Power} for machines with a Redfish BMC. */
export function redfishPower(options: RedfishOptions = {}): Power {
  /** Do some work on the machine's system, within the deadline. */
  async function onSystem<T>(
    target: PowerTarget,
    signal: AbortSignal | undefined,
    work: (bmc: RedfishConnection, system: FoundSystem) => Promise<T>,
    beforeTouch: () => void = () => {},
  ): Promise<T> {
    const bmc = redfishConnection(target, options, signal);
    const post: RedfishConnection['post'] = async (link, body) => {
      beforeTouch();
      await bmc.post(link, body);
    };
    return work({ ...bmc, post }, await findSystem(bmc, target));
  }

  return {
    state: (target, signal) => onSystem(target, signal, async (_, system) => system.state),
    on: (target, signal, beforeTouch) =>
      onSystem(target, signal, (bmc, system) => bring(bmc, target, system, 'on', 'On'), beforeTouch),
    off: (target, signal, beforeTouch) =>
      onSystem(target, signal, (bmc, system) => bring(bmc, target, system, 'off', 'ForceOff'), beforeTouch),
    restart: (target, signal, beforeTouch) => {
      const work = async (bmc: RedfishConnection, system: FoundSystem): Promise<PowerChange> => {
        if (system.state === 'off') return bring(bmc, target, system, 'on', 'On');
        await reset(bmc, target, system, restartTypes);
        return 'done';
      };
      return onSystem(target, signal, work, beforeTouch);
    },
  };
}

/** Reset unless the state is there. A refusal counts for nothing if the state has come by itself meanwhile. */
async function bring(
  bmc: RedfishConnection,
  target: PowerTarget,
  system: FoundSystem,
  wanted: PowerState,
  type: ResetType,
): Promise<PowerChange> {
  if (system.state === wanted) return 'already';
  try {
    await reset(bmc, target, system, [type]);
    return 'done';
  } catch (error) {
    if (!(error instanceof PowerError) || error.code !== 'POWER_REFUSED') throw error;
    if (stateOf(await bmc.get(system.url)) === wanted) return 'already';
    throw error;
  }
}

/** Reset by the first of some types that the system allows; a system that does not say is asked for the first. */
async function reset(
  bmc: RedfishConnection,
  target: PowerTarget,
  system: FoundSystem,
  types: readonly ResetType[],
): Promise<void> {
  const { allowed } = system;
  const type = allowed === null ? types[0] : types.find((candidate) => allowed.includes(candidate));
  if (type === undefined) {
    const offered = allowed?.join(', ') ?? 'nothing';
    throw new PowerError('POWER_UNSUPPORTED', target, `it offers ${offered}, none of ${types.join(', ')}`);
  }
  await bmc.post(system.resetUrl, { ResetType: type });
}

/** Look through the systems behind the BMC for the one with the machine's serial. */
async function findSystem(bmc: RedfishConnection, target: PowerTarget): Promise<FoundSystem> {
  const root = await bmc.get(bmc.root);
  const collection = await bmc.get(linkOf(member(root, 'Systems'), target, 'Systems of the service root'));
  const members = member(collection, 'Members');
  if (!Array.isArray(members) || members.length > maxSystems) {
    throw new PowerError('POWER_BAD_ANSWER', target, 'its Systems are no list, or too long a one');
  }
  const serials: string[] = [];
  for (const link of members) {
    const url = linkOf(link, target, 'a member of Systems');
    const system = await bmc.get(url);
    const serial = member(system, 'SerialNumber');
    if (serial === target.serial) return readSystem(system, url, target);
    serials.push(typeof serial === 'string' ? serial : 'a machine without a serial');
  }
  throw new PowerError('POWER_WRONG_MACHINE', target, `it belongs to ${serials.join(', ') || 'no machine'}`);
}

function readSystem(system: unknown, url: string, target: PowerTarget): FoundSystem {
  const action = member(member(system, 'Actions'), '#ComputerSystem.Reset');
  const resetUrl = member(action, 'target');
  if (typeof resetUrl !== 'string') {
    throw new PowerError('POWER_UNSUPPORTED', target, 'its system has no ComputerSystem.Reset');
  }
  const allowed = member(action, 'ResetType@Redfish.AllowableValues');
  return { url, state: stateOf(system), resetUrl, allowed: Array.isArray(allowed) ? allowed.map(String) : null };
}

function stateOf(system: unknown): PowerState {
  switch (member(system, 'PowerState')) {
    case 'On':
      return 'on';
    case 'Off':
      return 'off';
    case 'PoweringOn':
    case 'PoweringOff':
      return 'changing';
    default:
      return 'unknown';
  }
}

function linkOf(reference: unknown, target: PowerTarget, what: string): string {
  const link = member(reference, '@odata.id');
  if (typeof link !== 'string') throw new PowerError('POWER_BAD_ANSWER', target, `${what} has no @odata.id`);
  return link;
}
