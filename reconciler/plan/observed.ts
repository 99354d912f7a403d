// What is known about the world when a plan is made: facts as boot servers, agents and machines report them.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../schema/types/observed-server.ts';
import type { Operation } from '../../schema/types/operation.ts';

export interface Observed {
  /** By serial; a machine that never reported is not there. */
  readonly machines: ReadonlyMap<string, ObservedMachine>;
  /** By serial. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** By name; only servers that are alive. */
  readonly servers: ReadonlyMap<string, ObservedServer>;
}

/** Where nobody has reported anything. */
export const nothingObserved: Observed = { machines: new Map(), operations: new Map(), servers: new Map() };

/** For plans without etcd: every machine of a blueprint runs just what the blueprint says. */
export function assumeSettled(blueprint: Blueprint, generation: number): Observed {
  const at = new Date(0).toISOString();
  const machines = new Map<string, ObservedMachine>();
  const bootId = `assumed-${generation}`;
  for (const { serial, bootDigest, node } of blueprint.machines.values()) {
    machines.set(serial, { serial, phase: 'running', bootDigest, bootId, generation, address: node, server: '', at });
  }
  return { machines, operations: new Map(), servers: new Map() };
}
