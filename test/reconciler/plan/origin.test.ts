// Every field that a plan can name leads to its line in the site repo.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffMachine } from '../../../reconciler/plan/diff/machine.ts';
import { diffSite } from '../../../reconciler/plan/diff/site.ts';
import { originsOf } from '../../../reconciler/plan/origin.ts';
import { compiled, type Edit, edited, example, exampleFiles, textAt } from './example.ts';

const origin = originsOf(example.site);
/** r0-04, a compute server; r2-10, a storage server; r3-09, a compute server with a label of its own. */
const [compute, storage, labelled] = ['FQ7K2D3', 'S4344N1', 'H2RQP02'];

interface Row {
  readonly serial: string | null;
  readonly field: string;
  readonly file: string;
  /** What stands at the place. */
  readonly text: string;
}

const table: readonly Row[] = [
  // A machine's own line.
  { serial: compute, field: 'machine', file: 'racks/r0.yaml', text: '{ serial: FQ7K2D3' },
  { serial: compute, field: 'role', file: 'racks/r0.yaml', text: 'cs, macs' },
  { serial: storage, field: 'role', file: 'racks/r2.yaml', text: 'ss, macs' },
  { serial: compute, field: 'slot', file: 'racks/r0.yaml', text: '4, role' },
  { serial: compute, field: 'name', file: 'racks/r0.yaml', text: '4, role' },
  { serial: compute, field: 'macs', file: 'racks/r0.yaml', text: '[02:be:00:00:04:01' },
  { serial: compute, field: 'node', file: 'racks/r0.yaml', text: '4, role' },
  { serial: compute, field: 'links', file: 'racks/r0.yaml', text: '4, role' },
  { serial: compute, field: 'bmc', file: 'racks/r0.yaml', text: '4, role' },
  { serial: compute, field: 'bmc.type', file: 'racks/r0.yaml', text: 'redfish }' },
  { serial: compute, field: 'boot.ignition', file: 'racks/r0.yaml', text: '{ serial: FQ7K2D3' },
  { serial: labelled, field: 'labels.gpu', file: 'racks/r3.yaml', text: 'l4 }' },
  // Its rack and the site.
  { serial: compute, field: 'rack', file: 'racks/r0.yaml', text: '0' },
  { serial: compute, field: 'rack.number', file: 'racks/r0.yaml', text: '0' },
  { serial: compute, field: 'rack.powerFeed', file: 'racks/r0.yaml', text: 'A' },
  { serial: compute, field: 'rack.asn', file: 'site.yaml', text: '64600' },
  { serial: compute, field: 'tors', file: 'racks/r0.yaml', text: '- { name: r0-tor1' },
  { serial: compute, field: 'gateways', file: 'site.yaml', text: '1' },
  { serial: compute, field: 'bmc.gateway', file: 'site.yaml', text: '10.72.16.1' },
  { serial: compute, field: 'site.ntp', file: 'site.yaml', text: 'ntp: [' },
  { serial: compute, field: 'site.domain', file: 'site.yaml', text: 'tokyo0.example.com' },
  { serial: compute, field: 'site.name', file: 'site.yaml', text: 'tokyo0 #' },
  { serial: compute, field: 'bootServers', file: 'site.yaml', text: 'bootServers:' },
  // Its role.
  { serial: compute, field: 'boot.os', file: 'roles/cs.yaml', text: 'flatcar-4081.2.0' },
  { serial: storage, field: 'boot.os', file: 'roles/ss.yaml', text: 'flatcar-4081.2.0' },
  { serial: compute, field: 'boot.arguments', file: 'roles/cs.yaml', text: '- cpufreq.default_governor' },
  { serial: compute, field: 'boot.kernel', file: 'releases.yaml', text: '857b3f255a2b' },
  { serial: compute, field: 'boot.initrd', file: 'releases.yaml', text: 'f3a9444223b3' },
  { serial: compute, field: 'boot.ignitionSource', file: 'roles/cs.yaml', text: '[common, cs]' },
  { serial: storage, field: 'variables.dataDisks', file: 'roles/ss.yaml', text: '12' },
  { serial: compute, field: 'labels.berth.dev/role', file: 'roles/cs.yaml', text: 'compute' },
  // Its role, or what holds where neither it nor its role says anything.
  { serial: compute, field: 'variables.journalMaxUse', file: 'roles/cs.yaml', text: '2G' },
  { serial: storage, field: 'variables.journalMaxUse', file: 'site.yaml', text: '512M' },
  { serial: compute, field: 'boot.arguments.0', file: 'site.yaml', text: 'flatcar.first_boot=1' },
  // Its Ignition: the file itself, or the entry where the text stands in it.
  {
    serial: compute,
    field: 'ignition:/etc/chrony/chrony.conf',
    file: 'ignition/common/etc/chrony/chrony.conf',
    text: '# ',
  },
  {
    serial: storage,
    field: 'ignition:/opt/site/bin/check-data-disks',
    file: 'ignition/ss/bin/check-data-disks',
    text: '#!/bin/sh',
  },
  {
    serial: storage,
    field: 'ignition:data-disks.service',
    file: 'ignition/ss/units/data-disks.service',
    text: '[Unit]',
  },
  { serial: compute, field: 'ignition:srv-scratch.mount', file: 'ignition/common/ignition.yaml', text: '[Unit]' },
  {
    serial: compute,
    field: 'ignition:/etc/hostname',
    file: 'ignition/common/ignition.yaml',
    text: '{{ machine.name }}',
  },
  { serial: compute, field: 'ignition:fstrim.timer', file: 'ignition/cs/ignition.yaml', text: 'fstrim.timer' },
  { serial: compute, field: 'ignition:core', file: 'ignition/common/ignition.yaml', text: 'core' },
  { serial: compute, field: 'ignition:/etc/localtime', file: 'ignition/common/ignition.yaml', text: '/etc/localtime' },
  // What is gone leads to where it was named.
  { serial: compute, field: 'ignition:/etc/was-there', file: 'roles/cs.yaml', text: '[common, cs]' },
  { serial: compute, field: 'labels.was-there', file: 'roles/cs.yaml', text: 'berth.dev/role: compute' },
  { serial: compute, field: 'taints', file: 'racks/r0.yaml', text: '{ serial: FQ7K2D3' },
  { serial: storage, field: 'taints', file: 'roles/ss.yaml', text: '- berth.dev/role=storage' },
  // The site itself.
  { serial: null, field: 'rollout.canaries', file: 'site.yaml', text: '1' },
  { serial: null, field: 'bootServers.boot-3.joined', file: 'site.yaml', text: 'false }' },
  { serial: null, field: 'bootServers.boot-9', file: 'site.yaml', text: 'bootServers:' },
  { serial: null, field: 'site.leaseSeconds', file: 'site.yaml', text: '3600' },
  { serial: null, field: 'releases.os.flatcar-4081.3.1', file: 'releases.yaml', text: 'flatcar-4081.3.1:' },
  { serial: null, field: 'releases.os.flatcar-4081.3.1.initrd.sizeBytes', file: 'releases.yaml', text: '4194304' },
  { serial: null, field: 'releases.os.flatcar-9', file: 'releases.yaml', text: 'os:' },
  { serial: null, field: 'racks.r3', file: 'racks/r3.yaml', text: 'rack: 3' },
  { serial: null, field: 'racks.r3.machines', file: 'racks/r3.yaml', text: 'machines:' },
  { serial: null, field: 'racks.r3.tors.r3-tor2.links.spine1', file: 'racks/r3.yaml', text: '14' },
  { serial: null, field: 'racks.r3.asn', file: 'site.yaml', text: '64600' },
];

