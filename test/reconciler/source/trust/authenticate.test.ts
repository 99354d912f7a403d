import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GitObjectError } from '../../../../reconciler/source/objects.ts';
import { authenticate, type Introduction } from '../../../../reconciler/source/trust/authenticate.ts';
import type { RefusalCode } from '../../../../reconciler/source/trust/refusal.ts';
import { signersPath } from '../../../../schema/trust/trusted-keys.ts';
import { GitFixture, type TestRepository } from '../../../git.ts';
import { localObjects } from '../local-objects.ts';

const fixture = new GitFixture();
/** Long after every commit in here. */
const nowSeconds = 1_900_000_000;
test.after(() => fixture.remove());
const ada = fixture.key('ada');
const bob = fixture.key('bob', 'ecdsa', 256);
const eve = fixture.key('eve');

// One history from which every case branches off:
//   old -- intro -- second      ada may change everything, bob may change racks/; old is unsigned
const site = fixture.repository();
const reader = localObjects(site);
site.write('site.yaml', 'id: one\n');
site.trust({ key: eve });
const old = site.commit('made in a hurry');
site.trust({ key: ada }, { key: bob, paths: ['racks/'] });
const intro = site.commit('introduce', ada);
site.write('racks/r0.yaml', 'number: 0\n');
const second = site.commit('a rack', bob);

const introduction: Introduction = { commit: intro, keyFingerprint: ada.fingerprint };

/** Go to a commit, change something there, and say what came out. */
function after(start: string, change: (repository: TestRepository) => unknown): string {
  site.checkout(start);
  change(site);
  return site.head();
}

let edits = 0;

/** A commit that touches this path. */
function edit(start: string, path: string, key: Parameters<TestRepository['commit']>[1]): string {
  edits += 1;
  return after(start, () => {
    site.write(path, `edit ${edits}\n`);
    site.commit(`edit ${path}`, key);
  });
}

/** Store a commit as another one, edited. */
function forged(oid: string, edit: (text: string) => string): string {
  return site.store(Buffer.from(edit(site.object(oid).toString('latin1')), 'latin1'));
}

