import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import { readFolder } from '../../reconciler/source/folder.ts';
import type { Blueprint } from '../../renderers/blueprint.ts';
import { compile } from '../../renderers/compile.ts';
import { ignitionScope, prepareIgnition } from '../../renderers/ignition.ts';
import { sha256 } from '../../schema/canonical.ts';
import { formatDiagnostic } from '../../schema/diagnostic.ts';
import { loadSite } from '../../schema/load.ts';
import { checkRules } from '../../schema/rules/rules.ts';

const example = fileURLToPath(new URL('../../examples/site-repo', import.meta.url));
const files = await readFolder(example);
const loaded = loadSite(files);

function compiled(): Blueprint {
  assert.ok(loaded.site, 'the example loads');
  const { blueprint } = compile(loaded.site);
  assert.ok(blueprint, 'the example compiles');
  return blueprint;
}

/** Rendered Ignition by host name. */
function renderAll(blueprint: Blueprint): Map<string, string> {
  const renderers = new Map([...blueprint.ignition].map(([role, source]) => [role, prepareIgnition(source)]));
  const rendered = new Map<string, string>();
  for (const machine of blueprint.machines.values()) {
    const rack = blueprint.racks.get(machine.rack);
    const source = blueprint.ignition.get(machine.role);
    const render = renderers.get(machine.role);
    assert.ok(rack && source && render);
    rendered.set(machine.name, render(ignitionScope(blueprint.site, rack, machine, source)));
  }
  return rendered;
}

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(new Error(`${program} is missing; on Debian: apt-get install ${program.replace('-validate', '')}`));
      } else resolve({ ok: error === null, output: stdout + stderr });
    });
  });
}

/** What Ignition says to each config that it does not take without a word. */
async function complaints(configs: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'berth-ignition-'));
  const found = new Map<string, string>();
  try {
    const queue = [...configs];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const file = path.join(folder, next[0]);
        await writeFile(file, next[1]);
        const { ok, output } = await run('ignition-validate', [file]);
        if (!ok || output !== '') found.set(next[0], output);
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  } finally {
    await rm(folder, { recursive: true });
  }
  return found;
}

test('nothing is found wrong with the example', () => {
  const rules = loaded.site ? checkRules(loaded.site) : [];
  const compilation = loaded.site ? compile(loaded.site).diagnostics : [];
  assert.deepEqual([...loaded.diagnostics, ...rules, ...compilation].map(formatDiagnostic), []);
  assert.ok(loaded.site);
});

test('it has the shape of a small data center', () => {
  const { site } = loaded;
  assert.ok(site);
  assert.equal(site.site.value.network.spines.length, 2);
  assert.deepEqual([...site.racks.keys()], ['r0', 'r1', 'r2', 'r3']);
  for (const [name, rack] of site.racks) {
    assert.equal(rack.value.tors.length, 2, name);
    for (const tor of rack.value.tors) assert.deepEqual(Object.keys(tor.links), site.site.value.network.spines);
  }
  assert.deepEqual(
    site.site.value.bootServers.map(({ name, rack, joined }) => `${name} ${rack} ${joined}`),
    ['boot-0 0 true', 'boot-1 1 true', 'boot-2 2 true', 'boot-3 3 false'],
  );
  const machines = [...site.racks.values()].flatMap((rack) => rack.value.machines);
  assert.ok(machines.length >= 30, `${machines.length} machines`);
  assert.deepEqual([...new Set(machines.map(({ role }) => role))].sort(), ['cs', 'ss']);
  assert.deepEqual(new Set([...site.racks.values()].map((rack) => rack.value.powerFeed)), new Set(['A', 'B']));
  for (const { macs } of machines) {
    assert.equal(macs.length, 2);
    for (const mac of macs) assert.match(mac, /^.[26ae]:/, 'locally administered');
  }
});

test('addresses are those of the usual plan', () => {
  const blueprint = compiled();
  assert.deepEqual(
    blueprint.site.servers.map(({ node }) => node),
    ['10.69.0.3', '10.69.0.195', '10.69.1.131', '10.69.2.67'],
  );
  const first = blueprint.machines.get('FQ7K2D3');
  assert.ok(first);
  assert.deepEqual([first.name, first.node, first.bmc.address], ['r0-04', '10.69.0.4', '10.72.17.4']);
  assert.deepEqual(
    first.links.map(({ address, gateway }) => `${address} ${gateway}`),
    ['10.69.0.68 10.69.0.65', '10.69.0.132 10.69.0.129'],
  );
});

test('no machine depends on which boot servers have joined', () => {
  const blueprint = compiled();
  const servers = blueprint.site.servers.map((server) => ({ ...server, joined: true }));
  const grown = renderAll({ ...blueprint, site: { ...blueprint.site, servers } });
  assert.deepEqual(grown, renderAll(blueprint));
});

test('Ignition takes the config of every machine', async () => {
  const rendered = renderAll(compiled());
  assert.deepEqual(await complaints(rendered), new Map());
});

test('and it would not take one whose unit is broken', async () => {
  const [first] = renderAll(compiled()).values();
  assert.ok(first);
  const broken = first.replace('"units":[', '"units":[{"name":"broken.service","contents":"[Unit"},');
  assert.notEqual(broken, first);
  const found = await complaints(new Map([['broken', broken]]));
  assert.match(found.get('broken') ?? '', /invalid unit content/);
});

test('machines get the config that their blueprint names', () => {
  const blueprint = compiled();
  const rendered = renderAll(blueprint);
  for (const machine of blueprint.machines.values()) {
    assert.equal(sha256(rendered.get(machine.name) ?? ''), machine.boot.ignition, machine.name);
  }
  const configs = [...rendered.values()];
  assert.equal(new Set(configs).size, blueprint.machines.size);
  for (const config of configs) assert.ok(!config.includes('{{') && !config.includes(encodeURIComponent('{{')));
});

test('its shell scripts are POSIX shell and installed as programs', async () => {
  const scripts = [...files].filter(([, { bytes }]) => Buffer.from(bytes).toString('latin1').startsWith('#!'));
  assert.ok(scripts.length >= 5, `${scripts.length} scripts`);
  for (const [file, { bytes, executable }] of scripts) {
    assert.equal(Buffer.from(bytes).toString().split('\n', 1)[0], '#!/bin/sh', file);
    assert.ok(executable, `${file} is executable`);
    assert.deepEqual(await run('sh', ['-n', path.join(example, file)]), { ok: true, output: '' }, file);
    const [, folder = '', local = ''] = /^ignition\/([^/]+)\/(.+)$/.exec(file) ?? [];
    const document = await readFile(path.join(example, 'ignition', folder, 'ignition.yaml'), 'utf8');
    assert.match(document, new RegExp(`mode: "0755"\\n +contents: \\{ local: ${local} \\}`), file);
  }
});

test.run();
