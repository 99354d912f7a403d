// berth plan between Git refs, as a user calls it: no etcd, nothing else needed.
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../../reconciler/plan/plan.ts';
import { berth, type Said, SiteCopy } from './command.ts';

const removed =
  '  - { serial: KBF5P42, slot: 11, role: ss, macs: [02:be:00:03:0b:01, 02:be:00:03:0b:02], bmc: { type: redfish } }\n';

/** A repository whose folder dc/tokyo is a site repo. Each branch but `before` is one commit after main. */
const repo = new SiteCopy('dc/tokyo');
const outside = new SiteCopy();
test.after(() => {
  repo.remove();
  outside.remove();
});

const main = repo.commit('Declare the site');
const roll = branch('roll', ['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']);
branch('label', ['racks/r3.yaml', 'gpu: l4', 'gpu: l40s']);
branch('remove', ['racks/r3.yaml', removed, '']);
branch('break', ['roles/cs.yaml', 'arguments:', 'argumens:']);
branch('remark', ['roles/cs.yaml', '# Compute servers', '# Servers for computing']);
repo.git('checkout', '--quiet', '--orphan', 'before');
repo.git('rm', '--quiet', '-r', '--cached', 'dc');
repo.git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'Begin');
repo.git('checkout', '--quiet', '--force', 'main');
repo.git('tag', 'v1');

function branch(name: string, edit: readonly [string, string, string]): string {
  repo.git('checkout', '--quiet', '-b', name, 'main');
  repo.replace(...edit);
  return repo.commit(name);
}

/** A work tree of its own for a branch: the files of it are on disk there. */
function workTree(name: string): string {
  const folder = path.join(repo.parent, 'trees', name);
  repo.git('worktree', 'add', '--quiet', folder, name);
  return folder;
}

function plan(cwd: string, ...args: readonly string[]): Promise<Said> {
  return berth(['plan', 'dc/tokyo', ...args], { cwd });
}

const rollTree = workTree('roll');
const said = {
  same: plan(repo.parent, '--base', 'main'),
  words: plan(repo.parent, '--base', 'main', '--head', 'remark'),
  disk: plan(rollTree, '--base', 'main'),
  here: berth(['plan', '--base', 'v1'], { cwd: path.join(rollTree, 'dc', 'tokyo') }),
  refs: plan(repo.parent, '--base', 'main', '--head', 'roll'),
  parents: plan(repo.parent, '--base', 'roll^', '--head', 'roll^1~0', '--format', 'text'),
  markdown: plan(repo.parent, '--base', 'main', '--head', 'roll', '--format', 'markdown'),
  full: plan(repo.parent, '--base', 'before', '--full'),
  coloured: berth(['plan', 'dc/tokyo', '--base', 'main', '--head', 'roll', '--color'], { cwd: repo.parent }),
  ids: plan(repo.parent, '--base', `${roll}~1`, '--head', roll.slice(0, 10)),
  program: plan(workTree('label'), '--base', 'main', '--json'),
  refused: plan(repo.parent, '--base', 'main', '--head', 'remove'),
  brokenHead: plan(repo.parent, '--base', 'main', '--head', 'break'),
  brokenBase: plan(repo.parent, '--base', 'break'),
  brokenDisk: plan(workTree('break'), '--base', 'main'),
  before: plan(repo.parent, '--base', 'before'),
};

test('nothing changed: exit 0', async () => {
  const { exitCode, stdout, stderr } = await said.same;
  assert.is(
    stdout,
    `Disruption: none. None of 32 machines changes.
Plan for the files in dc/tokyo, compared with main (${main.slice(0, 12)}): generation 1 is in force
  untouched  32 machines, because they run what they should
Nothing to do, 32 untouched.
`,
  );
  assert.is(stderr, '');
  assert.is(exitCode, 0);
});

test('a change of nothing but words: exit 0', async () => {
  const { exitCode, stdout } = await said.words;
  assert.match(stdout, /\nNothing to do, 32 untouched\.\n$/);
  assert.is(exitCode, 0);
});

