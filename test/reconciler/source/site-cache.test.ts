// time limit: 180 s
// Whole sites with what earlier runs have left on disk: documents, places, findings and blueprints are always those of
// a run that has no cache.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Compilation, compileSite } from '../../../reconciler/source/accept.ts';
import { DiskCache } from '../../../reconciler/source/disk-cache.ts';
import { keptObjects } from '../../../reconciler/source/kept-objects.ts';
import { openLocal } from '../../../reconciler/source/local.ts';
import { SiteCache } from '../../../reconciler/source/site-cache.ts';
import { readTree } from '../../../reconciler/source/tree.ts';
import type { SiteDocumentFile, ValuePath } from '../../../schema/document.ts';
import { loadSite, type Site, type SiteFiles } from '../../../schema/load.ts';
import { checkRules, checkTransitions } from '../../../schema/rules/rules.ts';
import { generateSite } from '../../bench/generated-site.ts';
import { GitFixture } from '../../git.ts';
import { brokenSites } from '../../schema/broken-site/broken-site.ts';
import { changed, example, siteOf } from '../../schema/example-site.ts';

const root = mkdtempSync(join(tmpdir(), 'berth-site-cache-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** What the next process would have. */
function cacheIn(name: string): SiteCache {
  return new SiteCache(DiskCache.open({ folder: join(root, name), version: 'test' }));
}

/** All of it as text, in its order. */
function textOf({ compiled, diagnostics }: Compilation): string {
  const { blueprint, objects, site } = compiled ?? {};
  const documents = site && documentsOf(site).map(({ file, value }) => [file, value]);
  const maps = blueprint && [blueprint.ignition, blueprint.racks, blueprint.machines].map((map) => [...map]);
  const kept = blueprint && { ...blueprint, ignition: null, racks: null, machines: null };
  return JSON.stringify([diagnostics, documents, kept, maps, objects && [...objects].sort()]);
}

function documentsOf({ site, releases, signers, cluster, racks, roles, ignition, resources }: Site) {
  const documents: SiteDocumentFile<unknown>[] = [site, releases, signers, ...racks.values(), ...roles.values()];
  if (cluster) documents.push(cluster);
  documents.push(...[...ignition.values()].map(({ document }) => document));
  documents.push(...resources.map(({ document }) => document));
  return documents;
}

/** What the next process makes of a site, as text; it leaves what it has found out. */
function compiledIn(name: string, files: SiteFiles, base: Site | null = null): string {
  const cache = cacheIn(name);
  const text = textOf(compileSite(files, base, cache));
  cache.flush();
  return text;
}

/** The same with each kind of cache as without: none yet, that of a run before, and part of it. */
function assertAlike(name: string, files: SiteFiles, base: Site | null = null): void {
  const expected = textOf(compileSite(files, base));
  for (const state of ['cold', 'warm', 'half-warm']) {
    if (state === 'half-warm') loseHalf(join(root, name));
    assert.ok(compiledIn(name, files, base) === expected, `${name}, ${state}`);
  }
}

/** Every second entry is gone, cut off, or something else. */
function loseHalf(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\/.{62}$/.test(file));
  assert.ok(entries.length > 0);
  for (const [index, entry] of entries.entries()) {
    const file = join(folder, entry);
    if (index % 6 === 0) rmSync(file);
    else if (index % 6 === 2) truncateSync(file, 40);
    else if (index % 6 === 4) writeFileSync(file, readFileSync(file).reverse());
  }
}

test('the example', () => assertAlike('example', example));

for (const [machines, racks] of [
  [3, 1],
  [90, 9],
] as const) {
  test(`a generated site of ${machines} machines`, () => {
    assertAlike(`generated-${machines}`, generateSite(example, { machines, racks }));
  });
}

test('a role that changed, with the Ignition that was rendered before', () => {
  const site = generateSite(example, { machines: 90, racks: 7 });
  compiledIn('role', site);
  assertAlike('role', changed(site, ['roles/cs.yaml', 'arguments:\n', 'arguments:\n  - quiet\n']));
  assertAlike('role', changed(site, ['roles/cs.yaml', 'arguments:\n', 'labels: { new: label }\narguments:\n']));
});

// All of them share a folder, so that each finds what those before it have left, whatever is wrong with them.
const rows = await brokenSites();
compiledIn('broken', example);
for (const [index, { name, before, change }] of rows.entries()) {
  test(`broken: ${name}`, () => {
    const inForce = changed(example, ...(before ?? []));
    const files = changed(inForce, ...change);
    const base = before ? siteOf(inForce) : null;
    const expected = textOf(compileSite(files, base));
    // The site that it was broken from is known as a whole.
    if (before) compiledIn('broken', inForce);
    // Now and then once more, with what it has left itself.
    for (let run = 0; run < (index % 8 === 0 ? 2 : 1); run++) {
      assert.ok(compiledIn('broken', files, base) === expected);
    }
  });
}

/** A cache that says which sites it was asked about, and takes all of them for sound where it is told to. */
class Asked extends SiteCache {
  readonly keys: string[] = [];

  constructor(
    disk: DiskCache | null,
    private readonly isLiar = false,
  ) {
    super(disk);
  }

  override isSound(key: string): boolean {
    this.keys.push(key);
    return this.isLiar || super.isSound(key);
  }
}

function keyOf(files: SiteFiles): string {
  const cache = new Asked(null);
  compileSite(files, null, cache);
  const [key = ''] = cache.keys;
  return key;
}

/** It breaks a rule, and nothing before that is wrong with it. */
const twins = changed(example, ['racks/r1.yaml', 'slot: 4', 'slot: 5']);

test('any other path, mode or content is another site', () => {
  const entries = [...example];
  const [first, second] = entries.filter(([path]) => /^ignition\/.+\/etc\//.test(path));
  if (!first || !second) throw new Error('the example has files of Ignition');
  const [[path, file], [otherPath, other]] = [first, second];
  const sites: readonly SiteFiles[] = [
    example,
    new Map([...example, [path, { ...file, executable: !file.executable }]]),
    new Map([...example, [path, other], [otherPath, file]]),
    new Map([...example, [`${path}.md`, file]]),
    new Map(entries.map(([name, content]) => [name === path ? `${path}.md` : name, content])),
    new Map(entries.filter(([name]) => name !== 'README.md' && name !== path)),
    twins,
  ];
  const keys = sites.map(keyOf);
  assert.ok(keys.every((key) => /^[0-9a-f]{64}$/.test(key)));
  assert.is(new Set(keys).size, sites.length);
  assert.is(keyOf(new Map(example)), keys[0]);
});

test('no rule is checked of a site that is known to be sound, every transition is', async () => {
  const lied = (files: SiteFiles, base: Site | null) => textOf(compileSite(files, base, new Asked(null, true)));
  assert.ok(lied(example, null) === textOf(compileSite(example)));
  assert.ok(lied(twins, null) !== textOf(compileSite(twins)));
  const transitions = rows.flatMap(({ before, change }) => {
    const base = before ? siteOf(changed(example, ...before)) : null;
    const files = changed(changed(example, ...(before ?? [])), ...change);
    const { site } = loadSite(files);
    return base && site && checkTransitions(base, site).length > 0 && checkRules(site).length === 0
      ? [{ base, files }]
      : [];
  });
  assert.ok(transitions.length > 5, String(transitions.length));
  for (const { base, files } of transitions) assert.ok(lied(files, base) === textOf(compileSite(files, base)));
});

test('a wrong verdict is none: that of another site, in its place or of its name', () => {
  const expected = textOf(compileSite(twins));
  assert.match(expected, '"severity":"error"');
  const [good, bad] = [keyOf(example), keyOf(twins)];
  const folder = join(root, 'verdicts');
  const disk = DiskCache.open({ folder, version: 'test' });
  if (!disk) throw new Error('there is a folder');
  const fileOf = (key: string, content: string): string => {
    const files = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\/.{62}$/.test(name));
    const before = new Set(files());
    disk.set('sound', key, content);
    return join(folder, files().find((name) => !before.has(name)) ?? '');
  };
  const [goodFile, badFile] = [fileOf(good, good), fileOf(bad, good)];
  assert.ok(compiledIn('verdicts', example) === textOf(compileSite(example)));
  assert.ok(compiledIn('verdicts', twins) === expected, 'with the verdict on another site');
  for (const content of [readFileSync(goodFile), Buffer.alloc(0), Buffer.from(bad), Buffer.from(`no findings`)]) {
    writeFileSync(badFile, content);
    assert.ok(compiledIn('verdicts', twins) === expected);
  }
  // And none is left of a site that is not sound.
  const fresh = new Asked(disk);
  assert.not(fresh.isSound(bad));
});

/** Paths to a value and all that is in it, and one that leads nowhere. */
function* pathsOf(value: unknown, path: ValuePath = []): Generator<ValuePath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  const list = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) yield* pathsOf(item, [...path, list ? Number(key) : key]);
  yield [...path, 'nowhere'];
}

