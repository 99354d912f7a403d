// A repository in the making, for one row of a corpus: git makes its commits, and where no git would make such objects,
// they are put together here byte by byte.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Commit, type Oid, parseCommit } from '../../../../../reconciler/source/commit.ts';
import { folderMode, type TreeEntry } from '../../../../../reconciler/source/objects.ts';
import type { ApprovalSource } from '../../../../../reconciler/source/trust/approvals.ts';
import type { Introduction } from '../../../../../reconciler/source/trust/authenticate.ts';
import type { Signer, SignersDocument } from '../../../../../schema/types/signers.ts';
import { type CommitKey, gitEnvironment, signing, type TestKey, TestRepository } from '../../../../git.ts';
import type { GpgKey } from '../../../../gpg.ts';
import { withSignature } from './armor.ts';
import type { KeyRing } from './key-ring.ts';

/** Later than the commits of nearly every world. */
const lateSeconds = Date.parse('2026-06-01T00:00:00Z') / 1000;

export class World extends TestRepository {
  private introduced: Introduction | undefined;
  /** When its head is judged, unless a row says otherwise. */
  readonly nowSeconds = lateSeconds;

  constructor(
    readonly keys: KeyRing,
    readonly name: string,
  ) {
    super(keys.fixture.root, name);
  }

  /** May change everything. */
  get ada(): TestKey {
    return this.keys.ssh('ada');
  }

  /** May change racks/. */
  get bob(): TestKey {
    return this.keys.ssh('bob');
  }

  /** May change everything where the row lets him. */
  get cyd(): TestKey {
    return this.keys.ssh('cyd');
  }

  /** A stranger. */
  get eve(): TestKey {
    return this.keys.ssh('eve');
  }

  /** The Git host. */
  get host(): TestKey {
    return this.keys.ssh('host');
  }

  get introduction(): Introduction {
    if (!this.introduced) throw new Error(`${this.name}: nothing is introduced yet`);
    return this.introduced;
  }

  /** Write trust/signers.yaml. */
  setTrust(document: SignersDocument): void {
    this.write('trust/signers.yaml', `${JSON.stringify(document, null, 2)}\n`);
  }

  /** Put an OpenPGP key into trust/keys/, as it is now; its entry in trust/signers.yaml. */
  openPgpEntry(key: GpgKey, paths: readonly string[] = ['racks/'], more: Partial<Signer> = {}): Signer {
    const openpgp = `trust/keys/${key.name}.asc`;
    this.write(openpgp, this.keys.gpg.publicKey(key));
    return { name: key.name, openpgp, paths: [...paths], ...more };
  }

  /** The first commit, by Ada: the introduction. By default she may change everything, and Bob racks/. */
  introduce(document: SignersDocument = { signers: [entry(this.ada), entry(this.bob, ['racks/'])] }): Oid {
    if (!existsSync(join(this.work, 'site.yaml'))) {
      this.write('site.yaml', 'id: one\n');
      this.write('racks/r0.yaml', 'number: 0\n');
    }
    this.setTrust(document);
    const commit = this.commit('introduce', this.ada);
    this.introduced = { commit, keyFingerprint: this.ada.fingerprint };
    return commit;
  }

  /** Let trust begin at another commit. */
  introduceAt(commit: Oid, key: TestKey): void {
    this.introduced = { commit, keyFingerprint: key.fingerprint };
  }

  /** A commit that writes something new to a path. */
  edit(path: string, key?: CommitKey, subject = `edit ${path}`): Oid {
    this.write(path, `${path} after ${this.now}\n`);
    return this.commit(subject, key);
  }

  /** A commit that changes the trust document. */
  editTrust(document: SignersDocument, key?: CommitKey): Oid {
    this.setTrust(document);
    return this.commit('change whom to trust', key);
  }

  /** The same as {@link edit}, on another commit; the working copy stays there. */
  editOn(parent: Oid, path: string, key?: CommitKey): Oid {
    this.checkout(parent);
    return this.edit(path, key);
  }

  mergeOn(first: Oid, others: readonly Oid[], key?: CommitKey): Oid {
    this.checkout(first);
    return this.merge(others, key);
  }

  parsed(commit: Oid): Commit {
    return parseCommit(this.object(commit));
  }

  treeOf(commit: Oid): Oid {
    return this.git('rev-parse', `${commit}^{tree}`);
  }

  /** Store a commit as another one, edited byte by byte; its signature stays as it is. */
  forge(commit: Oid, edit: (text: string) => string): Oid {
    const text = this.object(commit).toString('latin1');
    const edited = edit(text);
    if (edited === text) throw new Error(`${this.name}: the forgery changes nothing`);
    return this.store(Buffer.from(edited, 'latin1'));
  }