test('the files on disk against a ref: exit 2, with what changes and why', async () => {
  const { exitCode, stdout, stderr } = await said.disk;
  const [radius, heading, publish, ...rest] = stdout.split('\n');
  assert.is(
    radius,
    'Disruption: reboot. 24 of 32 machines restart (racks r0 to r3; role cs; power feeds A, B). ' +
      'At most 4 at once, in 1 rack on 1 power feed. Estimate: 1 h 12 min, if a boot takes 8 min.',
  );
  const compared = `Plan for the files in dc/tokyo, compared with main (${main.slice(0, 12)})`;
  assert.is(heading, `${compared}: generation 1 → generation 2`);
  assert.match(publish ?? '', /^ {2}publish {4}generation 2, blueprint [0-9a-f]{12} \(now\)$/);
  assert.equal(rest.slice(0, 7), [
    '  restart    24 machines (r0-04 to r0-09, r1-04 to r1-09, r2-04 to r2-09, r3-04 to r3-09) get a new kernel',
    '               because boot.os flatcar-4081.2.0 → flatcar-4081.3.1  dc/tokyo/roles/cs.yaml:3:5',
    '               because boot.kernel 857b3f255a2b → 2d710016061d  dc/tokyo/releases.yaml:19:15',
    '               because boot.initrd f3a9444223b3 → 553fdc5b4888  dc/tokyo/releases.yaml:23:15',
    '               later, because generation 2 is published first',
    '  untouched  8 machines, because nothing that they boot from changed',
    'Publish generation 2, restart 24 machines, 8 untouched.',
  ]);
  const [, title, ...diff] = rest.slice(7);
  assert.is(title, 'r0-04, one of 24 machines that restart:');
  assert.equal(diff.slice(0, 3), ['--- iPXE script', '+++ iPXE script', '@@ -1,16 +1,16 @@']);
  assert.ok(diff.some((line) => /^\+kernel http:\S*\/assets\/2d710016061d/.test(line)));
  assert.is(stderr, '');
  assert.is(exitCode, 2);
});