for (const { serial, field, file, text } of table) {
  test(`origin: ${field}${serial === null ? '' : ` of ${serial}`}`, () => {
    const place = origin(serial, field);
    assert.is(place?.file, file);
    const found = place ? textAt(exampleFiles, place) : '';
    assert.ok(found.startsWith(text), `${place?.line}:${place?.column} is at ${JSON.stringify(found)}`);
  });
}

test('a label that a machine says for itself is the machine’s, though its role says it too', () => {
  const { site } = compiled(edited(exampleFiles, ['racks/r3.yaml', 'gpu: l4', 'berth.dev/role: gpu']));
  assert.is(originsOf(site)(labelled, 'labels.berth.dev/role')?.file, 'racks/r3.yaml');
  assert.is(originsOf(site)(compute, 'labels.berth.dev/role')?.file, 'roles/cs.yaml');
});

test('what the site does not have has no place', () => {
  assert.is(origin('UNKNOWN', 'role'), null);
  assert.is(origin(compute, 'no such field'), null);
  assert.is(origin(null, 'racks.r9.machines'), null);
});

test('whatever a change of the example makes differ has a place', () => {
  const edits: readonly Edit[] = [
    ['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195,', 'ntp: [10.69.0.3,'],
    ['site.yaml', 'joined: false', 'joined: true'],
    ['site.yaml', 'rackBase: 64600', 'rackBase: 64610'],
    ['racks/r2.yaml', 'serial: S4344N1, slot: 10, role: ss', 'serial: S4344N1, slot: 12, role: cs'],
    ['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1'],
    ['racks/r3.yaml', 'gpu: l4', 'gpu: l40'],
  ];
  const { site, blueprint } = compiled(edited(exampleFiles, ...edits));
  const places = originsOf(site);
  let asked = 0;
  for (const serial of [null, ...blueprint.machines.keys()]) {
    const changes =
      serial === null ? diffSite(example.blueprint, blueprint) : diffMachine(example.blueprint, blueprint, serial);
    for (const { field } of changes) {
      asked++;
      assert.ok(places(serial, field), `${field} of ${serial} has no place`);
    }
  }
  assert.ok(asked > 100, `${asked} changes`);
});

test.run();