test('every value of the example stands where it stands', () => {
  const load = (cache: SiteCache | null) => loadSite(example, cache).site;
  const cache = cacheIn('places');
  load(cache);
  cache.flush();
  const [expected, found] = [load(null), load(cacheIn('places'))];
  if (!expected || !found) throw new Error('the example loads');
  const placesOf = (site: Site) =>
    documentsOf(site).flatMap(({ placeOf, placeOfKey, placeInside, value }) =>
      [...pathsOf(value)].map((path) => [placeOf(...path), placeOfKey(...path), placeInside(3, ...path)]),
    );
  assert.ok(placesOf(expected).length > 1000);
  assert.equal(placesOf(found), placesOf(expected));
});

test('two sites share in memory what is the same in both, also without a disk', () => {
  const cache = new SiteCache(null);
  const load = (files: SiteFiles) => compileSite(files, null, cache).compiled;
  const before = load(example);
  const after = load(changed(example, ['racks/r1.yaml', 'powerFeed: B', 'powerFeed: A']));
  if (!before || !after) throw new Error('both are sound');
  const shared = [...before.blueprint.racks].filter(([name, rack]) => after.blueprint.racks.get(name) === rack);
  assert.equal(
    shared.map(([name]) => name),
    ['r0', 'r2', 'r3'],
  );
  assert.is(after.site.site.value, before.site.site.value);
});

