// The decision table of one machine, over every combination that tells two states apart.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MachineState, machineState } from '../../../reconciler/plan/machine-state.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { blueprintOf, bootDigest, reportOf, restartOf, since } from './racks.ts';

const deadlineSeconds = 600;
const deadline = since + deadlineSeconds * 1000;
const machine = blueprintOf({ racks: { r0: ['A'] }, config: () => 'new' }).machines.get('A') as MachineObject;
const [older, old, other] = ['older', 'old', 'other'].map((config) => bootDigest('A', config)) as [
  string,
  string,
  string,
];

const report = (change: Partial<ObservedMachine> = {}): ObservedMachine => reportOf(machine, change);
const restart = (change: Partial<Operation> = {}): Operation => restartOf(machine, change);
const provision = (change: Partial<Operation> = {}): Operation =>
  restart({ kind: 'provision', bootIdBefore: null, ...change });

interface Row {
  readonly name: string;
  readonly seen?: ObservedMachine;
  readonly operation?: Operation;
  readonly now?: number;
  /** The time for restarts is over. */
  readonly calledOff?: boolean;
  readonly expected: MachineState['state'];
  /** More of the state that is expected. */
  readonly and?: { readonly started?: boolean; readonly halts?: boolean; readonly why?: RegExp };
}

const before = { bootId: 'boot-1', bootDigest: old };
const after = { bootId: 'boot-2' };

