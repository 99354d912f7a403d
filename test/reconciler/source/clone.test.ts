// A clone takes in packs that build on what it has, and does not blame them when that is damaged.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Clone } from '../../../reconciler/source/clone.ts';
import { IncompletePack } from '../../../reconciler/source/pack/indexer.ts';
import { packLimits } from '../../../reconciler/source/pack/limits.ts';
import { PackIndex } from '../../../reconciler/source/pack/pack-index.ts';
import { GitFixture, gitEnvironment } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const { signal } = new AbortController();

const repository = fixture.repository();
const lines = Array.from({ length: 500 }, (_, number) => `serial: ${number * 7919}\n`);
repository.write('large.yaml', lines.join(''));
const first = repository.commit('large');
const base = repository.git('rev-parse', 'HEAD:large.yaml');
repository.write('large.yaml', lines.toSpliced(250, 1).join(''));
const second = repository.commit('one less');
const changed = repository.git('rev-parse', 'HEAD:large.yaml');

function pack(revisions: string): Buffer {
  const args = ['pack-objects', '--thin', '--revs', '--stdout', '-q'];
  return execFileSync('git', args, { cwd: repository.work, env: gitEnvironment, input: `${revisions}\n` });
}

let made = 0;

/** A clone that has the first commit. */
async function begun(): Promise<Clone> {
  const clone = new Clone(join(fixture.root, `clone${made++}`), { detectsCollisions: true });
  await clone.create();
  await clone.store(pack(first), packLimits, signal);
  return clone;
}

/** Where the index of its only pack is. */
function indexOf(clone: Clone): string {
  const folder = join(clone.folder, 'objects/pack');
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.idx')) ?? '');
}

test('a delta of an object that is here', async () => {
  const clone = await begun();
  await clone.store(pack(`${second}\n^${first}`), packLimits, signal);
  assert.equal(Buffer.from((await clone.read(changed)).bytes), repository.object(changed, 'blob'));
  clone.close();
});

const damages: readonly [name: string, damage: (packFile: string, index: PackIndex) => void][] = [
  [
    'cannot be inflated',
    (file, index) => {
      const bytes = readFileSync(file);
      bytes.fill(0xff, (index.find(Buffer.from(base, 'hex')) ?? 0) + 4, bytes.length - 20);
      writeFileSync(file, bytes);
    },
  ],
  [
    'is another than its name says',
    (file, index) => {
      const numbers = [...index.entries()].map(({ oid }) => Buffer.from(oid).toString('hex'));
      const indexFile = file.replace(/pack$/, 'idx');
      const bytes = readFileSync(indexFile);
      const places = 8 + 256 * 4 + index.count * 24;
      const place = bytes.readUInt32BE(places + 4 * ((numbers.indexOf(base) + 1) % index.count));
      bytes.writeUInt32BE(place, places + 4 * numbers.indexOf(base));
      writeFileSync(indexFile, bytes);
    },
  ],
];

for (const [name, damage] of damages) {
  test(`a delta of an object that ${name}`, async () => {
    const intact = await begun();
    intact.close();
    const clone = new Clone(intact.folder, { detectsCollisions: true });
    const index = indexOf(clone);
    damage(index.replace(/idx$/, 'pack'), new PackIndex(readFileSync(index)));
    try {
      await clone.store(pack(`${second}\n^${first}`), packLimits, signal);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, IncompletePack);
      assert.match((error as Error).message, base);
    }
    assert.not.ok(clone.lists(second));
    clone.close();
  });
}

test.run();
