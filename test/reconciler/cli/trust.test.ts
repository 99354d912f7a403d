// time limit: 120 s
// berth trust, as a command, on real repositories that git and ssh-keygen make.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cloneFolder } from '../../../reconciler/cli/site-repo-options.ts';
import { TrustFolder } from '../../../reconciler/intake/trust-folder.ts';
import { Repository } from '../../../reconciler/source/repository.ts';
import { GitFixture, signing, type TestKey, type TestRepository } from '../../git.ts';
import { smallSite } from '../../small-site.ts';
import { berth, type Said } from './command.ts';

interface Context {
  git: GitFixture;
  repository: TestRepository;
  ada: TestKey;
  bob: TestKey;
  /** By ada: the site, and whom it trusts. */
  first: string;
  /** By bob, in racks/. */
  second: string;
  /** By ada, in trust/, which takes two; bob approves. */
  third: string;
  /** By bob, in roles/, where he may change nothing. */
  fourth: string;
  introduction: string;
}

const test = suite<Context>('berth trust');
const files = await smallSite();

function textOf(name: string): string {
  return Buffer.from(files.get(name)?.bytes ?? []).toString();
}

test.before((context) => {
  const git = new GitFixture();
  const [ada, bob] = [git.key('ada'), git.key('bob')];
  const repository = git.repository();
  for (const [name, { bytes }] of files) repository.write(name, bytes);
  const signers = (more: readonly object[] = []) =>
    repository.write(
      'trust/signers.yaml',
      JSON.stringify({
        signers: [
          { name: 'ada', key: ada.publicKey, paths: ['**'] },
          { name: 'bob', key: bob.publicKey, paths: ['racks/', 'notes.md'], validBefore: '2040-01-01T00:00:00Z' },
          ...more,
        ],
        groups: [{ name: 'leads', members: ['ada', 'bob'] }],
        thresholds: [{ paths: ['trust/'], signatures: 2, group: 'leads' }],
      }),
    );
  signers();
  const first = repository.commit('Declare the site', ada);
  repository.write('racks/r0.yaml', `${textOf('racks/r0.yaml')}# seen\n`);
  const second = repository.commit('Look at rack 0', bob);
  signers([{ name: 'eve', key: git.key('eve').publicKey, paths: ['racks/'] }]);
  const third = repository.commit('Let eve in', ada);
  approve(repository, third, bob);
  repository.write('roles/cs.yaml', `${textOf('roles/cs.yaml')}# bob was here\n`);
  const fourth = repository.commit('Change a role', bob);
  const introduction = `${first}:${ada.fingerprint}`;
  Object.assign(context, { git, repository, ada, bob, first, second, third, fourth, introduction });
});

test.after(({ git }) => git.remove());

function approve(repository: TestRepository, commit: string, key: TestKey): void {
  repository.git(...signing(key), 'tag', '-s', '-m', 'approved', `approve/${commit}/${key.name}`, commit);
}

function trust({ repository }: Context, ...args: readonly string[]): Promise<Said> {
  return berth(['trust', ...args], { cwd: repository.work });
}

test('introduce prints the line that boot servers take', async (context) => {
  const { first, introduction, ada, fourth } = context;
  const said = await trust(context, 'introduce', '--commit', first);
  assert.is(said.exitCode, 0, said.stderr);
  assert.match(
    said.stdout,
    `The site tokyo0 begins with commit ${first.slice(0, 12)} (Declare the site), signed by ada:`,
  );
  assert.match(
    said.stdout,
    `  berth trust introduce --data <folder> --site tokyo0 --repo <url> --introduction ${introduction}\n`,
  );
  assert.match(said.stdout, `  git config berth.introduction ${introduction}\n`);
  const { stdout } = await trust(context, 'introduce', '--commit', first, '--json');
  assert.equal(JSON.parse(stdout), {
    commit: first,
    key: ada.fingerprint,
    signer: 'ada',
    site: 'tokyo0',
    introduction,
  });
  const head = await trust(context, 'introduce', '--json');
  assert.is(JSON.parse(head.stdout).commit, fourth, 'HEAD by itself');
});

