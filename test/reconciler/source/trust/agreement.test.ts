// time limit: 240 s
// Wherever git itself has a verdict on the signature of a commit, ours is the same, over every commit of both corpora.
// Git is told whom the commit's first parent trusts: keys of SSH as a list of allowed signers, those of OpenPGP as the
// key ring of gpg.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectFormatError, type Oid, parentsOf, parseCommit } from '../../../../reconciler/source/commit.ts';
import { verifySignature } from '../../../../reconciler/source/trust/signature.ts';
import { readTrustSet, SignersError } from '../../../../reconciler/source/trust/signers.ts';
import { type TrustSet, validityFault } from '../../../../reconciler/source/trust/trust-set.ts';
import type { SignersDocument } from '../../../../schema/types/signers.ts';
import { GitFixture, gitEnvironment } from '../../../git.ts';
import { KeyRing } from './corpus/key-ring.ts';
import { attackFamilies, legitimateFamilies } from './corpus/story.ts';
import { World } from './corpus/world.ts';

const fixture = new GitFixture();
const keys = new KeyRing(fixture);
test.after(() => {
  keys.close();
  fixture.remove();
});

/** Why we refuse what git lets pass: nothing else may be refused that git lets pass. */
const stricter: Readonly<Record<string, string>> = {
  'malformed-signature': 'git cuts off what stands behind the armor, and takes the first of several',
  'duplicate-signature': 'git reads several headers as one text, and what they hold is signed by nobody',
  'bad-header': 'git leaves out of what is signed whatever begins with gpgsig',
  'header-order': 'git reads the first of two trees or committers, other readers may read the last',
  'bad-person': 'git makes do with times and names that readers understand differently',
  'nul-byte': 'git shows a message up to the NUL byte that its signature goes beyond',
  'unsupported-signature': 'gpg takes signatures over text, for which contents with other line ends are the same',
  'weak-hash': 'gpg takes signatures over SHA-1, for which a second content can be made',
  'weak-key': 'gpg takes RSA keys that can be factored',
  'no-user-presence': 'ssh-keygen takes signatures of security keys that nobody touched',
  'key-expired': 'the trust document may end the time of an OpenPGP key before its owner does',
};

interface Comparison {
  readonly row: string;
  readonly commit: Oid;
  readonly git: 'good' | 'bad';
  /** `good`, or why not. */
  readonly ours: string;
}

/** By commit: many rows begin alike. */
const comparisons = new Map<Oid, Comparison>();
let worlds = 0;

for (const [family, rows] of [...(await attackFamilies()), ...(await legitimateFamilies())]) {
  test(`the commits of ${family}`, async () => {
    for (const row of rows) {
      worlds += 1;
      const world = new World(keys, `world-${worlds}`);
      await row.build(world);
      await compareAll(world, `${family}: ${row.name}`);
    }
  });
}

test('what git does not believe, we do not believe', () => {
  const believed = [...comparisons.values()].filter(({ git, ours }) => git === 'bad' && ours === 'good');
  assert.equal(believed, []);
});

test('what git believes, we believe, but for what we are stricter about on purpose', () => {
  const refused = [...comparisons.values()].filter(({ git, ours }) => git === 'good' && ours !== 'good');
  assert.equal(
    refused.filter(({ ours }) => !(ours in stricter)),
    [],
  );
  assert.equal([...new Set(refused.map(({ ours }) => ours))].sort(), Object.keys(stricter).sort());
});

test('there was much to compare', () => {
  const verdicts = [...comparisons.values()].map(({ git }) => git);
  assert.ok(verdicts.filter((verdict) => verdict === 'good').length >= 200);
  assert.ok(verdicts.filter((verdict) => verdict === 'bad').length >= 60);
});

/** Compare the verdicts on every commit that is in a repository. */
async function compareAll(world: World, row: string): Promise<void> {
  for (const commit of commitsIn(world)) {
    if (comparisons.has(commit)) continue;
    const object = world.object(commit);
    const [parent] = parentsOf(object);
    const files = parent === undefined ? null : trustFiles(world, parent);
    const trust = files && (await trustSet(files));
    if (!files || !trust) continue;
    const ours = await ourVerdict(object, trust);
    comparisons.set(commit, { row, commit, git: gitAccepts(world, commit, object, files) ? 'good' : 'bad', ours });
  }
}