/** A merge whose tree is that of a commit, signed. */
function mergeAs(tree: string, parents: readonly string[], key: { readonly file: string }): string {
  const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key.file}`];
  const options = parents.flatMap((parent) => ['-p', parent]);
  return site.git(...signing, 'commit-tree', '-S', '-m', 'merge', ...options, `${tree}^{tree}`);
}

interface Case {
  readonly name: string;
  readonly from?: string | null;
  readonly to: () => string;
}

/** Accepted from `second` on, unless said otherwise; each with the signers of its new commits. */
const accepted: readonly (Case & { readonly signers: readonly string[] })[] = [
  { name: 'nothing new', to: () => second, signers: [] },
  { name: 'everything since the introduction', from: null, to: () => second, signers: ['ada', 'bob'] },
  { name: 'the introduction alone', from: null, to: () => intro, signers: ['ada'] },
  { name: 'a commit within its paths', to: () => edit(second, 'racks/r1.yaml', bob), signers: ['bob'] },
  { name: 'a commit that touches nothing', to: () => after(second, () => site.commit('x', bob)), signers: ['bob'] },
  {
    name: 'a deletion within its paths',
    to: () =>
      after(second, () => {
        site.delete('racks/r0.yaml');
        site.commit('gone', bob);
      }),
    signers: ['bob'],
  },
  {
    name: 'a rotation of keys: the old one lets the new one in, which throws the old one out',
    to: () =>
      after(second, () => {
        site.trust({ key: ada }, { key: eve });
        site.commit('let eve in', ada);
        site.trust({ key: eve });
        site.commit('throw ada out', eve);
        site.write('site.yaml', 'id: two\n');
        site.commit('go on', eve);
      }),
    signers: ['ada', 'eve', 'eve'],
  },
  {
    name: 'a merge of a branch, by someone who may change what either side brings',
    to: () => {
      const main = edit(second, 'site.yaml', ada);
      const branch = edit(second, 'racks/r1.yaml', bob);
      return after(main, () => site.merge([branch], ada));
    },
    signers: ['ada', 'bob', 'ada'],
  },
  {
    name: 'a merge by someone with few paths, where both sides keep to them',
    to: () => {
      const main = edit(second, 'racks/r1.yaml', bob);
      const branch = edit(second, 'racks/r2.yaml', bob);
      return after(main, () => site.merge([branch], bob));
    },
    signers: ['bob', 'bob', 'bob'],
  },
  {
    name: 'an octopus',
    to: () => {
      const branches = ['a', 'b', 'c'].map((path) => edit(second, path, ada));
      return after(second, () => site.merge(branches, ada));
    },
    signers: ['ada', 'ada', 'ada', 'ada'],
  },
  {
    name: 'a merge of a branch that is older than the last accepted commit',
    to: () => {
      const branch = edit(intro, 'racks/r7.yaml', bob);
      return after(second, () => site.merge([branch], ada));
    },
    signers: ['bob', 'ada'],
  },
];

for (const { name, from = second, to, signers } of accepted) {
  test(`accepted: ${name}`, async () => {
    const head = to();
    const result = await authenticate({ nowSeconds, from, to: head, reader, introduction });
    assert.ok(result.ok, JSON.stringify(result));
    if (!result.ok) return;
    assert.equal(
      result.commits.map(({ signer }) => signer),
      signers,
    );
    assert.is(result.commits.at(-1)?.oid, signers.length > 0 ? head : undefined);
    assert.equal(await authenticate({ nowSeconds, from, to: head, reader, introduction }), result, 'the same again');
  });
}

test('accepted commits are told with signer, key and subject', async () => {
  assert.equal(await authenticate({ nowSeconds, from: intro, to: second, reader }), {
    ok: true,
    commits: [{ oid: second, signer: 'bob', fingerprint: bob.fingerprint, approvers: [], subject: 'a rack' }],
  });
});

/** Refused from `second` on, unless said otherwise; `commit` is the one to blame, the head by default. */
const refused: readonly (Case & {
  readonly code: RefusalCode;
  readonly blamed?: (head: string) => string;
  readonly introduction?: Introduction | null;
})[] = [
  { name: 'an unsigned commit', to: () => edit(second, 'racks/r1.yaml', undefined), code: 'unsigned' },
  {
    name: 'an unsigned commit below a signed one',
    to: () => edit(edit(second, 'site.yaml', undefined), 'site.yaml', ada),
    code: 'unsigned',
    blamed: (head) => site.git('rev-parse', `${head}^`),
  },
  { name: 'a stranger', to: () => edit(second, 'racks/r1.yaml', eve), code: 'untrusted-key' },
  {
    name: 'a key that lets itself in',
    to: () =>
      after(second, () => {
        site.trust({ key: ada }, { key: eve });
        site.commit('let me in', eve);
      }),
    code: 'untrusted-key',
  },
  {
    name: 'a key that lets itself in from a place where it may write',
    to: () =>
      after(second, () => {
        site.trust({ key: ada }, { key: bob });
        site.commit('more for bob', bob);
      }),
    code: 'path-not-allowed',
  },
  {
    name: 'a key that was thrown out',
    to: () =>
      after(second, () => {
        site.trust({ key: ada });
        site.commit('throw bob out', ada);
        site.write('racks/r1.yaml', 'x\n');
        site.commit('still here', bob);
      }),
    code: 'untrusted-key',
  },
  { name: 'a path that is not allowed', to: () => edit(second, 'site.yaml', bob), code: 'path-not-allowed' },
  {
    name: 'a move out of the paths',
    to: () =>
      after(second, () => {
        site.git('mv', 'racks/r0.yaml', 'r0.yaml');
        site.commit('move', bob);
      }),
    code: 'path-not-allowed',
  },
  {
    name: 'a folder exchanged for a file of its name',
    to: () =>
      after(second, () => {
        site.delete('racks');
        site.write('racks', 'x\n');
        site.commit('exchange', bob);
      }),
    code: 'path-not-allowed',
  },
  {
    name: 'a mode that changes outside the paths',
    to: () =>
      after(second, () => {
        site.git('update-index', '--chmod=+x', 'site.yaml');
        site.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${bob.file}`, 'commit', '-q', '-S', '-m', 'mode');
      }),
    code: 'path-not-allowed',
  },
  {
    name: 'a signature for files',
    to: () =>
      forged(edit(second, 'racks/r1.yaml', undefined), (text) => {
        const armor = fixture.sign(bob, Buffer.from(text, 'latin1'), 'file').trimEnd().replaceAll('\n', '\n ');
        return text.replace('\n\n', `\ngpgsig ${armor}\n\n`);
      }),
    code: 'wrong-namespace',
  },
  {
    name: 'another message under a signature',
    to: () => forged(edit(second, 'racks/r1.yaml', bob), (text) => text.replace('edit racks', 'drop racks')),
    code: 'bad-signature',
  },
  {
    name: 'another tree under a signature',
    to: () =>
      forged(edit(second, 'racks/r1.yaml', bob), (text) => {
        return text.replace(/^tree .*/, `tree ${site.git('rev-parse', `${intro}^{tree}`)}`);
      }),
    code: 'bad-signature',
  },
  {
    name: 'text behind the armor of a signature',
    to: () =>
      forged(edit(second, 'racks/r1.yaml', bob), (text) => {
        return text.replace('-----END SSH SIGNATURE-----\n', '-----END SSH SIGNATURE-----\n \n Merged by ada\n');
      }),
    code: 'malformed-signature',
  },
  {
    name: 'two signatures',
    to: () =>
      forged(edit(second, 'racks/r1.yaml', bob), (text) => {
        return text.replace(/gpgsig .*?END SSH SIGNATURE-----\n/s, (header) => header + header);
      }),
    code: 'duplicate-signature',
  },
  {
    name: 'a signature of SSH in the armor of OpenPGP',
    to: () => forged(edit(second, 'racks/r1.yaml', bob), (text) => text.replaceAll('SSH SIGNATURE', 'PGP SIGNATURE')),
    code: 'malformed-signature',
  },
  { name: 'a head that was forced back', to: () => intro, code: 'not-descendant' },
  { name: 'a head beside the last accepted commit', to: () => edit(intro, 'racks/x', bob), code: 'not-descendant' },
  {
    name: 'a last accepted commit that the repository never had',
    from: '1'.repeat(40),
    to: () => second,
    code: 'not-descendant',
  },
  {
    name: 'a merge that brings in what its signer may not change',
    to: () => {
      const main = edit(second, 'racks/r1.yaml', bob);
      const branch = edit(second, 'site.yaml', ada);
      return after(main, () => site.merge([branch], bob));
    },
    code: 'path-not-allowed',
  },
  {
    name: 'an evil merge: a change that neither side has',
    to: () => {
      const main = edit(second, 'racks/r1.yaml', bob);
      const branch = edit(second, 'racks/r2.yaml', bob);
      return mergeAs(edit(main, 'site.yaml', undefined), [main, branch], bob);
    },
    code: 'path-not-allowed',
  },
  {
    name: 'a merge that undoes the other side',
    to: () => {
      const main = edit(second, 'site.yaml', ada);
      const branch = edit(second, 'racks/r2.yaml', bob);
      return mergeAs(branch, [main, branch], bob);
    },
    code: 'path-not-allowed',
  },
  {
    name: 'a merge of an unsigned branch',
    to: () => {
      const branch = edit(second, 'racks/r2.yaml', undefined);
      return after(second, () => site.merge([branch], ada));
    },
    code: 'unsigned',
    blamed: (head) => site.git('rev-parse', `${head}^2`),
  },
  {
    name: 'an unsigned merge of good branches',
    to: () => {
      const main = edit(second, 'site.yaml', ada);
      const branch = edit(second, 'racks/r2.yaml', bob);
      return after(main, () => site.merge([branch]));
    },
    code: 'unsigned',
  },
  {
    name: 'a merge by someone whom the branch does not know yet',
    to: () => {
      const main = after(second, () => {
        site.trust({ key: ada }, { key: eve });
        site.commit('let eve in', ada);
      });
      const branch = edit(second, 'racks/r2.yaml', ada);
      return after(main, () => site.merge([branch], eve));
    },
    code: 'untrusted-key',
  },
  {
    name: 'a merge that brings a trust document back in which someone was still trusted',
    to: () => {
      const main = after(second, () => {
        site.trust({ key: ada });
        site.commit('throw bob out', ada);
      });
      const branch = edit(second, 'racks/r2.yaml', bob);
      return mergeAs(branch, [main, branch], bob);
    },
    code: 'untrusted-key',
  },
  {
    name: 'a merge with a history of its own',
    to: () => {
      const tree = site.git('rev-parse', `${second}^{tree}`);
      const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${ada.file}`];
      const root = site.git(...signing, 'commit-tree', '-S', '-m', 'other root', tree);
      return mergeAs(second, [second, root], ada);
    },
    code: 'unrelated-root',
    blamed: (head) => site.git('rev-parse', `${head}^2`),
  },
  {
    name: 'a merge of a branch that is older than the introduction',
    to: () => {
      const branch = edit(old, 'racks/r9.yaml', eve);
      return mergeAs(second, [second, branch], ada);
    },
    code: 'before-introduction',
    blamed: (head) => site.git('rev-parse', `${head}^2`),
  },
  {
    name: 'the trust document removed',
    to: () =>
      after(second, () => {
        site.delete(signersPath);
        site.commit('no trust', ada);
      }),
    code: 'trust-unreadable',
  },
  {
    name: 'the trust document broken',
    to: () =>
      after(second, () => {
        site.write(signersPath, 'signers: everyone\n');
        site.commit('trust everyone', ada);
      }),
    code: 'trust-unreadable',
  },
  {
    name: 'a tree that is none',
    to: () => {
      const entry = Buffer.concat([Buffer.from('100644 b\0'), Buffer.alloc(20, 1)]);
      const tree = site.store(Buffer.concat([entry, entry]), 'tree');
      const text = `tree ${tree}\nparent ${second}\nauthor A <a> 1 +0000\ncommitter A <a> 1800000000 +0000\n\nx\n`;
      const armor = fixture.sign(ada, text).trimEnd().replaceAll('\n', '\n ');
      return site.store(text.replace('\n\n', `\ngpgsig ${armor}\n\n`));
    },
    code: 'malformed-tree',
  },
  {
    name: 'a commit that is none',
    to: () => site.store(`tree ${'1'.repeat(40)}\nparent ${second}\n\nno author\n`),
    code: 'header-order',
  },
  {
    name: 'a history with a hole',
    to: () => forged(edit(second, 'site.yaml', ada), (text) => text.replace(second, '2'.repeat(40))),
    code: 'history-incomplete',
  },
  { name: 'no introduction', from: null, to: () => second, introduction: null, code: 'no-introduction' },
  {
    name: 'an introduction with another key',
    from: null,
    to: () => second,
    introduction: { commit: intro, keyFingerprint: bob.fingerprint },
    code: 'introduction-key',
    blamed: () => intro,
  },
  {
    name: 'an introduced commit that is unsigned',
    from: null,
    to: () => second,
    introduction: { commit: old, keyFingerprint: ada.fingerprint },
    code: 'unsigned',
    blamed: () => old,
  },
  {
    name: 'a history that does not hold the introduced commit',
    from: null,
    to: () => intro,
    introduction: { commit: second, keyFingerprint: bob.fingerprint },
    code: 'not-descendant',
  },
];

for (const { name, from = second, to, code, blamed, ...rest } of refused) {
  test(`refused: ${name}`, async () => {
    const head = to();
    const first = rest.introduction === undefined ? introduction : rest.introduction;
    const request = { from, to: head, reader, nowSeconds, ...(first === null ? {} : { introduction: first }) };
    const result = await authenticate(request);
    assert.not.ok(result.ok);
    if (result.ok) return;
    assert.is(result.code, code, result.message);
    assert.is(result.commit, blamed?.(head) ?? head);
    assert.ok(result.message.length > 0 && result.hint.length > 0);
    assert.equal(await authenticate(request), result, 'the same again');
  });
}

test('what was never looked at may be anything', async () => {
  const repository = fixture.repository('long');
  const objects = localObjects(repository);
  repository.write('x', '1');
  const ancient = repository.commit('ancient');
  repository.trust({ key: ada });
  const first = repository.commit('introduce', ada);
  repository.write('x', '2');
  const head = repository.commit('go on', ada);
  rmSync(join(repository.work, '.git/objects', ancient.slice(0, 2), ancient.slice(2)));
  const start = { commit: first, keyFingerprint: ada.fingerprint };
  const result = await authenticate({ nowSeconds, from: null, to: head, reader: objects, introduction: start });
  assert.ok(result.ok, JSON.stringify(result));
});

test('a damaged store is no verdict on the history', async () => {
  const damaged = {
    ...reader,
    tree: async (oid: string): Promise<never> => {
      throw new GitObjectError('corrupt-object', oid, 'damaged');
    },
  };
  try {
    await authenticate({ nowSeconds, from: intro, to: second, reader: damaged, introduction });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, GitObjectError);
  }
});

test.run();
