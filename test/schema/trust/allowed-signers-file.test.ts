// Git, told of a site's signers by the file, knows them and nobody else.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllowedSigners } from '../../../schema/trust/allowed-signers.ts';
import { allowedSignersFile } from '../../../schema/trust/allowed-signers-file.ts';
import { readTrust } from '../../../schema/trust/trusted-keys.ts';
import type { SignersDocument } from '../../../schema/types/signers.ts';
import { GitFixture, gitEnvironment } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const ada = fixture.key('ada');
const bob = fixture.key('bob', 'ecdsa', 256);
const eve = fixture.key('eve');
const host = fixture.key('host');
const repository = fixture.repository();

function fileOf(document: SignersDocument): string {
  const { trust, faults } = readTrust(document, () => null);
  assert.equal(faults, []);
  return allowedSignersFile(trust);
}

/** Whose commit it is, as Git says; null when it does not believe the signature. */
function signerOf(commit: string, list: string): string | null {
  const file = join(fixture.root, 'allowed_signers');
  writeFileSync(file, list);
  const args = ['-c', `gpg.ssh.allowedSignersFile=${file}`, 'verify-commit', '--raw', commit];
  const { status, stderr } = spawnSync('git', args, { cwd: repository.work, env: gitEnvironment, encoding: 'utf8' });
  return status === 0 ? (/^Good "git" signature for (.*) with /m.exec(stderr)?.[1] ?? null) : null;
}

test('git knows whose commits are, and when their keys count', () => {
  const made = Date.UTC(2026, 0, 2, 12) / 1000;
  repository.at(made);
  const commits = [ada, bob, eve, host].map((key) => repository.commit(key.name, key));
  const instant = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  const document = (validAfter: number, validBefore: number): SignersDocument => ({
    signers: [
      { name: 'Lovelace, Ada', key: ada.publicKey, validAfter: instant(validAfter), validBefore: instant(validBefore) },
      { name: 'Bob', key: bob.publicKey },
      { name: 'Eve', key: eve.publicKey, revoked: { reason: 'left' } },
    ],
    mergeKeys: [{ name: 'Host', key: host.publicKey, paths: ['**'] }],
  });
  const knows = (validAfter: number, validBefore: number): readonly (string | null)[] =>
    commits.map((commit) => signerOf(commit, fileOf(document(validAfter, validBefore))));
  assert.equal(knows(made - 9, made + 1), ['Lovelace_ Ada', 'Bob', null, null]);
  assert.equal(knows(made, made + 9), ['Lovelace_ Ada', 'Bob', null, null]);
  assert.equal(knows(made + 1, made + 9), [null, 'Bob', null, null]);
  assert.equal(knows(made - 9, made), [null, 'Bob', null, null]);
});

test('spans that the format cannot say leave the rest readable', () => {
  const spans: readonly Partial<SignersDocument['signers'][number]>[] = [
    { validAfter: '2026-01-01T00:00:00Z', validBefore: '2026-01-01T00:00:01Z' },
    { validBefore: '1970-01-01T00:00:01Z' },
    { validAfter: '1970-01-01T00:00:00Z' },
    { validAfter: '1905-01-01T00:00:00Z', validBefore: '2026-01-01T00:00:00Z' },
  ];
  const lines = spans.map((span) => fileOf({ signers: [{ name: 'Ada', key: ada.publicKey, ...span }] }));
  assert.equal(lines.slice(0, 2), ['', '']);
  for (const line of lines) assert.equal(parseAllowedSigners(line).faults, []);
  assert.equal(
    lines.slice(2).map((line) => line.replace(ada.publicKey, '<key>')),
    ['Ada namespaces="git" <key>\n', 'Ada namespaces="git",valid-before="20251231235959Z" <key>\n'],
  );
});

test.run();
