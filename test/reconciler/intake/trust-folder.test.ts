// What a boot server remembers by itself, on disk.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TrustFolder, TrustFolderError } from '../../../reconciler/intake/trust-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'berth-trust-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function data(): string {
  const folder = path.join(root, String(count++));
  mkdirSync(folder);
  return folder;
}

const commit = 'a'.repeat(40);
const at = '2026-01-01T00:00:00.000Z';
const key = `SHA256:${'A'.repeat(43)}`;
const introduction = { commit, key, site: 'tokyo0', at };
const accepted = { commit, signer: 'ada', trustSet: '0'.repeat(64), anchors: 1, at };
const anchor = { commit, supersedes: ['b'.repeat(40)], reason: 'why', by: 'ada', at };
const revoked = { key: 'A'.repeat(40), from: null, reason: 'why', by: 'ada', at };

test('nothing is remembered at first', async () => {
  const folder = data();
  assert.equal(await new TrustFolder(folder).read(), { introduction: null, accepted: null, anchors: [], revoked: [] });
  assert.not.ok(existsSync(path.join(folder, 'trust')), 'nor is anything made by looking');
});

test('what is written is read, by nobody else', async () => {
  const folder = data();
  const memory = new TrustFolder(folder);
  await memory.writeIntroduction(introduction);
  await memory.writeAccepted(accepted);
  await memory.writeAnchors([anchor]);
  await memory.writeRevoked([revoked]);
  const all = { introduction, accepted, anchors: [anchor], revoked: [revoked] };
  assert.equal(await new TrustFolder(folder).read(), all);
  const names = ['accepted.json', 'anchors.json', 'introduction.json', 'revoked.json'];
  assert.equal(readdirSync(memory.folder).sort(), names, 'nothing half-written is left');
  assert.is(statSync(memory.folder).mode & 0o777, 0o700);
  for (const name of names) assert.is(statSync(path.join(memory.folder, name)).mode & 0o777, 0o600, name);
});

test('a file is replaced as a whole, whatever a crash has left beside it', async () => {
  const memory = new TrustFolder(data());
  await memory.writeAccepted(accepted);
  const partial = path.join(memory.folder, 'accepted.json.partial');
  writeFileSync(partial, 'half');
  chmodSync(partial, 0o644);
  assert.equal((await memory.read()).accepted, accepted);
  const held = { head: commit, commit, code: 'key-revoked' as const, message: 'why', at };
  await memory.writeAccepted({ ...accepted, signer: null, held });
  assert.equal((await memory.read()).accepted, { ...accepted, signer: null, held });
  assert.is(statSync(path.join(memory.folder, 'accepted.json')).mode & 0o777, 0o600);
});

const damages: readonly (readonly [string, string, string])[] = [
  ['accepted', '', 'JSON'],
  ['accepted', '{', 'JSON'],
  ['accepted', 'null', 'accepted commit'],
  ['accepted', JSON.stringify({ ...accepted, commit: 'main' }), '/commit'],
  ['accepted', JSON.stringify({ ...accepted, trustSet: undefined }), 'trustSet'],
  ['accepted', JSON.stringify({ ...accepted, anchors: -1 }), '/anchors'],
  ['accepted', JSON.stringify({ ...accepted, more: 1 }), 'unknown member more'],
  ['introduction', JSON.stringify({ ...introduction, key: 'SHA256:short' }), '/key'],
  ['introduction', JSON.stringify([introduction]), 'introduction'],
  ['anchors', JSON.stringify(anchor), 'list of anchors'],
  ['anchors', JSON.stringify([{ ...anchor, at: 'yesterday' }]), '/0/at'],
  ['revoked', JSON.stringify([{ ...revoked, from: 'always' }]), '/0/from'],
];

for (const [name, text, why] of damages) {
  test(`${name}.json is not relied on when it holds ${text || 'nothing'}`, async () => {
    const memory = new TrustFolder(data());
    mkdirSync(memory.folder);
    const file = path.join(memory.folder, `${name}.json`);
    writeFileSync(file, text);
    const error = await memory.read().catch((caught: unknown) => caught);
    assert.instance(error, TrustFolderError);
    assert.match((error as Error).message, `${file} cannot be relied on: `);
    assert.match((error as Error).message, why);
  });
}

test('what cannot be written is said, with the file', async () => {
  const folder = data();
  writeFileSync(path.join(folder, 'trust'), 'no folder');
  const error = await new TrustFolder(folder).writeAccepted(accepted).catch((caught: unknown) => caught);
  assert.instance(error, TrustFolderError);
  assert.match((error as Error).message, 'accepted.json cannot be written: ');
});

test.run();
