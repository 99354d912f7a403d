// time limit: 120 s
// berth secret, as a user calls it.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIdentities } from '../../../reconciler/secrets/identity.ts';
import { open, seal } from '../../../reconciler/secrets/seal.ts';
import { parseAgeHeader } from '../../../schema/age-header.ts';
import { parseAgeRecipient } from '../../../schema/age-recipient.ts';
import { eventually } from '../../eventually.ts';
import { AgeFixture, type AgeKey } from '../secrets/age.ts';
import { type BerthSettings, berth, program, type Said, SiteCopy } from './command.ts';

const fixture = new AgeFixture();
const copies: SiteCopy[] = [];
test.after(() => {
  for (const copy of copies) copy.remove();
  fixture.remove();
});

const [servers, ada, grace] = [fixture.sshKey('servers'), fixture.sshKey('ada'), fixture.sshKey('grace')];
const people: Readonly<Record<string, AgeKey>> = { servers, ada, grace };

/** A site whose secrets are for some people, boot servers first. */
class SecretSite extends SiteCopy {
  constructor(...names: readonly string[]) {
    super();
    copies.push(this);
    this.seals(...names);
  }

  /** Write trust/recipients.yaml. */
  seals(...names: readonly string[]): void {
    const recipients = names.map((name, index) => ({ name, key: people[name]?.publicKey, servers: index === 0 }));
    writeFileSync(path.join(this.folder, 'trust/recipients.yaml'), JSON.stringify({ recipients }, null, 1));
  }

  /** Seal a secret to some people, whatever trust/recipients.yaml says. */
  async put(file: string, content: string, keys: readonly AgeKey[], armored = true): Promise<Buffer> {
    const recipients = keys.map(({ publicKey }) => parseAgeRecipient(publicKey));
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), await seal(Buffer.from(content), recipients, armored));
    return this.bytes(file);
  }

  at(file: string): string {
    return path.join(this.folder, file);
  }

  bytes(file: string): Buffer {
    return readFileSync(this.at(file));
  }

  async opened(file: string, { file: keyFile }: AgeKey): Promise<string> {
    const identities = parseIdentities(readFileSync(keyFile, 'utf8'));
    return Buffer.from(await open(this.bytes(file), identities)).toString();
  }

  /** Run `berth secret …` as Ada, where the site repo's parent is, or in it. */
  secret(args: readonly string[], { cwd = this.parent, env = {} }: BerthSettings = {}): Promise<Said> {
    return berth(['secret', ...args], { cwd, env: { HOME: this.parent, BERTH_IDENTITY: ada.file, ...env } });
  }

  /** What lies in secrets/, drafts too. */
  secrets(): readonly string[] {
    return existsSync(this.at('secrets')) ? readdirSync(this.at('secrets'), { encoding: 'utf8' }).sort() : [];
  }

  /** An editor that does what a script of the shell says to the file `$1`. */
  editor(name: string, script: string): string {
    const file = path.join(this.parent, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
}

/** Folders of plaintext that a process has left, in memory or in the folder of temporary files. */
function leftovers(pid?: number): readonly string[] {
  const folders = ['/dev/shm', tmpdir()].filter((folder) => existsSync(folder));
  const prefix = `berth-secret-${pid === undefined ? '' : `${pid}-`}`;
  return folders.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(prefix)));
}

const startsWithDigest = /sha256 [0-9a-f]{12}/;

