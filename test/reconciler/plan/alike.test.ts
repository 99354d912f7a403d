import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reason } from '../../../reconciler/plan/action.ts';
import { Alike } from '../../../reconciler/plan/alike.ts';
import { example } from './example.ts';

const place = { file: 'roles/cs.yaml', line: 5, column: 3 };
const reason: Reason = { field: 'boot.arguments', from: 'a', to: 'b', place };
const others: readonly (readonly Reason[])[] = [
  [],
  [reason, reason],
  [{ ...reason, field: 'boot.os' }],
  [{ ...reason, from: null }],
  [{ ...reason, to: 'c' }],
  [{ ...reason, place: null }],
  [{ ...reason, place: { ...place, file: 'roles/ss.yaml' } }],
  [{ ...reason, place: { ...place, line: 6 } }],
  [{ ...reason, place: { ...place, column: 4 } }],
];

test('machines of a role that change alike one after the other share their reasons', () => {
  const alike = new Alike(() => 'A');
  const first = alike.reasons('cs', [reason]);
  assert.is(alike.reasons('cs', [{ ...reason, place: { ...place } }]), first);
  alike.reasons('ss', [{ ...reason, to: 'c' }]);
  assert.is(alike.reasons('cs', [{ ...reason }]), first);
});

test('reasons that differ in anything are not shared', () => {
  for (const other of others) {
    const alike = new Alike(() => 'A');
    alike.reasons('cs', [reason]);
    assert.is(alike.reasons('cs', other), other, JSON.stringify(other));
  }
});

test('machines of a rack and a role share their failure domains, unless they are wired otherwise', () => {
  const [machine] = example.blueprint.machines.values();
  assert.ok(machine);
  const alike = new Alike((rack) => `feed of ${rack}`);
  const domains = alike.domains(machine);
  const { rack, role, links } = machine;
  assert.equal(domains, { rack, tors: links.map(({ tor }) => tor), powerFeed: `feed of ${rack}`, role });
  assert.is(alike.domains({ ...machine, serial: 'another' }), domains);
  assert.is(alike.domains({ ...machine, role: 'another' }).role, 'another');
  assert.is(alike.domains({ ...machine, rack: 'another' }).powerFeed, 'feed of another');
  const rewired = links.map((link) => ({ ...link, tor: 'another' }));
  assert.equal(
    alike.domains({ ...machine, links: rewired }).tors,
    rewired.map(({ tor }) => tor),
  );
  assert.equal(alike.domains({ ...machine, links: [] }).tors, []);
});

test.run();