  /** Store an edited commit with a good signature over what it is now. */
  resigned(commit: Oid, key: TestKey, edit: (text: string) => string): Oid {
    const payload = Buffer.from(this.parsed(commit).payload).toString('latin1');
    return this.sealed(Buffer.from(edit(payload), 'latin1'), key);
  }

  /** Store a commit with a good signature; whether anything else is good about it does not matter. */
  sealed(payload: Uint8Array | string, key: TestKey): Oid {
    const bytes = Buffer.from(payload);
    return this.store(withSignature(bytes, this.keys.fixture.sign(key, bytes)));
  }

  /** A signed commit of a tree. */
  commitTree(tree: Oid, parents: readonly Oid[], key?: CommitKey, message = 'a tree'): Oid {
    const options = parents.flatMap((parent) => ['-p', parent]);
    this.at(this.now + 2);
    return this.git(...signing(key), 'commit-tree', ...(key ? ['-S'] : []), '-m', message, ...options, tree);
  }

  /** A tree as it is said, proper or not. */
  rawTree(entries: readonly TreeEntry[]): Oid {
    const pieces = entries.map(({ mode, name, oid }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    return this.store(Buffer.concat(pieces.flat()), 'tree');
  }

  entriesOf(tree: Oid): TreeEntry[] {
    return this.git('ls-tree', '-z', tree)
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [, mode = '', oid = '', name = ''] = /^0*(\d+) \w+ ([0-9a-f]{40})\t(.*)$/s.exec(line) ?? [];
        return { mode, oid, name };
      });
  }

  /** A tree with one more entry, or one exchanged, in Git's order. */
  treeWith(tree: Oid, path: string, entry: Omit<TreeEntry, 'name'>): Oid {
    const [name = '', ...below] = path.split('/');
    const entries = this.entriesOf(tree);
    const folder = entries.find((candidate) => candidate.name === name && candidate.mode === folderMode);
    const changed =
      below.length === 0
        ? { name, ...entry }
        : { name, mode: folderMode, oid: this.treeWith(folder?.oid ?? this.rawTree([]), below.join('/'), entry) };
    const order = ({ name, mode }: TreeEntry): Buffer => Buffer.from(mode === folderMode ? `${name}/` : name);
    const all = [...entries.filter((candidate) => candidate.name !== name), changed];
    return this.rawTree(all.sort((a, b) => Buffer.compare(order(a), order(b))));
  }

  /** A signed commit that adds an entry to the tree of its parent. */
  commitEntry(parent: Oid, path: string, entry: Omit<TreeEntry, 'name'>, key?: CommitKey): Oid {
    return this.commitTree(this.treeWith(this.treeOf(parent), path, entry), [parent], key);
  }

  blob(content: Uint8Array | string): Oid {
    return this.store(content, 'blob');
  }

  /** Approve a commit by a signed tag. */
  approve(commit: Oid, key: TestKey, name = key.name): void {
    this.tag(`approve/${commit}/${name}`, commit, key);
  }

  /** A commit that somebody might have signed, with a signature by gpg that git would not have made. */
  gpgSigned(path: string, sign: (payload: Buffer) => string): Oid {
    const payload = this.object(this.edit(path));
    return this.store(withSignature(payload, sign(payload)));
  }

  /** A tag object, signed when a key is given. */
  tag(name: string, commit: Oid, key?: CommitKey): void {
    this.at(this.now + 2);
    this.git(...signing(key), 'tag', key ? '-s' : '-a', '-m', name, name, commit);
  }

  /** What the refs of approvals name, whatever that is. */
  get approvals(): ApprovalSource {
    return {
      approvalsOf: async (commit) => {
        const lines = this.git(
          'for-each-ref',
          '--format=%(objectname) %(objecttype) %(refname)',
          `refs/tags/approve/${commit}/`,
        );
        return lines
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => {
            const [oid = '', type = '', ref = ''] = line.split(' ');
            const bytes = execFileSync('git', ['cat-file', type, oid], { cwd: this.work, env: gitEnvironment });
            return { ref, bytes };
          });
      },
    };
  }
}

/** A line of trust/signers.yaml: a key that may change everything, unless said otherwise. */
export function entry(
  { name, publicKey }: Pick<TestKey, 'name' | 'publicKey'>,
  paths: readonly string[] = ['**'],
  more: Partial<Signer> = {},
): Signer {
  return { name, key: publicKey, paths: [...paths], ...more };
}