test('a new secret: from the editor, by its name alone', async () => {
  const site = new SecretSite('servers', 'ada');
  const seen = path.join(site.parent, 'seen');
  const look = 'stat -c "%a %s" "$1" "$(dirname "$1")" > "$SEEN"; echo "$1" >> "$SEEN"; printf hunter2 > "$1"';
  const EDITOR = site.editor('my editor', look).replace(' ', '\\ ');
  const said = await site.secret(['edit', 'bmc.json'], { cwd: site.folder, env: { EDITOR, SEEN: seen } });
  assert.is(said.stderr, '');
  assert.match(said.stdout, /^secrets\/bmc\.json\.age is new, sealed to 2 recipients: sha256 [0-9a-f]{12}\n$/);
  assert.is(said.exitCode, 0);
  for (const key of [servers, ada]) assert.is(await site.opened('secrets/bmc.json.age', key), 'hunter2');
  const [file = '', folder = '', name = ''] = readFileSync(seen, 'utf8').split('\n');
  assert.is(file, '600 0');
  assert.match(folder, /^700 /);
  assert.match(name, /^\/dev\/shm\/berth-secret-\d+-\w+\/bmc\.json$/);
  assert.not(existsSync(path.dirname(name)));
  assert.equal(site.secrets(), ['bmc.json.age']);
});

test('a secret is changed, in the form that it has; VISUAL goes before EDITOR, with its arguments', async () => {
  const site = new SecretSite('servers', 'ada');
  for (const armored of [true, false]) {
    await site.put('secrets/a/bmc.age', 'user: root\n', [servers, ada], armored);
    const env = { VISUAL: 'sed -i s/root/admin/', EDITOR: 'false' };
    const said = await site.secret(['edit', 'site/secrets/a/bmc.age', '--identity', servers.file], { env });
    assert.equal([said.stderr, said.exitCode], ['', 0]);
    assert.match(said.stdout, /^site\/secrets\/a\/bmc\.age is changed, sealed to 2 recipients/);
    assert.is(await site.opened('secrets/a/bmc.age', ada), 'user: admin\n');
    assert.is(parseAgeHeader(site.bytes('secrets/a/bmc.age')).armored, armored);
  }
});

test('what cannot be put into its place when it was written is kept in another one, sealed', async () => {
  const site = new SecretSite('servers', 'ada');
  const temporary = path.join(site.parent, 'temporary');
  mkdirSync(temporary);
  const blocked = 'printf hunter2 > "$1"; rm -rf "$SECRETS"; touch "$SECRETS"';
  const EDITOR = site.editor('editor', blocked);
  const env = { EDITOR, SECRETS: site.at('secrets'), TMPDIR: temporary };
  const said = await site.secret(['edit', 'bmc'], { cwd: site.folder, env });
  assert.is(said.exitCode, 1);
  assert.match(said.stderr, /^berth: secrets\/bmc\.age is left as it was: .+; what you have written lies sealed in /);
  const kept = said.stderr.trimEnd().split(' in ').at(-1) ?? '';
  assert.ok(kept.startsWith(temporary), said.stderr);
  const identities = parseIdentities(readFileSync(ada.file, 'utf8'));
  assert.is(Buffer.from(await open(readFileSync(kept), identities)).toString(), 'hunter2');
  assert.not.match(said.stderr, 'hunter2');

  // Where the folder of temporary files does not do, it goes into memory.
  rmSync(temporary, { recursive: true });
  const next = await site.secret(['edit', 'bmc'], { cwd: site.folder, env });
  const inMemory = next.stderr.trimEnd().split(' in ').at(-1) ?? '';
  assert.match(inMemory, /^\/dev\/shm\/berth-sealed-\w+\/bmc\.age$/);
  assert.is(Buffer.from(await open(readFileSync(inMemory), identities)).toString(), 'hunter2');
  rmSync(path.dirname(inMemory), { recursive: true });
});