test('show lists signers, groups, thresholds, and the file that git takes', async (context) => {
  const { repository, ada, bob, second, third } = context;
  const { stdout } = await trust(context, 'show', '--ref', third);
  const lines = stdout.split('\n');
  assert.is(lines[0], `Commit ${third.slice(0, 12)} trusts 3 signers`);
  assert.ok(lines.includes('  ada (leads) may change **'), stdout);
  assert.ok(lines.includes(`    ssh ${bob.fingerprint}, until 2040-01-01T00:00:00Z`), stdout);
  assert.ok(lines.includes('  leads: ada, bob'), stdout);
  assert.ok(lines.includes('  trust/ takes 2 signers of leads'), stdout);
  const json = JSON.parse((await trust(context, 'show', '--ref', second, '--json')).stdout);
  assert.equal(json.signers[1], {
    name: 'bob',
    keys: [
      {
        fingerprint: bob.fingerprint,
        kind: 'ssh',
        validAfter: null,
        validBefore: '2040-01-01T00:00:00Z',
        revoked: null,
      },
    ],
    paths: ['racks/', 'notes.md'],
    groups: ['leads'],
  });

  const list = path.join(context.git.root, 'allowed');
  const allowed = (await trust(context, 'show', '--allowed-signers')).stdout;
  assert.is(allowed.split('\n').length, 4);
  assert.match(allowed, `ada namespaces="git" ${ada.publicKey}\n`);
  writeFileSync(list, allowed);
  repository.git('-c', `gpg.ssh.allowedSignersFile=${list}`, 'verify-commit', second);
});

test('check judges a commit as a boot server would', async (context) => {
  const { repository, first, second, third, fourth, introduction } = context;
  const from = ['--introduction', introduction];
  const [good, bad, json, since, sinceBad, nowhere, wrong, otherSite] = await Promise.all([
    trust(context, 'check', third, ...from),
    trust(context, 'check', 'main', ...from),
    trust(context, 'check', 'main', '--json', ...from),
    trust(context, 'check', third, '--from', second),
    trust(context, 'check', fourth, '--from', `${fourth}~1`),
    trust(context, 'check', 'main'),
    trust(context, 'check', third, '--introduction', `${first}:${context.bob.fingerprint}`),
    trust(context, 'check', third, '--site', 'osaka0', ...from),
  ]);
  assert.is(
    good?.stdout,
    `✓ accepted: ${third.slice(0, 12)} of the site tokyo0, 3 commits judged from ${first.slice(0, 12)} on\n`,
  );
  assert.is(good?.exitCode, 0);
  assert.is(bad?.exitCode, 1);
  assert.match(bad?.stdout ?? '', /^✗ path-not-allowed: nobody who stands for the commit may change what it touches\n/);
  assert.match(bad?.stdout ?? '', `  commit ${fourth.slice(0, 12)} by bob differs from `);
  const hint = `git tag -s -m approved approve/${fourth}/<name> ${fourth}`;
  assert.match(bad?.stdout ?? '', `\n  what to do: let somebody stand for it who may change it (ada): ${hint}\n`);
  assert.is((bad?.stdout ?? '').split(hint).length, 2, 'once, on a line of its own');
  assert.match(bad?.stdout ?? '', "docs/refusals/path-not-allowed.md in berth's documentation\n");
  const { accepted, commit, code, page } = JSON.parse(json?.stdout ?? '');
  assert.equal(
    { accepted, commit, code, page },
    {
      accepted: false,
      commit: fourth,
      code: 'path-not-allowed',
      page: 'docs/refusals/path-not-allowed.md',
    },
  );
  assert.is(since?.exitCode, 0, since?.stderr);
  assert.match(since?.stdout ?? '', '1 commit judged');
  assert.is(sinceBad?.exitCode, 1);
  assert.is(nowhere?.exitCode, 1);
  assert.match(
    nowhere?.stderr ?? '',
    /^berth: where does trust begin\? Give --from or --introduction, or set git config/,
  );
  assert.match(wrong?.stdout ?? '', /^✗ introduction-key/);
  assert.match(otherSite?.stdout ?? '', /^✗ other-site/);

  repository.git('config', 'berth.introduction', introduction);
  const configured = await trust(context, 'check', third, '--json');
  repository.git('config', '--unset', 'berth.introduction');
  assert.is(JSON.parse(configured.stdout).commits.length, 3);
});

