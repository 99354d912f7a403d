// Objects that are small, and would take for ever to look at.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type GitObjects, TreeFormatError } from '../../../../reconciler/source/objects.ts';
import { type AuthenticationResult, authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { changedPaths } from '../../../../reconciler/source/trust/changes.ts';
import { GitFixture, signing } from '../../../git.ts';
import { localObjects } from '../local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const ada = fixture.key('ada');
const site = fixture.repository();
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
site.git('mktree');
site.trust({ key: ada });
const first = site.commit('introduce', ada);
const introduction = { commit: first, keyFingerprint: ada.fingerprint };

/** A folder of so many names for one and the same thing. */
function folderOf(names: readonly string[], oid: string, mode = '40000'): string {
  const entries = [...names].sort().map((name) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
  return site.store(Buffer.concat(entries.flat()), 'tree');
}

/** Each tree is read from disk once, and no more than so many times altogether: a bomb must not go off in a test. */
function cached(most: number): GitObjects {
  const objects = localObjects(site);
  const known = new Map<string, ReturnType<GitObjects['tree']>>();
  let reads = 0;
  const tree = (oid: string): ReturnType<GitObjects['tree']> => {
    reads += 1;
    if (reads > most) throw new Error(`more than ${most} trees were asked for`);
    const read = known.get(oid) ?? objects.tree(oid);
    known.set(oid, read);
    return read;
  };
  return { ...objects, tree };
}

/** A head by a stranger that has this folder trust/. */
async function judged(
  trust: string,
  most: number,
  key = fixture.key(`stranger ${trust}`),
): Promise<AuthenticationResult> {
  const tree = folderOf(['trust'], trust);
  const head = site.git(...signing(key), 'commit-tree', '-S', '-m', 'bomb', '-p', first, tree);
  return authenticate({ from: first, to: head, reader: cached(most), introduction, nowSeconds: site.now });
}

let folders = emptyTree;
for (let level = 0; level < 60; level++) folders = folderOf(['a', 'b'], folders);

test('folders without end in the trust folder of a head that a stranger pushes', async () => {
  const result = await judged(folders, 5_000);
  assert.ok(!result.ok && result.code === 'untrusted-key', JSON.stringify(result));
});

test('the same by somebody who may change everything', async () => {
  const blob = site.git('rev-parse', `${first}:trust/signers.yaml`);
  const entries = [
    [Buffer.from('40000 bomb\0'), Buffer.from(folders, 'hex')],
    [Buffer.from('100644 signers.yaml\0'), Buffer.from(blob, 'hex')],
  ];
  const trust = site.store(Buffer.concat(entries.flat()), 'tree');
  const result = await judged(trust, 500_000, ada);
  assert.ok(!result.ok && ['trust-unreadable', 'malformed-tree'].includes(result.code), JSON.stringify(result));
});

test('a document in the trust folder that no site may have', async () => {
  const huge = site.store(Buffer.alloc(2 << 20, '#'), 'blob');
  const trust = folderOf(['signers.yaml'], huge, '100644');
  const result = await judged(trust, 100, ada);
  assert.ok(!result.ok && result.code === 'trust-unreadable' && result.message.includes('too large'));
});

test('a change of many files, each of them far down', async () => {
  let chain = folderOf(['x'], site.git('rev-parse', `${first}:trust/signers.yaml`), '100644');
  for (let level = 0; level < 250; level++) chain = folderOf(['d'], chain);
  const wide = folderOf(
    Array.from({ length: 2_000 }, (_, index) => `f${index}`),
    chain,
  );
  try {
    await changedPaths(cached(500_000), emptyTree, wide);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TreeFormatError);
  }
});

test('a commit that names its parent very many times', async () => {
  const tree = site.git('rev-parse', `${first}^{tree}`);
  const parents = `parent ${first}\n`.repeat(20_000);
  const person = `A <a> ${site.now} +0000`;
  const text = `tree ${tree}\n${parents}author ${person}\ncommitter ${person}\n\nx\n`;
  const armor = fixture.sign(ada, text).trimEnd().replaceAll('\n', '\n ');
  const head = site.store(text.replace('\n\n', `\ngpgsig ${armor}\n\n`));
  const result = await authenticate({ from: first, to: head, reader: cached(100), introduction, nowSeconds: site.now });
  assert.ok(result.ok, JSON.stringify(result));
});

test.run();
