// Compiling with racks that were compiled before: always what compiling without them gives.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompileResult, compile } from '../../renderers/compile.ts';
import type { CompiledRack, RackCache, RackIgnition } from '../../renderers/compiled-rack.ts';
import type { SiteDocumentFile } from '../../schema/document.ts';
import { loadSite, type Site } from '../../schema/load.ts';
import { type Change, changed, example, siteOf } from '../schema/example-site.ts';

class MemoryCache implements RackCache {
  readonly racks = new Map<string, CompiledRack>();
  readonly ignition = new Map<string, ReadonlyMap<string, RackIgnition>>();
  hits = 0;
  /** Racks whose Ignition was rendered. */
  rendered = 0;

  getRack(key: string): CompiledRack | null {
    const found = this.racks.get(key);
    if (found) this.hits += 1;
    return found ?? null;
  }

  setRack(key: string, rack: CompiledRack): void {
    this.racks.set(key, rack);
  }

  getIgnition(key: string): ReadonlyMap<string, RackIgnition> | null {
    return this.ignition.get(key) ?? null;
  }

  setIgnition(key: string, racks: ReadonlyMap<string, RackIgnition>): void {
    const before = this.ignition.get(key);
    for (const [name, rack] of racks) if (before?.get(name) !== rack) this.rendered += 1;
    this.ignition.set(key, racks);
  }
}

/** All of a result as text, the order of everything included. */
function textOf({ blueprint, objects, diagnostics }: CompileResult): string {
  const maps = blueprint && [blueprint.ignition, blueprint.racks, blueprint.machines].map((map) => [...map]);
  const kept = blueprint && { ...blueprint, ignition: null, racks: null, machines: null };
  // What is not used by a blueprint nobody looks at when there is none.
  return JSON.stringify([kept, maps, blueprint && [...objects].sort(), diagnostics], null, 1);
}

const site = siteOf(example);

/** A cache with all racks of the example. */
function warmCache(): MemoryCache {
  const cache = new MemoryCache();
  compile(site, cache);
  assert.is(cache.racks.size, 4);
  assert.is(cache.rendered, 4);
  return cache;
}

/** A cache after the example with a change was compiled with it, which gave what it gives without. */
function cacheAfter(...changes: readonly Change[]): MemoryCache {
  const loaded = loadSite(changed(example, ...changes)).site;
  if (!loaded) throw new Error('the change makes no site');
  const cache = warmCache();
  assert.fixture(textOf(compile(loaded, cache)), textOf(compile(loaded)));
  return cache;
}

/** How many racks of the example a change leaves as they were. */
function hitsAfter(...changes: readonly Change[]): number {
  return cacheAfter(...changes).hits;
}

test('what did not change is not compiled again', () => assert.is(hitsAfter(), 4));

test('a rack that changed is compiled again, and no other', () => {
  assert.is(hitsAfter(['racks/r1.yaml', 'powerFeed: B', 'powerFeed: A']), 3);
});

test('what racks do not depend on changes none of them', () => {
  assert.is(hitsAfter(['site.yaml', 'canaries: 1', 'canaries: 2']), 4);
  assert.is(hitsAfter(['trust/signers.yaml', 'name: ', 'name: new']), 4);
});

test('a role that changed changes the racks of its machines', () => {
  const everywhere = ['roles/cs.yaml', 'arguments:\n', 'arguments:\n  - quiet\n'] as const;
  assert.is(hitsAfter(everywhere), 0);
});

test('a line of Ignition changes the racks whose roles have it', () => {
  assert.is(hitsAfter(['ignition/common/etc/modules-load.d/node.conf', '', '# changed\n']), 0);
});

test('Ignition is not rendered again for what its templates do not read', () => {
  const labels = 'defaults:\n  labels: { new: label }\n';
  const renderedAfter = (...changes: readonly Change[]): number => cacheAfter(...changes).rendered - 4;
  assert.is(renderedAfter(['roles/cs.yaml', 'arguments:\n', 'arguments:\n  - quiet\n']), 0);
  assert.is(renderedAfter(['site.yaml', 'defaults:\n', labels]), 0);
  assert.is(renderedAfter(['site.yaml', 'defaults:\n', labels], ['racks/r1.yaml', 'powerFeed: B', 'powerFeed: A']), 1);
  assert.is(renderedAfter(['ignition/common/etc/modules-load.d/node.conf', '', '# changed\n']), 4);
});

test('templates that read labels or the OS are rendered again when those change', () => {
  const read: Change = [
    'ignition/common/etc/modules-load.d/node.conf',
    '',
    '# {{ os.name }} {{ machine.labels.new }}\n',
  ];
  const labelled = (value: string): Change => ['site.yaml', 'defaults:\n', `defaults:\n  labels: { new: ${value} }\n`];
  const cache = new MemoryCache();
  const rendered: number[] = [];
  for (const value of ['a', 'b', 'a']) {
    const loaded = loadSite(changed(example, read, labelled(value))).site;
    if (!loaded) throw new Error('it does load');
    assert.fixture(textOf(compile(loaded, cache)), textOf(compile(loaded)));
    rendered.push(cache.rendered);
  }
  assert.equal(rendered, [4, 8, 8]);
});

