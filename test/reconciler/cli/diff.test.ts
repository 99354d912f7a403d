// berth diff between Git refs, as a user calls it.
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { berth, type Said, SiteCopy } from './command.ts';

const machine = (serial: string, slot: number) =>
  `  - { serial: ${serial}, slot: ${slot}, role: ss, macs: [02:be:00:03:0${slot.toString(16)}:01, 02:be:00:03:0${slot.toString(16)}:02], bmc: { type: redfish } }\n`;

const repo = new SiteCopy('dc/tokyo');
test.after(() => repo.remove());
const main = repo.commit('Declare the site').slice(0, 12);
repo.replace('roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1');
repo.replace('roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 3G\n  spare: yes please');
repo.replace('racks/r3.yaml', machine('KBF5P42', 11), machine('NEW0001', 12));
repo.replace('racks/r3.yaml', 'spine1: 12', 'spine1: 30');
repo.replace('site.yaml', 'leaseSeconds: 3600', 'leaseSeconds: 7200');
repo.replace('kubernetes/resources/10-dns/coredns.yaml', 'cache 30', 'cache 60');
repo.replace('ignition/common/etc/modprobe.d/conntrack.conf', '\n', '\n# more\n');
const head = repo.commit('Change a lot').slice(0, 12);
repo.replace('roles/cs.yaml', '# Compute servers', '# Servers for computing');
repo.commit('Say it otherwise');

function diff(...args: readonly string[]): Promise<Said> {
  return berth(['diff', ...args], { cwd: repo.parent });
}

const said = {
  text: diff('HEAD~2', 'HEAD^', 'dc/tokyo'),
  json: diff('HEAD~2', 'HEAD^', 'dc/tokyo', '--format', 'json'),
  markdown: diff('HEAD~2', 'HEAD^', 'dc/tokyo', '--format', 'markdown'),
  words: diff('HEAD^', 'HEAD', 'dc/tokyo'),
  disk: diff('HEAD', 'dc/tokyo'),
  here: berth(['diff', 'HEAD~2'], { cwd: path.join(repo.parent, 'dc', 'tokyo') }),
};

test('machines, documents, files and objects, with their places', async () => {
  const { exitCode, stdout, stderr } = await said.text;
  const lines = stdout.split('\n');
  assert.is(lines[0], `HEAD~2 (${main}) → HEAD^ (${head})`);
  const has = (line: string | RegExp) => {
    const found = lines.some((one) => (typeof line === 'string' ? one === line : line.test(one)));
    assert.ok(found, `${line} in\n${stdout}`);
  };
  has(/^ {2}added {6}r3-12 \(NEW0001\), rack r3, role ss {2}HEAD\^:dc\/tokyo\/racks\/r3\.yaml:\d+:5$/);
  has(/^ {2}removed {4}r3-11 \(KBF5P42\), rack r3, role ss {2}HEAD~2:dc\/tokyo\/racks\/r3\.yaml:\d+:5$/);
  has('  changed    r0-04 to r0-09, r1-04 to r1-09, r2-04 to r2-09, r3-04 to r3-09');
  has(/^ {15}boot\.os flatcar-4081\.2\.0 → flatcar-4081\.3\.1 {2}HEAD\^:dc\/tokyo\/roles\/cs\.yaml:\d+:5$/);
  has(/^ {2}site {7}network\.node\.leaseSeconds 3600 → 7200 {2}HEAD\^:dc\/tokyo\/site\.yaml:\d+:\d+$/);
  has(/^ {2}racks {6}r3\.tors\.r3-tor1\.links\.spine1 12 → 30 {2}/);
  has(/^ {2}roles {6}cs\.os flatcar-4081\.2\.0 → flatcar-4081\.3\.1 {2}/);
  has(/^ {2}roles {6}cs\.variables\.spare is yes please now {2}/);
  has('  file       ignition/common/etc/modprobe.d/conntrack.conf is changed');
  has('--- ConfigMap/kube-system/coredns');
  has('+        cache 60');
  assert.is(stderr, '');
  assert.is(exitCode, 2);
});

test('the same for programs', async () => {
  const { exitCode, stdout } = await said.json;
  const made = JSON.parse(stdout);
  assert.equal(Object.keys(made), [
    ...['format', 'machines', 'site', 'racks', 'roles', 'releases', 'cluster', 'trust', 'kubernetes', 'files'],
  ]);
  assert.equal(
    made.machines.added.map(({ serial }: { serial: string }) => serial),
    ['NEW0001'],
  );
  assert.is(made.machines.changed.length, 31);
  assert.equal([made.releases, made.cluster, made.trust], [[], [], []]);
  assert.is(exitCode, 2);
});

test('the same as Markdown', async () => {
  const { exitCode, stdout } = await said.markdown;
  assert.match(stdout, /^\*\*HEAD\\~2 \\\(/);
  assert.match(stdout, /^\| machine added \| r3-12 /m);
  assert.match(stdout, /^```diff\n--- ConfigMap/m);
  assert.is(exitCode, 2);
});

test('words alone are no difference', async () => {
  const { exitCode, stdout } = await said.words;
  assert.match(stdout, /^HEAD\^ \([0-9a-f]{12}\) → HEAD \([0-9a-f]{12}\): nothing differs\n$/);
  assert.is(exitCode, 0);
});

test('one ref is compared with the files on disk', async () => {
  assert.match((await said.disk).stdout, /→ the files in dc\/tokyo: nothing differs\n$/);
  assert.is((await said.disk).exitCode, 0);
  assert.match((await said.here).stdout, /→ the files in this folder\n/);
  assert.is((await said.here).exitCode, 2);
});

test('what cannot be compared is said in one line', async () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['nowhere', 'HEAD', 'dc/tokyo'], 'there is no branch, tag or commit nowhere here; is it fetched\\?'],
    [['HEAD~9', 'HEAD', 'dc/tokyo'], 'HEAD~9 names no commit here: [0-9a-f]{12} has no parent: it is the first commit'],
    [['HEAD', 'HEAD', 'missing'], 'there is no folder missing'],
    [['HEAD', 'HEAD', 'dc'], 'HEAD:dc is no site repo: it has no site.yaml'],
    [['HEAD', 'HEAD', 'dc/tokyo', '--format', 'xml'], '--format xml: there are text, json, markdown'],
  ];
  for (const [args, message] of rows) {
    const { exitCode, stdout, stderr } = await diff(...args);
    assert.match(stderr, new RegExp(`^berth: ${message}\n$`));
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test.run();