test('log has a verdict for each commit, newest first', async (context) => {
  const { first, second, third, fourth, introduction, ada, bob } = context;
  const [all, one, unintroduced, json] = await Promise.all([
    trust(context, 'log', '--introduction', introduction),
    trust(context, 'log', '-n', '1', '--introduction', introduction),
    trust(context, 'log'),
    trust(context, 'log', '--json', '--introduction', introduction),
  ]);
  assert.equal(all?.stdout.split('\n'), [
    `✗ ${fourth.slice(0, 12)} path-not-allowed  Change a role`,
    `✓ ${third.slice(0, 12)} ada, approved by bob ${ada.fingerprint}  Let eve in`,
    `✓ ${second.slice(0, 12)} bob ${bob.fingerprint}  Look at rack 0`,
    `✓ ${first.slice(0, 12)} ada ${ada.fingerprint}  Declare the site`,
    '',
  ]);
  assert.equal(one?.stdout.split('\n').slice(1), ['3 older; --number 0 shows all', '']);
  assert.match(
    unintroduced?.stdout ?? '',
    `✓ ${first.slice(0, 12)} taken for good: nothing says where trust begins  Declare the site\n`,
  );
  const entries = JSON.parse(json?.stdout ?? '') as { oid: string; accepted: boolean; approvers?: string[] }[];
  assert.equal(
    entries.map(({ oid, accepted }) => [oid, accepted]),
    [
      [fourth, false],
      [third, true],
      [second, true],
      [first, true],
    ],
  );
  assert.equal(entries[1]?.approvers, ['bob']);
});

test('explain says who signed, who may, what is missing, and how to approve', async (context) => {
  const { repository, third, fourth, ada, bob } = context;
  const approved = await trust(context, 'explain', third);
  assert.is(approved.exitCode, 0);
  assert.match(approved.stdout, `  signed by ada with ${ada.fingerprint}, valid at any time\n`);
  assert.match(approved.stdout, `  approved by bob: approve/${third}/bob\n`);
  assert.match(approved.stdout, '  ✓ trust/signers.yaml: takes 2 signers of leads (ada, bob), has ada, bob\n');

  const refused = await trust(context, 'explain', fourth);
  assert.is(refused.exitCode, 1);
  assert.match(refused.stdout, `signed by bob with ${bob.fingerprint}, valid until 2040-01-01T00:00:00Z\n`);
  assert.match(refused.stdout, '  ✗ roles/cs.yaml: takes 1 signer who may change it (ada), has nobody\n');
  assert.match(refused.stdout, `  git tag -s -m approved approve/${fourth}/<your name> ${fourth}\n`);

  // An approval by somebody who does not count is shown, with why not.
  const mallory = context.git.key('mallory');
  approve(repository, fourth, mallory);
  const json = JSON.parse((await trust(context, 'explain', fourth, '--json')).stdout);
  repository.git('tag', '-d', `approve/${fourth}/mallory`);
  assert.is(json.parents[0].approvals[0].fault.code, 'untrusted-key');
  assert.is(json.refusal.code, 'path-not-allowed');
  assert.is(json.signers[0].key.name, 'bob');
});

test('explain says where trust begins, of that commit and of those before it', async (context) => {
  const { repository, first, second, ada, bob, introduction } = context;
  const [unknown, introduced, wrong, older] = await Promise.all([
    trust(context, 'explain', first),
    trust(context, 'explain', first, '--introduction', introduction),
    trust(context, 'explain', first, '--introduction', `${first}:${bob.fingerprint}`),
    trust(context, 'explain', first, '--introduction', `${second}:${bob.fingerprint}`, '--json'),
  ]);
  assert.match(unknown?.stdout ?? '', /^It has no parent: only an introduction can vouch for it, and none is given/m);
  assert.match(
    introduced?.stdout ?? '',
    `As it sees itself:\n  signed by ada with ${ada.fingerprint}, valid at any time\n`,
  );
  assert.match(introduced?.stdout ?? '', /^✓ trust begins with it/m);
  assert.match(wrong?.stdout ?? '', /^✗ introduction-key: /m);
  const { place, refusal } = JSON.parse(older?.stdout ?? '');
  assert.equal([place, refusal], ['older', null]);
  assert.equal(
    [unknown, introduced, wrong, older].map((said) => said?.exitCode),
    [0, 0, 1, 0],
  );

  // Another beginning of its own is one that nobody vouches for.
  repository.git('checkout', '-q', '--orphan', 'elsewhere');
  const stranger = repository.commit('Begin anew', ada);
  repository.git('checkout', '-q', 'main');
  const said = await trust(context, 'explain', stranger, '--introduction', introduction);
  repository.git('branch', '-D', '-q', 'elsewhere');
  assert.match(said.stdout, /^✗ unrelated-root: /m);
});

