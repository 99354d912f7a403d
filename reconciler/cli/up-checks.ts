// What `berth up` looks at to see that everything happened as it should: etcd, and nothing that a daemon says of itself.

import type { EtcdKv } from '../../schema/state/etcd.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import { applyBatch, type Entry } from '../../schema/state/kv.ts';
import { readRecord, records } from '../../schema/state/records.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { CompiledSite } from '../source/accept.ts';
import { CliError } from './cli-error.ts';

/** The boot that each machine runs from, by serial. */
export type BootIds = ReadonlyMap<string, string>;

export async function bootIds(kv: EtcdKv): Promise<BootIds> {
  return new Map([...(await observedMachines(kv))].map(([serial, { bootId }]) => [serial, bootId]));
}

/** @throws {CliError} unless the generation is in force and every machine runs just what it says */
export async function expectRunning(kv: EtcdKv, { blueprint }: CompiledSite, generation: number): Promise<void> {
  const entry = await kv.get(keys.target);
  const target = entry ? readRecord(records.target, entry) : null;
  if (target?.generation !== generation || target.root !== blueprint.root) {
    throw new CliError(`generation ${target?.generation ?? 0} is in force, and not generation ${generation}`);
  }
  const observed = await observedMachines(kv);
  for (const { serial, bootDigest } of blueprint.machines.values()) {
    const machine = observed.get(serial);
    if (machine?.phase === 'running' && machine.bootDigest === bootDigest) continue;
    throw new CliError(`${serial} does not run what generation ${generation} says`);
  }
}

/** @throws {CliError} unless just those machines have booted since */
export async function expectRestarted(
  kv: EtcdKv,
  { blueprint }: CompiledSite,
  before: BootIds,
  wanted: (machine: MachineObject) => boolean,
): Promise<void> {
  const now = await bootIds(kv);
  for (const machine of blueprint.machines.values()) {
    const restarted = now.get(machine.serial) !== before.get(machine.serial);
    if (restarted === wanted(machine)) continue;
    throw new CliError(`${machine.name} (${machine.serial}) ${restarted ? 'was restarted' : 'was not restarted'}`);
  }
}

export interface RestartWatch {
  /** Stop watching. @returns the racks that had restarts, in order @throws {CliError} if two had some at once */
  stop(): Promise<readonly string[]>;
}

/** Watch the operations to see the order of racks. */
export function watchRestarts(kv: EtcdKv, rackOf: (serial: string) => string): RestartWatch {
  const ended = new AbortController();
  const order: string[] = [];
  let together: readonly string[] = [];
  const watching = (async () => {
    const operations = new Map<string, Entry>();
    for await (const batch of kv.watch(folders.operations, ended.signal)) {
      applyBatch(operations, batch);
      const restarts = [...operations.values()].map((entry) => readRecord(records.operation, entry));
      const racks = [...new Set(restarts.map(({ serial }) => rackOf(serial)))];
      if (racks.length > 1) together = racks;
      for (const rack of racks) if (order.at(-1) !== rack) order.push(rack);
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await watching;
      if (together.length > 0) throw new CliError(`racks ${together.join(' and ')} had restarts at the same time`);
      if (new Set(order).size !== order.length) throw new CliError(`racks were not finished one by one: ${order}`);
      return order;
    },
  };
}

async function observedMachines(kv: EtcdKv): Promise<ReadonlyMap<string, ObservedMachine>> {
  const { entries } = await kv.list(folders.observedMachines);
  const machines = entries.map((entry) => readRecord(records.observedMachine, entry));
  return new Map(machines.map((machine) => [machine.serial, machine]));
}