test('what does not change is left as it is, byte for byte', async () => {
  const site = new SecretSite('servers', 'ada');
  const before = await site.put('secrets/bmc.age', 'x', [servers, ada]);
  const { mtimeNs } = statSync(site.at('secrets/bmc.age'), { bigint: true });
  const said = await site.secret(['edit', 'bmc', 'site'], { env: { EDITOR: 'true' } });
  assert.is(said.stdout, 'site/secrets/bmc.age is left as it was: nothing changed\n');
  assert.is(said.exitCode, 0);
  assert.ok(site.bytes('secrets/bmc.age').equals(before));
  assert.is(statSync(site.at('secrets/bmc.age'), { bigint: true }).mtimeNs, mtimeNs);
  site.seals('servers', 'ada', 'grace');
  const stale = await site.secret(['edit', 'bmc', 'site'], { env: { EDITOR: 'true' } });
  assert.match(stale.stdout, /nothing changed; it is not sealed to 1 of the 3 recipients: berth secret rekey\n$/);
  assert.ok(site.bytes('secrets/bmc.age').equals(before));
});

const failing: readonly (readonly [name: string, script: string, says: RegExp])[] = [
  ['fails', 'echo changed > "$1"; exit 3', /the editor failed \(exit 3\): nothing is changed/],
  ['dies', 'echo changed > "$1"; kill -KILL $$', /the editor failed \((SIGKILL|exit 137)\): nothing is changed/],
  ['empties the file', ': > "$1"', /there is nothing in it to seal \(--allow-empty if that is meant\)/],
  ['removes the file', 'rm "$1"', /the file is gone: nothing is changed/],
  ['leaves other files, in folders too', 'mkdir "$1.d"; cp "$1" "$1.d/swap"; cp "$1" "$1~"; exit 1', /exit 1/],
  ['leaves what cannot be written', 'chmod 400 "$1"; exit 1', /exit 1/],
];

/** All at once, for each takes its time. */
const failures = failing.map(async ([, script]) => {
  const site = new SecretSite('servers', 'ada');
  const before = await site.put('secrets/bmc.age', 'hunter2', [servers, ada]);
  const noted = path.join(site.parent, 'noted');
  const EDITOR = site.editor('editor', `dirname "$1" > ${noted}\n${script}`);
  const said = await site.secret(['edit', 'bmc', 'site'], { env: { EDITOR } });
  return { site, before, noted, said };
});

for (const [index, [name, , says]] of failing.entries()) {
  test(`an editor that ${name}: nothing changes, nothing is left in the clear`, async () => {
    const failure = await failures[index];
    assert.ok(failure);
    const { site, before, noted, said } = failure;
    assert.match(said.stderr, says);
    assert.not.match(said.stderr, /hunter2| {4}at /);
    assert.is(said.exitCode, 1);
    assert.ok(site.bytes('secrets/bmc.age').equals(before));
    assert.equal(site.secrets(), ['bmc.age']);
    assert.not(existsSync(readFileSync(noted, 'utf8').trim()));
  });
}

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
  test(`${signal} while the editor is open: nothing changes, nothing is left in the clear`, async () => {
    const site = new SecretSite('servers', 'ada');
    const before = await site.put('secrets/bmc.age', 'hunter2', [servers, ada]);
    const noted = path.join(site.parent, 'noted');
    // Ends by itself when its file is gone, as an editor would when its terminal is.
    const wait = `echo changed > "$1"; dirname "$1" > ${noted}.new; mv ${noted}.new ${noted}; while [ -e "$1" ]; do sleep 0.05; done`;
    const { PATH = '' } = process.env;
    const env = { PATH, BERTH_CACHE: 'off', BERTH_IDENTITY: ada.file, EDITOR: site.editor('editor', wait) };
    const child = spawn(process.execPath, [program, 'secret', 'edit', 'bmc', 'site'], { cwd: site.parent, env });
    const ended = once(child, 'exit');
    await eventually('the editor is open', () => existsSync(noted));
    const folder = readFileSync(noted, 'utf8').trim();
    assert.equal(readdirSync(folder), ['bmc']);
    child.kill(signal);
    assert.equal(await ended, [null, signal]);
    if (signal === 'SIGKILL') {
      // Nothing can be done by who was killed; the next call does it.
      assert.ok(existsSync(folder));
      const next = await site.secret(['edit', 'bmc', 'site'], { env: { EDITOR: 'true' } });
      assert.is(next.exitCode, 0);
    }
    assert.not(existsSync(folder));
    assert.ok(site.bytes('secrets/bmc.age').equals(before));
    assert.equal(leftovers(child.pid), []);
  });
}