test('explain names all that a path takes, and what the merge key of a Git host is', async ({ git, ada, bob }) => {
  const host = git.key('host');
  const repository = git.repository('merging');
  const who = { ada, bob };
  const signers = Object.entries(who).map(([name, { publicKey: key }]) => ({ name, key, paths: [`${name}/`] }));
  const mergeKeys = [{ name: 'Forge', key: host.publicKey, paths: ['bob/'] }];
  const groups = [{ name: 'leads', members: ['ada', 'bob'] }];
  const thresholds = [{ paths: ['ada/'], signatures: 2, group: 'leads' }];
  repository.write('trust/signers.yaml', JSON.stringify({ signers, groups, thresholds, mergeKeys }));
  repository.commit('Begin', ada);
  repository.write('ada/notes', 'by bob\n');
  const lacking = repository.commit('Change what is ada’s', bob);
  const said = await berth(['trust', 'explain', lacking, repository.work]);
  const demands = 'takes 1 signer who may change it (ada), has nobody; takes 2 signers of leads (ada, bob), has bob';
  assert.match(said.stdout, `  ✗ ada/notes: ${demands}\n`);

  repository.git('reset', '-q', '--hard', 'HEAD~1');
  repository.git('checkout', '-q', '-b', 'branch');
  repository.write('bob/notes', 'one\n');
  const branch = repository.commit('On a branch', bob);
  repository.git('checkout', '-q', 'main');
  repository.write('bob/others', 'two\n');
  repository.commit('On main', bob);
  const merge = repository.merge([branch], host);
  const merged = await berth(['trust', 'explain', merge, repository.work]);
  assert.is(merged.exitCode, 0, merged.stdout);
  const lines = merged.stdout.split('\n').slice(2);
  assert.equal(lines.slice(0, 3), [
    `  signed with ${host.fingerprint}, the merge key Forge of the Git host`,
    '  bob stands for it, having signed the branch that Forge merged',
    '  ✓ bob/notes: takes 1 signer who may change it (bob), has bob',
  ]);
  assert.is(lines[5], '  what it changes here are commits of the other side, each of which is judged by itself');
});

/** A boot server's data folder, with a clone of what is on `main` now. */
async function bootServer({ git, repository, introduction }: Context, name: string, head: string) {
  const data = path.join(git.root, name);
  mkdirSync(data);
  const bundle = path.join(git.root, `${name}.bundle`);
  repository.git('branch', '-f', 'served', head);
  const branch = ['--branch', 'served'];
  repository.git('bundle', 'create', '-q', bundle, 'served', '--tags');
  const introduce = (...more: readonly string[]) =>
    berth([
      'trust',
      'introduce',
      '--data',
      data,
      '--site',
      'tokyo0',
      '--repo',
      bundle,
      ...branch,
      '--introduction',
      introduction,
      ...more,
    ]);
  const clone = await Repository.open({ folder: cloneFolder(data), url: bundle, branch: 'served' });
  await clone.fetch(new AbortController().signal);
  clone.close();
  return { data, bundle, branch, introduce };
}

test('introduce --data looks at what it is told, and keeps it', async (context) => {
  const { first, second, ada, bob, introduction, fourth } = context;
  const { data, bundle, branch, introduce } = await bootServer(context, 'fresh', fourth);
  const with_ = (...more: readonly string[]) =>
    berth(['trust', 'introduce', '--data', data, '--repo', bundle, ...branch, ...more]);
  const [wrongKey, wrongSite, unknown, incomplete] = await Promise.all([
    with_('--site', 'tokyo0', '--introduction', `${first}:${bob.fingerprint}`),
    with_('--site', 'osaka0', '--introduction', introduction),
    with_('--site', 'tokyo0', '--introduction', `${'0'.repeat(40)}:${ada.fingerprint}`),
    with_('--site', 'tokyo0'),
  ]);
  assert.match(wrongKey?.stderr ?? '', /^berth: introduction-key: /);
  assert.match(wrongSite?.stderr ?? '', /^berth: other-site: /);
  assert.match(unknown?.stderr ?? '', 'does not contain the commit 0000');
  assert.match(incomplete?.stderr ?? '', 'with --introduction, --site and --repo');
  assert.not.ok(existsSync(path.join(data, 'trust')), 'nothing is kept of it');

  const said = await introduce();
  assert.is(said.exitCode, 0, said.stderr);
  assert.match(
    said.stdout,
    `has been introduced to the site tokyo0, from commit ${first.slice(0, 12)} on, signed by ada`,
  );
  const kept = JSON.parse(readFileSync(path.join(data, 'trust', 'introduction.json'), 'utf8'));
  assert.equal([kept.commit, kept.key, kept.site], [first, ada.fingerprint, 'tokyo0']);
  assert.match((await introduce()).stdout, 'is introduced to the site tokyo0');

  const other = ['--site', 'tokyo0', '--introduction', `${second}:${bob.fingerprint}`];
  const refused = await with_(...other);
  assert.is(refused.exitCode, 1);
  assert.match(refused.stderr, '--replace puts another one in its place');
  assert.is((await with_(...other, '--replace')).exitCode, 0);
  assert.is((await new TrustFolder(data).read()).introduction?.commit, second);
});