/** Paths to all scalars of a value. */
function* leaves(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leaves(item, [...path, index]);
  else if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, item] of Object.entries(value)) yield* leaves(item, [...path, key]);
}

/** Another scalar of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = String(value);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return text.replace(/\d+$/, (octet) => String((Number(octet) + 1) % 256));
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text)) return text.replace(/^\d+/, (octet) => String((Number(octet) + 1) % 256));
  return `${text}x`;
}

function withLeaf<T>(document: SiteDocumentFile<T>, path: readonly (string | number)[]): SiteDocumentFile<T> {
  const value = structuredClone(document.value);
  let parent = value as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  parent[last] = another(parent[last]);
  return { ...document, value };
}

/** The example with one scalar changed, for each scalar of its documents; of racks and Ignition one stands for all. */
function* mutants(): Generator<readonly [string, Site]> {
  const each = function* <T>(document: SiteDocumentFile<T>, put: (mutant: SiteDocumentFile<T>) => Site) {
    for (const path of leaves(document.value)) {
      yield [`${document.file} ${path.join('.')}`, put(withLeaf(document, path))] as const;
    }
  };
  const put = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);
  yield* each(site.site, (mutant) => ({ ...site, site: mutant }));
  yield* each(site.releases, (mutant) => ({ ...site, releases: mutant }));
  if (site.cluster) yield* each(site.cluster, (mutant) => ({ ...site, cluster: mutant }));
  for (const [name, role] of site.roles) {
    yield* each(role, (mutant) => ({ ...site, roles: put(site.roles, name, mutant) }));
  }
  for (const [name, rack] of [...site.racks].slice(-1)) {
    yield* each(rack, (mutant) => ({ ...site, racks: put(site.racks, name, mutant) }));
  }
  for (const [name, folder] of [...site.ignition].slice(-1)) {
    yield* each(folder.document, (document) => {
      return { ...site, ignition: put(site.ignition, name, { ...folder, document }) };
    });
  }
}

test('no value of any document is forgotten', () => {
  const cache = warmCache();
  // Digests stand for the objects that they name.
  const summaryOf = ({ blueprint, objects, diagnostics }: CompileResult) =>
    JSON.stringify([blueprint && [blueprint.root, [...objects.keys()].sort()], diagnostics]);
  let compared = 0;
  let different = 0;
  const original = summaryOf(compile(site));
  for (const [name, mutant] of mutants()) {
    let expected: string;
    try {
      expected = summaryOf(compile(mutant));
    } catch {
      continue; // No address can be made of it, and no rule lets it through.
    }
    compared += 1;
    if (expected !== original) different += 1;
    // With what was kept of the example, and of all mutants before.
    assert.ok(summaryOf(compile(mutant, cache)) === expected, name);
  }
  assert.ok(compared > 150 && different > 80 && cache.hits > compared, `${compared} ${different} ${cache.hits}`);
});

test('a rack with a finding is not kept, so that it is found again', () => {
  const zone: Change = ['ignition/common/etc/modules-load.d/node.conf', '', '# {{ machine.labels.zone }}\n'];
  const broken = loadSite(changed(example, zone)).site;
  if (!broken) throw new Error('it does load');
  const cache = new MemoryCache();
  const [first, second] = [compile(broken, cache), compile(broken, cache)];
  assert.is(first.diagnostics[0]?.rule, 'BERTH-503');
  assert.equal(first.diagnostics, second.diagnostics);
  assert.is(cache.racks.size, 0);
});

test('what was compiled while a role was broken is not taken for it once it is whole', () => {
  // A file that is missing reads as an empty one would. And paths that hold templates are not looked at until the rest
  // is as it should be: on every machine these two are one.
  const document = `storage:
  files:
    - { path: "/etc/slot-{{ machine.slot }}", contents: { local: extra } }
    - { path: "/etc/slot-{{ machine.slot }}", contents: { inline: "" } }
`;
  const twice: Change = ['ignition/cs/ignition.yaml', '', document];
  const cache = new MemoryCache();
  const rulesFound = [];
  for (const changes of [[twice], [twice, ['ignition/cs/extra', '', '']]] satisfies (readonly Change[])[]) {
    const broken = loadSite(changed(example, ...changes)).site;
    if (!broken) throw new Error('it does load');
    const { diagnostics } = compile(broken, cache);
    assert.equal(diagnostics, compile(broken).diagnostics);
    rulesFound.push(...diagnostics.map(({ rule }) => rule));
  }
  assert.equal(rulesFound, ['BERTH-502', 'BERTH-504']);
});

test.run();