function commitsIn(world: World): Oid[] {
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)'];
  // A damaged object, which some rows have, ends the list with an error.
  const { stdout } = spawnSync('git', args, { cwd: world.work, env: environment, encoding: 'utf8' });
  return [...stdout.matchAll(/^commit ([0-9a-f]{40})$/gm)].map(([, oid = '']) => oid);
}

/** The files in trust/ at a commit; null when they cannot be had. */
function trustFiles(world: World, commit: Oid): ReadonlyMap<string, Buffer> | null {
  const git = (...args: string[]): Buffer | null => {
    const { status, stdout } = spawnSync('git', args, { cwd: world.work, env: environment });
    return status === 0 ? stdout : null;
  };
  const names = git('ls-tree', '-r', '-z', '--name-only', commit, 'trust/')?.toString().split('\0') ?? [];
  const files = new Map<string, Buffer>();
  for (const name of names.filter((candidate) => candidate !== '')) {
    const content = git('cat-file', 'blob', `${commit}:${name}`);
    if (content) files.set(name, content);
  }
  return files.has('trust/signers.yaml') ? files : null;
}

async function trustSet(files: ReadonlyMap<string, Uint8Array>): Promise<TrustSet | null> {
  try {
    return await readTrustSet(files);
  } catch (error) {
    if (error instanceof SignersError) return null;
    throw error;
  }
}

async function ourVerdict(object: Uint8Array, trust: TrustSet): Promise<string> {
  try {
    const { signature, payload, committer } = parseCommit(object);
    if (signature === null) return 'unsigned';
    const verdict = await verifySignature(signature, payload, trust.openPgpKeys, committer.seconds);
    if (!verdict.ok) return verdict.code;
    if (trust.hostKeys.has(verdict.fingerprint)) return 'good';
    const key = trust.keys.get(verdict.fingerprint);
    return key ? (validityFault(key, committer.seconds)?.code ?? 'good') : 'untrusted-key';
  } catch (error) {
    if (error instanceof ObjectFormatError) return error.code;
    throw error;
  }
}

/** What stands in the repository, and not what a replace ref shows. */
const environment = { ...gitEnvironment, GIT_NO_REPLACE_OBJECTS: '1' };

function gitAccepts(world: World, commit: Oid, object: Buffer, files: ReadonlyMap<string, Buffer>): boolean {
  const document = JSON.parse(files.get('trust/signers.yaml')?.toString() ?? '') as SignersDocument;
  if (object.includes('-----BEGIN PGP ')) {
    const entries = [...document.signers.filter(({ revoked }) => !revoked), ...(document.mergeKeys ?? [])];
    const publicKeys = entries.flatMap(({ openpgp }) => files.get(openpgp ?? '')?.toString() ?? []);
    const seconds = Number(/^committer .*> (\d+) /m.exec(object.toString('latin1'))?.[1]);
    return keys.gpg.gitAccepts(world, object, publicKeys, { seconds });
  }
  const allowedSigners = join(world.keys.fixture.root, 'allowed_signers');
  writeFileSync(allowedSigners, allowed(document, files));
  const args = ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`, 'verify-commit', commit];
  return spawnSync('git', args, { cwd: world.work, env: environment }).status === 0;
}

/** The keys of SSH, as ssh-keygen wants to be told of them. A time in its list is the last second that counts. */
function allowed(
  { signers, groups = [], mergeKeys = [] }: SignersDocument,
  files: ReadonlyMap<string, Buffer>,
): string {
  const time = (instant: string, lessSeconds: number): string =>
    `${new Date(Date.parse(instant) - lessSeconds * 1000).toISOString().replace(/[-:T]|\..*/g, '')}Z`;
  const lines = signers.flatMap(({ key, validAfter, validBefore, revoked }) => {
    if (key === undefined || revoked) return [];
    const options = [
      'namespaces="git"',
      ...(validAfter === undefined ? [] : [`valid-after="${time(validAfter, 0)}"`]),
      ...(validBefore === undefined ? [] : [`valid-before="${time(validBefore, 1)}"`]),
    ];
    return [`someone ${options.join(',')} ${key}`];
  });
  const hosts = mergeKeys.flatMap(({ key }) => (key === undefined ? [] : [`host namespaces="git" ${key}`]));
  const lists = groups.flatMap(({ allowedSigners = '' }) => files.get(allowedSigners)?.toString() ?? []);
  return `${[...lines, ...hosts, ...lists].join('\n')}\n`;
}

test.run();