test('a commit that was read before is read without its pack, and is the same', async () => {
  const fixture = new GitFixture();
  try {
    const repository = fixture.repository();
    for (const [path, { bytes }] of example) repository.write(path, bytes);
    const commit = repository.commit('the example');
    repository.git('gc', '-q');
    const read = async (cache: SiteCache | null) => {
      const files = await readTree((await openLocal(repository.work, cache)).objects, commit);
      cache?.flush();
      return files;
    };
    const expected = await read(null);
    assert.equal(await read(cacheIn('git')), expected);
    rmSync(join(repository.work, '.git', 'objects', 'pack'), { recursive: true });
    assert.equal(await read(cacheIn('git')), expected);
    assert.equal([...expected.keys()], [...example.keys()]);
  } finally {
    fixture.remove();
  }
});

test('a stored object of another name is read anew', async () => {
  const oid = '45b983be36b73c0788dc9cbcb76cbb80fc7bb057'; // of "hi\n", by git hash-object
  const object = { type: 'blob', bytes: Buffer.from('hi\n') } as const;
  const stored = new Map([[oid, Buffer.from('blob 3\0ho\n')]]);
  let reads = 0;
  const read = keptObjects(
    { getObject: (name) => stored.get(name) ?? null, setObject: (name, bytes) => stored.set(name, Buffer.from(bytes)) },
    async () => {
      reads += 1;
      return object;
    },
  );
  assert.equal(await read(oid), object);
  assert.equal([...(await read(oid)).bytes], [...object.bytes]);
  assert.is(reads, 1);
});

test.run();