test('accept overrides a refusal by hand, once, and says what it means', async (context) => {
  const { first, third, fourth } = context;
  const { data, introduce } = await bootServer(context, 'overruled', fourth);
  const accept = (commit: string, ...more: readonly string[]) =>
    berth(['trust', 'accept', commit, '--reason', 'Bob acted for Ada', '--data', data, ...more]);
  assert.match((await accept(fourth, '--yes')).stderr, 'is introduced to no site yet');
  await introduce();
  const at = '2026-01-01T00:00:00Z';
  const folder = new TrustFolder(data);
  await folder.writeAccepted({ commit: third, signer: 'ada', trustSet: '0'.repeat(64), at });

  assert.match((await accept('main', '--yes')).stderr, 'main is no full commit id');
  assert.match((await accept('1'.repeat(40), '--yes')).stderr, 'the clone of this server has no commit');
  assert.match((await accept(third, '--yes')).stdout, 'is accepted as it is');
  const unasked = await accept(fourth);
  assert.is(unasked.exitCode, 1);
  assert.match(unasked.stderr, '✗ path-not-allowed');
  assert.match(unasked.stderr, `It need not follow on what was accepted: ${third.slice(0, 12)}.`);
  assert.match(unasked.stderr, '--yes goes on without a question');
  assert.equal((await folder.read()).anchors, []);

  const said = await accept(fourth, '--yes', '--json');
  assert.is(said.exitCode, 0, said.stderr);
  const anchor = JSON.parse(said.stdout);
  assert.equal((await folder.read()).anchors, [anchor]);
  assert.equal([anchor.commit, anchor.supersedes, anchor.reason], [fourth, [third], 'Bob acted for Ada']);
  assert.match((await accept(fourth, '--yes')).stdout, 'already; nothing was changed');
  assert.is((await folder.read()).anchors.length, 1);

  const shown = await berth(['trust', 'show', '--data', data]);
  assert.match(shown.stdout, `Introduction to the site tokyo0, since `);
  assert.match(shown.stdout, `Accepted ${third}, signed by ada, since ${at}`);
  await folder.writeAccepted({ commit: fourth, signer: 'vouched for by hand', trustSet: '0'.repeat(64), at });
  const after = await berth(['trust', 'show', '--data', data]);
  assert.match(after.stdout, `Accepted ${fourth}, vouched for by hand, since ${at}`);
  assert.match(
    shown.stdout,
    `By hand ${fourth}, by ${anchor.by} at ${anchor.at}, instead of ${third.slice(0, 12)}: Bob acted for Ada`,
  );
  assert.equal(
    JSON.parse((await berth(['trust', 'show', '--data', data, '--json'])).stdout).introduction.commit,
    first,
  );
});

test('accept does not override the rules of the site', async (context) => {
  const { repository, fourth } = context;
  repository.checkout(fourth);
  repository.write('roles/cs.yaml', 'no: role\n');
  const broken = repository.commit('Break a role');
  repository.git('checkout', '-q', 'main');
  const { data, introduce } = await bootServer(context, 'broken', broken);
  await introduce();
  const said = await berth(['trust', 'accept', broken, '--reason', 'Why not', '--data', data, '--yes']);
  assert.is(said.exitCode, 1);
  assert.match(said.stderr, 'would be refused all the same: invalid-site: roles/cs.yaml');
  assert.equal((await new TrustFolder(data).read()).anchors, []);
});

