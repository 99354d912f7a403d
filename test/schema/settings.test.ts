// The one order of precedence: the machine before its role, the role before the defaults of the site.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { declaredMachines } from '../../schema/machines.ts';
import { layersOf, settingsInEffect, taintKey } from '../../schema/settings.ts';
import { changed, example, siteOf } from './example-site.ts';

const site = siteOf(
  changed(
    example,
    [
      'site.yaml',
      'defaults:\n  arguments:\n    - flatcar.first_boot=1\n    - console=tty0\n    - console=ttyS0,115200n8\n  variables:\n    journalMaxUse: 512M\n',
      'defaults:\n  os: flatcar-4081.3.1\n  arguments: [a=1, b=2]\n  labels: { site: s, both: s }\n  taints: [k=site:NoExecute, k=site:NoSchedule]\n  variables: { journalMaxUse: 1M, site: 1 }\n',
    ],
    [
      'racks/r3.yaml',
      'labels: { gpu: l4 }',
      'os: flatcar-4081.3.1\n    arguments: [c=3, a=1, d=4]\n    labels: { gpu: l4, both: m, berth.dev/role: own }\n    taints: [k=machine:NoExecute]\n    variables: { scratchDisk: /dev/own, mine: true }',
    ],
    ['roles/ss.yaml', 'os: flatcar-4081.2.0\n', ''],
  ),
);

test('of a role, over the defaults', () => {
  const settings = settingsInEffect(layersOf(site, 'cs'));
  assert.is(settings.os, 'flatcar-4081.2.0');
  assert.equal(settings.arguments, [
    'a=1',
    'b=2',
    'cpufreq.default_governor=performance',
    'transparent_hugepage=madvise',
  ]);
  assert.equal(settings.labels, { site: 's', both: 's', 'berth.dev/role': 'compute' });
  assert.equal(settings.taints, ['k=site:NoExecute', 'k=site:NoSchedule']);
  assert.is(settings.variables.journalMaxUse, '2G');
  assert.is(settings.variables.site, 1);
});

test('of a role that leaves it to the defaults', () => {
  assert.is(settingsInEffect(layersOf(site, 'ss')).os, 'flatcar-4081.3.1');
});

test('arguments stand once, but for those that depend on what stands before them', () => {
  const upper = { arguments: ['quiet', 'hugepagesz=1G', 'hugepages=16', 'hugepagesz=2M', 'hugepages=16'] };
  const settings = settingsInEffect([{ settings: upper }, { settings: { arguments: ['quiet'] } }]);
  assert.equal(settings.arguments, ['quiet', 'hugepagesz=1G', 'hugepages=16', 'hugepagesz=2M', 'hugepages=16']);
});

test('of a machine, over its role, over the defaults', () => {
  const declared = [...declaredMachines(site)].find(({ machine }) => machine.serial === 'H2RQP02');
  assert.ok(declared);
  const layers = layersOf(site, declared.machine.role, declared);
  assert.equal(
    layers.map(({ document, path }) => [document.file, ...path]),
    [['racks/r3.yaml', 'machines', 5], ['roles/cs.yaml'], ['site.yaml', 'defaults']],
  );
  const settings = settingsInEffect(layers);
  assert.is(settings.os, 'flatcar-4081.3.1');
  assert.equal(settings.arguments.slice(-2), ['c=3', 'd=4']);
  assert.is(settings.arguments.filter((argument) => argument === 'a=1').length, 1);
  assert.equal(settings.labels, { site: 's', both: 'm', 'berth.dev/role': 'own', gpu: 'l4' });
  assert.equal(settings.taints, ['k=machine:NoExecute', 'k=site:NoSchedule']);
  assert.equal(
    [settings.variables.scratchDisk, settings.variables.journalMaxUse, settings.variables.mine],
    ['/dev/own', '2G', true],
  );
});

test('of a role that is not declared', () => {
  assert.is(settingsInEffect(layersOf(site, 'constructor')).os, 'flatcar-4081.3.1');
});

test('taints are told apart by key and effect', () => {
  assert.is(taintKey('berth.dev/role=storage:NoSchedule'), 'berth.dev/role:NoSchedule');
  assert.is(taintKey('spot:NoExecute'), 'spot:NoExecute');
});

test.run();