const table: readonly Row[] = [
  // Nothing is being done to it.
  { name: 'never seen', expected: 'unseen' },
  { name: 'runs what it should', seen: report(), expected: 'settled' },
  { name: 'runs what it should, from an older generation', seen: report({ generation: 0 }), expected: 'settled' },
  { name: 'runs something else', seen: report({ bootDigest: old }), expected: 'outdated' },
  { name: 'boots what it should', seen: report({ phase: 'booting' }), expected: 'away' },
  { name: 'boots something else', seen: report({ phase: 'booting', bootDigest: old }), expected: 'away' },
  { name: 'fetches what it should', seen: report({ phase: 'provisioning' }), expected: 'away' },

  // A first boot.
  { name: 'first boot, nothing heard', operation: provision(), expected: 'working', and: { started: true } },
  {
    name: 'first boot, power not asked for',
    operation: provision({ attempts: 0 }),
    expected: 'working',
    and: { started: false },
  },
  {
    name: 'first boot, on its way',
    operation: provision(),
    seen: report({ phase: 'provisioning' }),
    expected: 'working',
    and: { started: true },
  },
  { name: 'first boot, it runs', operation: provision(), seen: report(), expected: 'finished' },
  {
    name: 'first boot, it runs without having been powered',
    operation: provision({ attempts: 0 }),
    seen: report(),
    expected: 'finished',
  },
  {
    name: 'first boot, it runs something else',
    operation: provision(),
    seen: report({ bootDigest: other }),
    expected: 'finished',
  },
  {
    name: 'first boot, late',
    operation: provision(),
    now: deadline + 1,
    expected: 'failed',
    and: { started: true, halts: false, why: /^has not come up since 2026-01-01T00:00:00.000Z$/ },
  },
  {
    name: 'first boot, late, for lack of power',
    operation: provision({ attempts: 0 }),
    now: deadline + 1,
    expected: 'failed',
    and: { started: false, halts: false, why: /^could not be powered since / },
  },
  {
    name: 'first boot, late, but it runs',
    operation: provision(),
    seen: report(),
    now: deadline + 1,
    expected: 'finished',
  },
  {
    name: 'first boot of what is not wanted any more, power not asked for',
    operation: provision({ attempts: 0, bootDigest: old }),
    expected: 'moot',
  },
  { name: 'first boot of what is not wanted any more', operation: provision({ bootDigest: old }), expected: 'working' },

  // A restart.
  {
    name: 'restart, power not asked for',
    operation: restart({ attempts: 0 }),
    seen: report(before),
    expected: 'working',
    and: { started: false },
  },
  {
    name: 'restart, it has not gone yet',
    operation: restart(),
    seen: report(before),
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'restart, tried more than once',
    operation: restart({ attempts: 3 }),
    seen: report(before),
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'restart, it boots',
    operation: restart(),
    seen: report({ ...after, phase: 'booting' }),
    expected: 'working',
  },
  {
    name: 'restart, it fetches',
    operation: restart(),
    seen: report({ ...after, phase: 'provisioning' }),
    expected: 'working',
  },
  { name: 'restart, it is back', operation: restart(), seen: report(after), expected: 'finished' },
  {
    name: 'restart, it is back before power was said to be asked for',
    operation: restart({ attempts: 0 }),
    seen: report(after),
    expected: 'finished',
  },
  {
    name: 'restart, it is back with what it ran before',
    operation: restart(),
    seen: report({ ...after, bootDigest: old }),
    expected: 'failed',
    and: { halts: true, started: true, why: /^runs [0-9a-f]{12} after its restart, not [0-9a-f]{12}$/ },
  },
  {
    name: 'restart, nothing is known of the machine',
    operation: restart(),
    expected: 'working',
    and: { started: true },
  },

  {
    name: 'restart, power not asked for, it boots by itself',
    operation: restart({ attempts: 0 }),
    seen: report({ ...after, phase: 'booting' }),
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'restart, power not asked for, it booted by itself into something else',
    operation: restart({ attempts: 0 }),
    seen: report({ ...after, bootDigest: old }),
    expected: 'moot',
  },
  {
    name: 'first boot, power not asked for, somebody pressed the button',
    operation: provision({ attempts: 0 }),
    seen: report({ phase: 'provisioning' }),
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'given up, power not asked for, it boots by itself',
    operation: restart({ attempts: 0, bootDigest: other }),
    seen: report({ ...after, phase: 'booting' }),
    expected: 'working',
    and: { started: true },
  },

  // The deadline: it may be used up to its last millisecond.
  { name: 'restart, at the deadline', operation: restart(), seen: report(before), now: deadline, expected: 'working' },
  {
    name: 'restart, past the deadline',
    operation: restart(),
    seen: report(before),
    now: deadline + 1,
    expected: 'failed',
    and: { halts: true, started: true, why: /^has not come back since / },
  },
  {
    name: 'restart, past the deadline, it still boots',
    operation: restart(),
    seen: report({ ...after, phase: 'provisioning' }),
    now: deadline + 1,
    expected: 'failed',
    and: { halts: true },
  },
  {
    name: 'restart, past the deadline, power not asked for',
    operation: restart({ attempts: 0 }),
    seen: report(before),
    now: deadline + 1,
    expected: 'failed',
    and: { halts: true, started: false, why: /^could not be powered since / },
  },
  {
    name: 'restart, past the deadline, it is back',
    operation: restart(),
    seen: report(after),
    now: deadline + 1,
    expected: 'finished',
  },
  {
    name: 'restart, begun in the future of this clock',
    operation: restart(),
    seen: report(before),
    now: since - 1,
    expected: 'working',
  },

  // A new commit wants something else than the restart was for.
  {
    name: 'given up, power not asked for',
    operation: restart({ attempts: 0, bootDigest: other }),
    seen: report(before),
    expected: 'moot',
  },
  {
    name: 'given up, power not asked for, late',
    operation: restart({ attempts: 0, bootDigest: other }),
    seen: report(before),
    now: deadline + 1,
    expected: 'moot',
  },
  {
    name: 'given up, power not asked for, and it runs what is wanted now',
    operation: restart({ attempts: 0, bootDigest: other }),
    seen: report({ bootId: 'boot-1' }),
    expected: 'moot',
  },
  {
    name: 'given up, under way',
    operation: restart({ bootDigest: other }),
    seen: report(before),
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'given up, late',
    operation: restart({ bootDigest: other }),
    seen: report(before),
    now: deadline + 1,
    expected: 'failed',
    and: { halts: false, started: true },
  },
  {
    name: 'given up, back with what is wanted now',
    operation: restart({ bootDigest: other }),
    seen: report(after),
    expected: 'finished',
  },
  {
    name: 'given up, back with what it was restarted for',
    operation: restart({ bootDigest: other }),
    seen: report({ ...after, bootDigest: other }),
    expected: 'finished',
  },
  {
    name: 'given up, back with something older',
    operation: restart({ bootDigest: other }),
    seen: report({ ...after, bootDigest: older }),
    expected: 'finished',
  },

  // The time for restarts is over.
  {
    name: 'called off, power not asked for',
    operation: restart({ attempts: 0 }),
    seen: report(before),
    calledOff: true,
    expected: 'moot',
  },
  {
    name: 'called off, power not asked for for too long',
    operation: restart({ attempts: 0 }),
    seen: report(before),
    now: deadline + 1,
    calledOff: true,
    expected: 'moot',
  },
  {
    name: 'called off, under way',
    operation: restart(),
    seen: report(before),
    calledOff: true,
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'called off, gone by itself',
    operation: restart({ attempts: 0 }),
    seen: report({ phase: 'booting', bootId: 'boot-2' }),
    calledOff: true,
    expected: 'working',
    and: { started: true },
  },
  {
    name: 'called off, late',
    operation: restart(),
    seen: report(before),
    now: deadline + 1,
    calledOff: true,
    expected: 'failed',
    and: { halts: true, started: true },
  },
  { name: 'called off, a first boot', operation: provision({ attempts: 0 }), calledOff: true, expected: 'working' },
  { name: 'called off, nothing done to it', seen: report({ bootDigest: old }), calledOff: true, expected: 'outdated' },
];

for (const { name, seen, operation, now = since + 1000, calledOff = false, expected, and = {} } of table) {
  test(`machineState: ${name}`, () => {
    const state = machineState(machine, seen, operation, deadlineSeconds, now, calledOff);
    assert.is(state.state, expected);
    if ('operation' in state) assert.is(state.operation, operation);
    const { started, halts, why } = { ...state } as { started?: boolean; halts?: boolean; why?: string };
    if (and.started !== undefined) assert.is(started, and.started);
    if (and.halts !== undefined) assert.is(halts, and.halts);
    if (and.why !== undefined) assert.match(why ?? '', and.why);
  });
}

test('every state has a row', () => {
  const states: readonly MachineState['state'][] = [
    'settled',
    'unseen',
    'outdated',
    'working',
    'failed',
    'finished',
    'moot',
    'away',
  ];
  assert.equal([...new Set(table.map(({ expected }) => expected))].sort(), [...states].sort());
});

test.run();