test('revoke lists a key, and again only when it reaches further back', async (context) => {
  const data = path.join(context.git.root, 'revoking');
  mkdirSync(data);
  const key = context.bob.fingerprint;
  const revoke = (...more: readonly string[]) =>
    berth(['trust', 'revoke', key, '--reason', 'His bag was stolen', '--data', data, ...more]);
  const since = '2026-01-01T00:00:00Z';
  assert.match(
    (await revoke('--from', 'yesterday')).stderr,
    '--from yesterday is not of the form 2026-01-31T12:30:00Z',
  );
  const said = await revoke('--from', since);
  assert.is(said.exitCode, 0, said.stderr);
  assert.match(said.stdout, `${key} is revoked on this server for all that it has signed since ${since}.\n`);
  assert.match(said.stdout, 'signed or approved before then stays good, all since then is disbelieved');
  assert.match(said.stdout, 'begins nothing new, until');
  assert.match(said.stdout, 'berth trust accept, on every boot server');
  assert.match((await revoke('--from', '2026-02-01T00:00:00Z')).stdout, 'already; nothing was changed');
  assert.match((await revoke()).stdout, 'all that the key ever signed or approved is disbelieved');
  const { revoked } = await new TrustFolder(data).read();
  assert.equal(
    revoked.map((one) => [one.key, one.from, one.reason]),
    [[key, null, 'His bag was stolen']],
  );
  const [noKey, noFolder, noReason] = await Promise.all([
    berth(['trust', 'revoke', 'bob', '--reason', 'x', '--data', data]),
    berth(['trust', 'revoke', key, '--reason', 'x', '--data', path.join(data, 'nowhere')]),
    berth(['trust', 'revoke', key, '--reason', ' ', '--data', data]),
  ]);
  assert.match(noKey?.stderr ?? '', 'bob is no fingerprint');
  assert.match(noFolder?.stderr ?? '', 'there is no folder');
  assert.match(noReason?.stderr ?? '', '--reason takes a sentence');
});

test('a memory that is damaged is named, and not begun anew', async (context) => {
  const data = path.join(context.git.root, 'damaged');
  mkdirSync(path.join(data, 'trust'), { recursive: true });
  const file = path.join(data, 'trust', 'revoked.json');
  for (const [text, why] of [
    ['[', 'JSON'],
    ['[{"key":"bob"}]', 'list of revoked keys'],
  ] as const) {
    writeFileSync(file, text);
    const said = await berth(['trust', 'revoke', context.bob.fingerprint, '--reason', 'x', '--data', data]);
    assert.is(said.exitCode, 1);
    assert.match(said.stderr, `berth: ${file} cannot be relied on: `);
    assert.match(said.stderr, why);
    assert.is(readFileSync(file, 'utf8'), text);
  }
});

test('a site repo that is only a folder of its repository is none for boot servers', async (context) => {
  const { git, introduction, ada } = context;
  const outer = git.repository('outer');
  outer.write('the/site/site.yaml', 'site: tokyo0\n');
  const trusted = { signers: [{ name: 'ada', key: ada.publicKey, paths: ['**'] }] };
  outer.write('the/site/trust/signers.yaml', JSON.stringify(trusted));
  outer.commit('In a folder');
  const shown = await berth(['trust', 'show', 'the/site'], { cwd: outer.work });
  assert.match(shown.stdout, '  ada may change **\n', shown.stderr);
  const none = await berth(['trust', 'show', 'the'], { cwd: outer.work });
  assert.match(none.stderr, 'has no the/trust/signers.yaml');
  const check = ['trust', 'check', 'HEAD', 'the/site', '--introduction', introduction];
  const said = await berth(check, { cwd: outer.work });
  assert.is(said.exitCode, 1);
  assert.match(said.stderr, 'boot servers pull whole repositories');
});

test('every verb has help', async () => {
  const verbs = ['introduce', 'show', 'check', 'log', 'explain', 'accept', 'revoke'];
  const overview = await berth(['trust', '--help']);
  const helps = await Promise.all(verbs.map((verb) => berth(['trust', verb, '--help'])));
  for (const [index, verb] of verbs.entries()) {
    assert.match(overview.stdout, `  ${verb} [`);
    assert.match(helps[index]?.stdout ?? '', `Usage: berth trust ${verb} [options]`);
    assert.is(helps[index]?.exitCode, 0);
  }
});

test.run();
