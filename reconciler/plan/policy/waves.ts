// Waves of the roll-out policy: which machines go before which, and when a wave is over.
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy, RolloutWave } from '../../../schema/types/site-object.ts';
import type { ClosedGate } from '../action.ts';
import type { MachineState } from '../machine-state.ts';
import type { Proof } from './proof.ts';
import { momentText } from './times.ts';

export interface WaveMember {
  readonly machine: MachineObject;
  readonly state: MachineState;
  /** Since when it says what it says now, in milliseconds since 1970; null for one that has never reported. */
  readonly since: number | null;
}

/** The wave of each machine, counted from 0: the first one that it matches; what none matches comes last. */
export function waveOf(policy: RolloutPolicy): (machine: MachineObject) => number {
  const matchers = (policy.waves ?? []).map(matcherOf);
  return (machine) => {
    const index = matchers.findIndex((matches) => matches(machine));
    return index < 0 ? matchers.length : index;
  };
}

function matcherOf({ roles, racks, machines }: RolloutWave): (machine: MachineObject) => boolean {
  const [ofRoles, inRacks, serials] = [roles, racks, machines].map((names) => names && new Set(names));
  return ({ role, rack, serial }) =>
    (ofRoles?.has(role) ?? true) && (inRacks?.has(rack) ?? true) && (serials?.has(serial) ?? true);
}

/** What is left of a wave. */
interface Rest {
  /** Whether machines of it restart, are to, or boot by themselves. */
  atWork: boolean;
  /** Until when machines of it that are back must have run; 0 when none must. */
  soaksUntil: number;
}

/**
 * Why machines of a wave may not restart yet, by the number of the wave: one before it has machines left, or machines
 * that have not run long enough.
 * @param now milliseconds since 1970
 */
export function waveGates(
  policy: RolloutPolicy,
  members: readonly WaveMember[],
  proof: Proof,
  now: number,
): (wave: number) => ClosedGate | null {
  const names = (policy.waves ?? []).map(({ name }) => name);
  if (names.length === 0) return () => null;
  const rests = names.map((): Rest => ({ atWork: false, soaksUntil: 0 }));
  const indexOf = waveOf(policy);
  for (const member of members) {
    const rest = rests[indexOf(member.machine)];
    if (rest) look(rest, member, policy, proof, now);
  }
  const first = rests.findIndex(({ atWork, soaksUntil }) => atWork || soaksUntil > now);
  const rest = rests[first];
  if (!rest) return () => null;
  const gate: ClosedGate = rest.atWork
    ? { open: false, code: 'wave', waitsFor: `wave ${names[first]} comes first` }
    : {
        open: false,
        code: 'soak',
        waitsFor: `wave ${names[first]} must run until ${momentText(policy, rest.soaksUntil)}`,
      };
  return (wave) => (wave > first ? gate : null);
}

function look(
  rest: Rest,
  { machine, state, since }: WaveMember,
  policy: RolloutPolicy,
  proof: Proof,
  now: number,
): void {
  switch (state.state) {
    case 'outdated':
      rest.atWork = true;
      return;
    case 'working':
    case 'finished':
    case 'moot':
      if (state.operation.kind === 'restart') rest.atWork = true;
      return;
    case 'failed':
      // One that does not halt was given up by a new commit.
      if (state.halts) rest.atWork = true;
      return;
    case 'away':
      // One that boots into what is new may yet show that it is bad; one that does not come back at all is no news.
      if (since !== null && proof.concerns(machine) && now < since + policy.deadlineSeconds * 1000) rest.atWork = true;
      return;
    case 'settled':
      if (since === null || policy.soakSeconds === undefined || !proof.concerns(machine)) return;
      rest.soaksUntil = Math.max(rest.soaksUntil, since + policy.soakSeconds * 1000);
      return;
    case 'unseen':
      return;
  }
}