test('without an editor: a file, standard input, random bytes', async () => {
  const site = new SecretSite('servers', 'ada');
  writeFileSync(path.join(site.parent, 'clear.json'), '{}');
  const file = await site.secret(['edit', 'bmc', 'site', '--from', 'clear.json']);
  assert.match(file.stdout, /^site\/secrets\/bmc\.age is new/);
  assert.is(file.stderr, 'berth: clear.json still lies there in the clear\n');
  assert.is(await site.opened('secrets/bmc.age', servers), '{}');
  // No key at hand opens it, and none is needed to replace it.
  writeFileSync(path.join(site.parent, 'clear.json'), '{"user":"root"}');
  const blind = await site.secret(['edit', 'bmc', 'site', '--from', 'clear.json', '--identity', grace.file]);
  assert.match(blind.stdout, /^site\/secrets\/bmc\.age is changed/);
  assert.is(await site.opened('secrets/bmc.age', servers), '{"user":"root"}');
  const same = await site.secret(['edit', 'bmc', 'site', '--from', 'clear.json']);
  assert.match(same.stdout, /nothing changed/);
  const random = await site.secret(['edit', 'token', 'site', '--generate', '32']);
  assert.is(random.exitCode, 0);
  assert.match(await site.opened('secrets/token.age', ada), /^[\w-]{43}$/);
  const settings = { cwd: site.parent, input: 'from a pipe', encoding: 'utf8' } as const;
  execFileSync(process.execPath, [program, 'secret', 'edit', 'pipe', 'site', '--from', '-'], settings);
  assert.is(await site.opened('secrets/pipe.age', ada), 'from a pipe');
});

