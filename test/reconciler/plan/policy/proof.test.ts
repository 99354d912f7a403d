// Which machines count as canaries.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { machineState } from '../../../../reconciler/plan/machine-state.ts';
import { proofOf } from '../../../../reconciler/plan/policy/proof.ts';
import type { ObservedMachine } from '../../../../schema/types/observed-machine.ts';
import type { Operation } from '../../../../schema/types/operation.ts';
import { blueprintOf, bootDigest, reportOf, restartOf, since } from '../racks.ts';

const generation = 2;
/** A, B and C change in generation 2; D, E and F do not. */
const racks = { r0: ['A', 'B', 'C', 'D', 'E', 'F'] };
const before = blueprintOf({ racks });
const target = blueprintOf({ racks, config: (serial) => (serial < 'D' ? 'new' : 'old') });

interface Row {
  readonly name: string;
  /** Serials that report from generation 2 what it says; those that do not run on as they were. */
  readonly booted: readonly string[];
  readonly operations?: readonly Operation[];
  readonly reports?: readonly ObservedMachine[];
  /** Without the blueprint before. */
  readonly unknownBefore?: boolean;
  readonly expected: number;
}

const machine = (serial: string) => {
  const found = target.machines.get(serial);
  if (!found) throw new Error(`no machine ${serial}`);
  return found;
};

const table: readonly Row[] = [
  { name: 'nobody has booted it', booted: [], expected: 0 },
  { name: 'one that it changes has', booted: ['A'], expected: 1 },
  { name: 'one that happens to reboot into what it ran before proves nothing', booted: ['E', 'F'], expected: 0 },
  { name: 'only the changed ones count', booted: ['A', 'B', 'E'], expected: 2 },
  { name: 'once all that changed are done, all count', booted: ['A', 'B', 'C', 'E'], expected: 4 },
  {
    name: 'one that is back counts, though that is not put down yet',
    booted: ['A'],
    operations: [restartOf(machine('A'))],
    expected: 1,
  },
  {
    name: 'while the last changed one is out, the unchanged do not count',
    booted: ['A', 'B', 'E'],
    operations: [restartOf(machine('C'))],
    expected: 2,
  },
  {
    name: 'nor while one is back with what was asked for before, and will restart again',
    booted: ['A', 'B', 'E'],
    operations: [restartOf(machine('C'), { bootDigest: bootDigest('C', 'other') })],
    reports: [reportOf(machine('C'), { bootId: 'boot-2', bootDigest: bootDigest('C', 'other') })],
    expected: 2,
  },
  {
    name: 'what runs the right thing from an older generation proves nothing',
    booted: [],
    reports: [reportOf(machine('A'), { generation: 1 })],
    expected: 0,
  },
  {
    name: 'what boots does not count yet',
    booted: [],
    reports: [reportOf(machine('A'), { generation, bootId: 'boot-2', phase: 'provisioning' })],
    expected: 0,
  },
  {
    name: 'what has booted it and runs something else does not count',
    booted: [],
    reports: [reportOf(machine('A'), { generation, bootId: 'boot-2', bootDigest: bootDigest('A', 'other') })],
    expected: 0,
  },
  {
    name: 'with nothing known of the generation before, all count',
    booted: ['A', 'E'],
    unknownBefore: true,
    expected: 2,
  },
];

for (const { name, booted, operations = [], reports = [], unknownBefore = false, expected } of table) {
  test(`proof: ${name}`, () => {
    const machines = new Map([...before.machines.values()].map((each) => [each.serial, reportOf(each)]));
    for (const serial of booted) machines.set(serial, reportOf(machine(serial), { generation, bootId: 'boot-2' }));
    for (const report of reports) machines.set(report.serial, report);
    const observed = { machines, operations: new Map(operations.map((one) => [one.serial, one])), servers: new Map() };
    const judged = [...target.machines.values()].map((each) => {
      const operation = observed.operations.get(each.serial);
      return { machine: each, state: machineState(each, machines.get(each.serial), operation, 600, since) };
    });
    const input = { generation, machines: judged, observed, before: unknownBefore ? undefined : before };
    assert.is(proofOf(input).since.length, expected);
  });
}

test('restarts that are left from a generation before: whatever has booted this one counts', () => {
  // Generation 3 changes nothing that boots; B still waits for what generation 2 changed.
  const machines = new Map([
    ['A', reportOf(machine('A'), { generation: 3, bootId: 'boot-2' })],
    ['B', reportOf(machine('B'), { bootDigest: bootDigest('B', 'old') })],
  ]);
  const observed = { machines, operations: new Map(), servers: new Map() };
  const judged = ['A', 'B'].map((serial) => {
    return {
      machine: machine(serial),
      state: machineState(machine(serial), machines.get(serial), undefined, 600, since),
    };
  });
  assert.is(proofOf({ generation: 3, machines: judged, observed, before: target }).since.length, 1);
});

test.run();