test('in the site repo itself, no folder has to be named', async () => {
  const { exitCode, stdout } = await said.here;
  assert.match(stdout, /^Plan for the files in this folder, compared with v1 \(/m);
  assert.match(stdout, / {2}roles\/cs\.yaml:3:5\n/);
  assert.is(exitCode, 2);
});

test('one ref against another, whatever is checked out: places are those of the ref', async () => {
  const { exitCode, stdout } = await said.refs;
  const titles = [`roll (${roll.slice(0, 12)})`, `main (${main.slice(0, 12)})`];
  assert.ok(stdout.includes(`\nPlan for ${titles.join(', compared with ')}: `));
  const place = /boot\.os flatcar-4081\.2\.0 → flatcar-4081\.3\.1 {2}(\S+):3:5\n/.exec(stdout)?.[1] ?? '';
  assert.is(place, 'roll:dc/tokyo/roles/cs.yaml');
  assert.match(repo.git('show', place), /^os: flatcar-4081\.3\.1$/m);
  assert.is(exitCode, 2);
});

test('refs may be ids and ancestors', async () => {
  const { exitCode, stdout } = await said.ids;
  assert.match(stdout, /\nPublish generation 2, restart 24 machines, 8 untouched\.\n\n/);
  assert.is(exitCode, 2);
});

test('refs may be parents', async () => {
  const { exitCode, stdout } = await said.parents;
  assert.match(stdout, /^Disruption: none\. .*\nPlan for roll\^1~0 \(.*\), compared with roll\^ \(/);
  assert.is(exitCode, 0);
});

test('the plan for a pull request', async () => {
  const { exitCode, stdout } = await said.markdown;
  assert.match(stdout, /^\*\*Disruption: reboot\.\*\* 24 of 32 machines restart /);
  assert.match(
    stdout,
    /^<details><summary>r0-04, one of 24 machines that restart<\/summary>\n\n```diff\n--- iPXE script$/m,
  );
  assert.is(exitCode, 2);
});

test('long diffs are cut unless they are asked for', async () => {
  const { stdout } = await said.before;
  assert.match(stdout, /^… and \d+ more, \d+ lines left out, --full shows them:\n {2}added /m);
  const full = (await said.full).stdout;
  assert.not.match(full, /left out/);
  assert.ok(full.split('\n').length > stdout.split('\n').length + 300);
});

test('colours are for who asks, and change no word', async () => {
  const { stdout } = await said.coloured;
  assert.match(stdout, '\u001b[32m+kernel ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal obeys
  assert.is(stdout.replace(/\u001b\[\d+m/g, ''), (await said.refs).stdout);
});

test('the plan for a program', async () => {
  const { exitCode, stdout } = await said.program;
  const made = JSON.parse(stdout) as Plan;
  assert.equal(
    made.actions.map(({ kind, gate }) => ({ kind, gate })),
    [{ kind: 'publish', gate: { open: true } }],
  );
  const place = { file: 'dc/tokyo/racks/r3.yaml', line: 19, column: 20 };
  assert.equal(made.live, [
    { serial: 'H2RQP02', name: 'r3-09', reasons: [{ field: 'labels.gpu', from: 'l4', to: 'l40s', place }] },
  ]);
  assert.is(made.untouched.flatMap(({ machines }) => machines).length, 32);
  const { format, headline, disruption, blastRadius, estimate, groups, kubernetes } = JSON.parse(stdout);
  assert.equal([format, disruption, kubernetes], [1, 'none', []]);
  assert.is(headline, 'publish generation 2, change 1 machine without a restart, 31 untouched');
  assert.equal(blastRadius, {
    refused: false,
    touched: { leaving: 0, restarted: 0, firstBoots: 0, live: 1 },
    machines: 32,
    racks: ['r3'],
    roles: ['cs'],
    powerFeeds: ['B'],
    atOnce: { machines: 0, racks: 0, powerFeeds: 0 },
  });
  assert.equal(estimate, {
    ...{ seconds: 0, rounds: 0, soakSeconds: 0, restartSeconds: 480, basis: 'assumed', isTimed: false },
  });
  assert.equal(groups, [
    {
      becoming: 'no restart',
      machines: [{ serial: 'H2RQP02', name: 'r3-09' }],
      reasons: made.live[0]?.reasons,
      example: { serial: 'H2RQP02', name: 'r3-09', parts: [] },
    },
  ]);
  assert.is(exitCode, 2);
});

test('a machine whose lines are gone: refused, exit 1', async () => {
  const { exitCode, stdout, stderr } = await said.refused;
  assert.match(
    stdout,
    /\n {2}refused {4}BERTH-901: r3-11 \(KBF5P42\) .* remove:dc\/tokyo\/racks\/r3\.yaml:8:1\n {15}\S/,
  );
  assert.match(stdout, /\n1 refused, 31 untouched\.\n\n/);
  assert.match(stdout, /^Disruption: destructive\. 1 of 32 machines leaves the site .* The plan is refused\.\n/);
  assert.match(stderr, /^remove:dc\/tokyo\/racks\/r3\.yaml:\d+:\d+: error BERTH-\d+: KBF5P42, /);
  assert.is(exitCode, 1);
});

test('findings instead of a plan: exit 1, nothing on stdout', async () => {
  const rows = [
    [said.brokenHead, 'break:dc/tokyo'],
    [said.brokenBase, 'break:dc/tokyo'],
    [said.brokenDisk, 'dc/tokyo'],
  ] as const;
  for (const [saying, where] of rows) {
    const { exitCode, stdout, stderr } = await saying;
    assert.is(
      stderr,
      `${where}/roles/cs.yaml:4:1: error BERTH-005: unknown key argumens in the document\n  hint: did you mean arguments?\n`,
    );
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test('a shallow clone: what brings the rest of it', async () => {
  const folder = path.join(repo.parent, 'shallow');
  repo.git('clone', '--quiet', '--depth', '1', '--branch', 'roll', `file://${repo.parent}`, folder);
  const all = await Promise.all(['HEAD~1', main].map((base) => plan(folder, '--base', base)));
  for (const { exitCode, stdout, stderr } of all) {
    assert.match(
      stderr,
      /^berth: .* is missing; if the clone is shallow, git fetch --unshallow brings the rest of it\n$/,
    );
    assert.equal([exitCode, stdout], [1, '']);
  }
});

test('a branch that brings the site: all of it is new', async () => {
  const { exitCode, stdout } = await said.before;
  assert.match(stdout, /, which has no site repo: nothing → generation 1\n/);
  assert.match(stdout, /\nPublish generation 1, boot 32 machines for the first time\.\n\n/);
  assert.is(exitCode, 2);
});

test('what cannot be planned is said in one line', async () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['dc/tokyo', '--base', 'nowhere'], 'there is no branch, tag or commit nowhere here; is it fetched\\?'],
    [
      ['dc/tokyo', '--base', 'main', '--head', 'nowhere'],
      'there is no branch, tag or commit nowhere here; is it fetched\\?',
    ],
    [['dc/tokyo', '--head', 'roll'], '--head goes with --base'],
    [['dc/tokyo', '--base', 'main', '--format', 'html'], '--format html: there are text, json, markdown'],
    [['dc/tokyo', '--base', 'main', '--json', '--format', 'text'], '--json is short for --format json'],
    [['dc/tokyo', '--base', 'main', '--etcd', '127.0.0.1:2379'], '--base compares without --etcd'],
    [['missing', '--base', 'main'], 'there is no folder missing'],
    [['dc', '--base', 'main'], 'dc is no site repo: it has no site.yaml'],
    [[outside.folder, '--base', 'main'], '\\S+ is in no Git repository'],
    [['dc/tokyo'], 'which etcd\\? Give --etcd or set BERTH_ETCD, or start one with berth up'],
  ];
  const all = await Promise.all(rows.map(([args]) => berth(['plan', ...args], { cwd: repo.parent })));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.match(stderr, new RegExp(`^berth: ${rows[index]?.[1]}\n$`));
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test.run();