test('what can be mended is said in a line', async () => {
  const site = new SecretSite('servers', 'ada');
  await site.put('secrets/graces.age', 'x', [grace]);
  await site.put('secrets/bmc.age', 'x', [servers, ada]);
  const locked = fixture.sshKey('locked', 'hunter2').file;
  const nobody = { HOME: site.parent, BERTH_IDENTITY: '', EDITOR: 'true' };
  const cases: readonly (readonly [args: readonly string[], says: RegExp, env?: Readonly<Record<string, string>>])[] = [
    [
      ['edit', 'graces', 'site'],
      /graces\.age cannot be opened: it is sealed to none of the keys at hand \(tried .*ada/,
    ],
    [['edit', 'bmc', 'site'], /\(name the file of your private key with --identity or BERTH_IDENTITY\)$/, nobody],
    [['edit', 'bmc', 'site', '--identity', locked], /locked\.key: the SSH key has a passphrase.*ssh-keygen -p/],
    [
      ['edit', 'bmc', 'site', '--identity', `${ada.file}.pub`],
      /the file holds a public key: the private one is needed$/,
    ],
    [['edit', 'bmc', 'site', '--identity', 'none'], /none cannot be read: ENOENT/],
    [['edit', 'new', 'site'], /neither VISUAL nor EDITOR names an editor; --from/],
    [['edit', 'BMC', 'site'], /BMC: secrets are called secrets\/<name>\.age, in lower case$/],
    [['edit', '../bmc', 'site'], /secrets are called secrets\/<name>\.age/],
    [['edit', 'bmc'], /bmc is in no site repo: there is no site\.yaml above it$/],
    [['edit', 'new', 'site', '--from', '/dev/null'], /there is nothing in it to seal/],
    [['edit', 'new', 'site', '--from', 'x', '--generate', '32'], /--from and --generate do not go together$/],
    [['edit', 'new', 'site', '--generate', '8'], /--generate takes a number of bytes from 16 to 1024$/],
    [['rekey', 'site/secrets/none.age'], /there is no site\/secrets\/none\.age$/],
  ];
  const said = await Promise.all(cases.map(([args, , env]) => site.secret(args, { env: { ...env } })));
  for (const [index, [args, says]] of cases.entries()) {
    const { exitCode, stdout, stderr } = said[index] as Said;
    assert.match(stderr, /^berth: .*\n$/, args.join(' '));
    assert.match(stderr.trimEnd(), says);
    assert.equal([stdout, exitCode], ['', 1]);
  }
  assert.equal(site.secrets(), ['bmc.age', 'graces.age']);
});

test('a list of recipients that nothing should be sealed to', async () => {
  const site = new SecretSite('servers', 'ada');
  const file = site.at('trust/recipients.yaml');
  const edit = async (text: string | null): Promise<string> => {
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
    const { exitCode, stderr } = await site.secret(['edit', 'new', 'site', '--generate', '16']);
    assert.is(exitCode, 1);
    return stderr;
  };
  const one = (key: string, more = ', servers: true') => `recipients:\n  - { name: x, key: ${key}${more} }\n`;
  assert.match(await edit(null), /there is no site\/trust\/recipients\.yaml, which says whom/);
  assert.match(await edit(one(ada.publicKey, '')), /none of the recipients is a key of boot servers/);
  assert.match(await edit(one(ada.publicKey) + one(ada.publicKey).split('\n')[1]), /the key of x stands there twice/);
  assert.match(await edit(one(`${ada.publicKey.slice(0, -4)}`)), /nothing can be sealed to x: not a public key/);
  assert.match(await edit(one('nonsense')), /site\/trust\/recipients\.yaml:2:21: error BERTH-008/);
  // Bytes that have the form of a key, and are no point of the curve.
  const wire = Buffer.from(ada.publicKey.split(' ')[1] ?? '', 'base64');
  wire.fill(0, 19).fill(2, 19, 20);
  assert.match(await edit(one(`ssh-ed25519 ${wire.toString('base64')}`)), /a recipient's key cannot be sealed to/);
  assert.equal(site.secrets(), []);
});

test('rekey: who comes can open the secrets, who leaves cannot; what fits is left alone', async () => {
  const site = new SecretSite('servers', 'grace');
  const fits = await site.put('secrets/fits.age', 'fits', [servers, grace]);
  const binary = await site.put('secrets/deep/old.age', 'old', [servers, ada], false);
  await site.put('secrets/older.age', 'older', [servers]);
  const said = await site.secret(['rekey'], { cwd: site.folder, env: { BERTH_IDENTITY: servers.file } });
  assert.is(said.stderr, '');
  const [first = '', second = '', ...rest] = said.stdout.trimEnd().split('\n');
  assert.match(first, /^secrets\/deep\/old\.age: sha256 [0-9a-f]{12} → sha256 [0-9a-f]{12}$/);
  assert.match(second, startsWithDigest);
  assert.equal(rest, [
    '2 sealed again, 1 as they were, 0 failed',
    'Whoever was taken off the list has what they could read: change what the secrets protect.',
  ]);
  assert.is(said.exitCode, 0);
  assert.ok(site.bytes('secrets/fits.age').equals(fits));
  assert.not(site.bytes('secrets/deep/old.age').equals(binary));
  assert.not(parseAgeHeader(site.bytes('secrets/deep/old.age')).armored);
  for (const key of [servers, grace]) assert.is(await site.opened('secrets/deep/old.age', key), 'old');
  assert.is(await site.opened('secrets/older.age', grace), 'older');
  assert.is(await site.opened('secrets/deep/old.age', ada).catch(({ code }) => code), 'no-identity');
  // Nothing is left to do, and no key is needed to see that.
  const again = await site.secret(['rekey', 'site'], { env: { BERTH_IDENTITY: '/nonexistent' } });
  assert.equal([again.stdout, again.exitCode], ['0 sealed again, 3 as they were, 0 failed\n', 0]);
});

test('rekey: one that cannot be opened is left as it was, the others are sealed', async () => {
  const site = new SecretSite('servers', 'ada', 'grace');
  const closed = await site.put('secrets/closed.age', 'x', [servers]);
  await site.put('secrets/mine.age', 'mine', [ada]);
  writeFileSync(site.at('secrets/half.age'), (await site.put('secrets/other.age', 'x', [ada])).subarray(0, -60));
  rmSync(site.at('secrets/other.age'));
  const said = await site.secret(['rekey', 'site', '--json']);
  const { format, secrets } = JSON.parse(said.stdout) as { format: number; secrets: Record<string, string>[] };
  assert.is(format, 1);
  assert.equal(
    secrets.map(({ path: file, outcome }) => [file, outcome]),
    [
      ['secrets/closed.age', 'failed'],
      ['secrets/half.age', 'failed'],
      ['secrets/mine.age', 'sealed'],
    ],
  );
  assert.match(secrets[0]?.message ?? '', /^it is sealed to none of the keys at hand/);
  assert.is(said.exitCode, 1);
  assert.ok(site.bytes('secrets/closed.age').equals(closed));
  assert.is(await site.opened('secrets/mine.age', grace), 'mine');
  const text = await site.secret(['rekey', 'site']);
  assert.match(text.stderr, /^site\/secrets\/closed\.age: left as it was: it is sealed to none/);
  assert.is(text.stdout, '0 sealed again, 1 as they were, 2 failed\n');
});

test('rekey: files, folders, and --all', async () => {
  const site = new SecretSite('servers', 'ada');
  const before = await site.put('secrets/a/one.age', '1', [servers, ada]);
  await site.put('secrets/b/two.age', '2', [servers, ada]);
  const some = await site.secret(['rekey', 'site/secrets/a', '--all']);
  assert.match(some.stdout, /^site\/secrets\/a\/one\.age: .*\n1 sealed again, 0 as they were, 0 failed\n$/);
  assert.not(site.bytes('secrets/a/one.age').equals(before));
  assert.is(await site.opened('secrets/a/one.age', ada), '1');
  const file = await site.secret(['rekey', 'b/two', '--all'], { cwd: site.folder });
  assert.match(file.stdout, /^secrets\/b\/two\.age: .*\n1 sealed again/);
  const none = new SecretSite('servers', 'ada');
  assert.is((await none.secret(['rekey', 'site'])).stdout, 'there are no secrets\n');
});

test('plans and diffs show digests of secrets, and nothing else of them', async () => {
  const site = new SecretSite('servers', 'ada');
  const old = await site.put('secrets/bmc-password.age', 'hunter2', [servers, ada]);
  site.commit('before');
  const now = await site.put('secrets/bmc-password.age', 'hunter3', [servers, ada]);
  const base = ['--base', 'HEAD'];
  const said = await Promise.all([
    ...['text', 'json', 'markdown'].map((format) =>
      berth(['plan', 'site', ...base, '--format', format], { cwd: site.parent }),
    ),
    ...['text', 'json', 'markdown'].map((format) =>
      berth(['diff', 'HEAD', 'site', '--format', format], { cwd: site.parent }),
    ),
  ]);
  const short = (bytes: Buffer): string => `sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
  for (const [index, { exitCode, stdout, stderr }] of said.entries()) {
    assert.is(exitCode, 2, stderr);
    assert.ok(stdout.includes(short(old)) && stdout.includes(short(now)), stdout);
    if (index % 3 !== 1) assert.ok(stdout.includes(`secrets/bmc-password.age: ${short(old)} → ${short(now)}`), stdout);
    for (const sealed of [old, now]) {
      for (const line of sealed.toString().split('\n')) if (line !== '') assert.not(stdout.includes(line), stdout);
    }
  }
});

test.run();
