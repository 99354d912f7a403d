// Which machines have shown that a generation boots: the canaries' count.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { MachineState } from './machine-state.ts';
import type { Observed } from './observed.ts';

export interface ProofInput {
  readonly generation: number;
  readonly machines: readonly { readonly machine: MachineObject; readonly state: MachineState }[];
  readonly observed: Observed;
  /** The blueprint of the generation before; undefined where there is none or it is not known. */
  readonly before: Blueprint | undefined;
}

/**
 * How many machines have booted this generation and run what it says. Of those, only machines whose configuration it
 * changed prove anything: one that happens to reboot into what it ran before says nothing about what is new. When no
 * such machine is left to restart, what restarts there are come from a generation before, and every machine that has
 * booted this one counts.
 */
export function countProven({ generation, machines, observed, before }: ProofInput): number {
  const isChanged = ({ serial, bootDigest }: MachineObject): boolean => {
    const digestBefore = before?.machines.get(serial)?.bootDigest;
    return digestBefore !== undefined && digestBefore !== bootDigest;
  };
  const mustBeChanged = machines.some(({ machine, state }) => {
    const isCurrent = observed.machines.get(machine.serial)?.bootDigest === machine.bootDigest;
    return isChanged(machine) && isToRestart(state, isCurrent);
  });
  return machines.filter(({ machine, state }) => {
    const seen = observed.machines.get(machine.serial);
    const stands = state.state === 'settled' || state.state === 'finished';
    const booted = stands && seen?.generation === generation && seen.bootDigest === machine.bootDigest;
    return booted && (!mustBeChanged || isChanged(machine));
  }).length;
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
