import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlueprintError, readBlueprint, readBootBlueprint, writeObject } from '../../renderers/blueprint.ts';
import { compile } from '../../renderers/compile.ts';
import { canonicalJson, digestOf, sha256 } from '../../schema/canonical.ts';
import { type BlueprintObject, decodeObject } from '../../schema/state/blueprint-object.ts';
import { example, siteOf } from '../schema/example-site.ts';

const { blueprint, objects } = compile(siteOf(example));
assert.ok(blueprint);
const stored = new Map([...objects].map(([digest, text]) => [digest, decodeObject(digest, text)]));

/** Reads what is stored, and counts how often. */
class Store {
  reads = 0;
  constructor(private readonly held: ReadonlyMap<string, BlueprintObject>) {}

  readonly read = async (digests: readonly string[]): Promise<ReadonlyMap<string, BlueprintObject>> => {
    this.reads++;
    assert.is(new Set(digests).size, digests.length, 'nothing is asked for twice');
    return new Map(digests.flatMap((digest) => [[digest, this.held.get(digest)] as const]).filter(isHeld));
  };
}

function isHeld(entry: readonly [string, BlueprintObject | undefined]): entry is readonly [string, BlueprintObject] {
  return entry[1] !== undefined;
}

test('a whole blueprint is read in five steps, however many machines there are', async () => {
  const store = new Store(stored);
  assert.equal(await readBlueprint(blueprint.root, store.read), blueprint);
  assert.is(store.reads, 5);
});

test('what boot servers serve from takes three, and nothing of the cluster', async () => {
  const cluster = new Set<string>(['cluster', 'resource']);
  const store = new Store(new Map([...stored].filter(([, { kind }]) => !cluster.has(kind))));
  const { kubernetes, ...rest } = blueprint;
  assert.is(kubernetes?.resources.length, 6);
  assert.equal(await readBootBlueprint(blueprint.root, store.read), rest);
  assert.is(store.reads, 3);
});

async function failure(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof BlueprintError) {
      assert.is(error.code, 'BLUEPRINT');
      return error.message;
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}

test('any object that is missing fails the reading', async () => {
  for (const digest of stored.keys()) {
    const store = new Store(new Map([...stored].filter(([other]) => other !== digest)));
    assert.match(await failure(readBlueprint(blueprint.root, store.read)), `object ${digest} is missing, not a `);
  }
});

test('an object of another kind fails the reading', async () => {
  const { releases } = blueprint.site;
  const [rack = ''] = Object.values(blueprint.site.racks);
  const store = new Store(stored);
  assert.is(await failure(readBlueprint(rack, store.read)), `object ${rack} is rack, not a site`);
  const site = { ...blueprint.site, racks: { r0: releases } };
  const root = digestOf(site);
  const crossed = new Store(new Map([...stored, [root, site]]));
  assert.is(await failure(readBlueprint(root, crossed.read)), `object ${releases} is releases, not a rack`);
});

test('objects are named by the digest of their canonical JSON', () => {
  const text = canonicalJson(blueprint.releases);
  assert.equal(writeObject(blueprint.releases), [sha256(text), text]);
  assert.equal(writeObject(structuredClone(blueprint.releases)), [sha256(text), text]);
});

test.run();
