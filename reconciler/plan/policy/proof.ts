// Which machines have shown that a generation boots: the canaries.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { MachineState } from '../machine-state.ts';
import type { Observed } from '../observed.ts';

export interface ProofInput {
  readonly generation: number;
  readonly machines: readonly { readonly machine: MachineObject; readonly state: MachineState }[];
  readonly observed: Observed;
  /** The blueprint of the generation before; undefined where there is none or it is not known. */
  readonly before: Blueprint | undefined;
}

export interface Proof {
  /** Since when each machine runs that has booted this generation and runs what it says, in milliseconds since 1970. */
  readonly since: readonly number[];
  /** Whether it says anything about what is new that the machine runs, or does not. */
  readonly concerns: (machine: MachineObject) => boolean;
}

/**
 * The machines that have booted this generation and run what it says. Of those, only machines whose configuration it
 * changed prove anything: one that happens to reboot into what it ran before says nothing about what is new. When no
 * such machine is left to restart, what restarts there are come from a generation before, and every machine that has
 * booted this one counts.
 */
export function proofOf({ generation, machines, observed, before }: ProofInput): Proof {
  const isChanged = ({ serial, bootDigest }: MachineObject): boolean => {
    const digestBefore = before?.machines.get(serial)?.bootDigest;
    return digestBefore !== undefined && digestBefore !== bootDigest;
  };
  const mustBeChanged = machines.some(({ machine, state }) => {
    const isCurrent = observed.machines.get(machine.serial)?.bootDigest === machine.bootDigest;
    return isChanged(machine) && isToRestart(state, isCurrent);
  });
  const concerns = (machine: MachineObject): boolean => !mustBeChanged || isChanged(machine);
  const since = machines.flatMap(({ machine, state }) => {
    const seen = observed.machines.get(machine.serial);
    const stands = state.state === 'settled' || state.state === 'finished';
    const booted = stands && seen?.generation === generation && seen.bootDigest === machine.bootDigest;
    return booted && concerns(machine) ? [runsSince(seen)] : [];
  });
  return { since, concerns };
}

/** Since when a machine says what it says now: machines repeat themselves. */
export function runsSince({ since, at }: ObservedMachine): number {
  return Date.parse(since ?? at);
}

/** @param isCurrent whether it has reported what it should run */
function isToRestart(state: MachineState, isCurrent: boolean): boolean {
  switch (state.state) {
    case 'outdated':
      return true;
    case 'working':
      return state.operation.kind === 'restart';
    case 'finished':
    case 'moot':
      return !isCurrent;
    case 'settled':
    case 'unseen':
    case 'away':
    case 'failed':
      return false;
  }
}
