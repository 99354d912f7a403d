// berth init, from the first answer to a site repo that is valid and can be planned.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CliError } from '../../../../reconciler/cli/cli-error.ts';
import { answersFor, type SiteFlags } from '../../../../reconciler/cli/init/questions.ts';
import { siteTree } from '../../../../reconciler/cli/init/site-tree.ts';
import { writeEditorFiles } from '../../../../reconciler/cli/schema-write.ts';
import { type CompiledSite, compileSite } from '../../../../reconciler/source/accept.ts';
import { readFolder } from '../../../../reconciler/source/folder.ts';
import { kindOfFile } from '../../../../schema/document-kinds.ts';
import { formatDocument } from '../../../../schema/format/format.ts';
import { gitEnvironment } from '../../../git.ts';
import { berth, type Said } from '../command.ts';
import { type Turn, talk } from './terminal-talk.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'berth-init-'));
test.after(() => rmSync(parent, { recursive: true, force: true }));

/** Someone who has no key and no settings of git's. */
const nobody = { ...gitEnvironment, HOME: path.join(parent, 'nobody') };
/** Someone who has a key. */
const ada = { ...gitEnvironment, HOME: path.join(parent, 'ada') };
for (const { HOME } of [nobody, ada]) mkdirSync(path.join(HOME, '.ssh'), { recursive: true });
const adasKey = path.join(ada.HOME, '.ssh', 'id_ed25519');
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada@example.org', '-f', adasKey]);

function publicKey(): string {
  return readFileSync(`${adasKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

let folders = 0;

/** A folder of a test's own. */
function workplace(): string {
  const folder = path.join(parent, `work-${folders++}`);
  mkdirSync(folder);
  return folder;
}

/** Two MAC addresses of a machine's own. */
function cards(machine: number): string {
  return [1, 2].map((card) => `02:00:00:00:0${machine}:0${card}`).join(',');
}

function git(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
  return execFileSync('git', [...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function everything(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.startsWith('.git/') && statSync(path.join(folder, file)).isFile())
    .sort();
}

/** A folder as it compiles, with no finding. */
async function compiled(folder: string): Promise<CompiledSite> {
  const compilation = compileSite(await readFolder(folder));
  assert.equal(compilation.diagnostics, []);
  assert.ok(compilation.compiled);
  return compilation.compiled;
}

test('with no answers at all: valid, committed, planned', async () => {
  const cwd = workplace();
  const { exitCode, stdout, stderr } = await berth(['init', 'my-site', '--yes'], { cwd, env: nobody });
  assert.equal([exitCode, stderr], [0, '']);
  const site = path.join(cwd, 'my-site');
  assert.match(
    stdout,
    /^my-site is the site my-site: 3 racks with room for 28 machines each, 0 machines declared; every rule holds\n/,
  );
  assert.match(stdout, /trust\/signers\.yaml: the key is nobody’s/);
  assert.match(stdout, /releases\.yaml: stand-ins for kernel, initrd, iPXE/);
  const commands = stdout
    .slice(stdout.indexOf('Next:\n') + 6)
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
  assert.equal(commands, [
    "git -C my-site commit -m 'Declare the site'",
    'npx berth validate my-site',
    'npx berth plan --base HEAD my-site',
  ]);

  git(cwd, nobody, '-C', 'my-site', 'commit', '--quiet', '-m', 'Declare the site');
  assert.is(git(site, nobody, 'status', '--porcelain'), '');
  assert.is(git(site, nobody, 'branch', '--show-current'), 'main\n');
  const [valid, planned] = (await Promise.all([
    berth(['validate', 'my-site', '--strict'], { cwd }),
    berth(['plan', '--base', 'HEAD', 'my-site'], { cwd }),
  ])) as [Said, Said];
  assert.is(valid.stdout, 'my-site: 0 machines in 3 racks, every rule holds\n');
  assert.equal([valid.exitCode, valid.stderr], [0, '']);
  assert.equal([planned.exitCode, planned.stderr], [0, '']);

  const files = everything(site);
  for (const file of ['.gitignore', '.github/workflows/berth.yml', '.vscode/settings.json', 'README.md']) {
    assert.ok(files.includes(file), file);
  }
  assert.equal(writeEditorFiles(site, await readFolder(site)), [], 'editors have what is current');
  for (const file of files.filter((name) => name.endsWith('.yaml'))) {
    assert.match(readFileSync(path.join(site, file), 'utf8'), /^# yaml-language-server: \$schema=.+\n# /, file);
  }
  assert.ok(statSync(path.join(site, 'ignition/common/bin/berth-node')).mode & 0o100);

  // The way of the first machine, as the rack's file shows it.
  const rack = path.join(site, 'racks', 'r0.yaml');
  writeFileSync(rack, readFileSync(rack, 'utf8').replace('machines: []', 'machines:').replace('\n#  - {', '\n  - {'));
  const first = await berth(['plan', '--base', 'HEAD', 'my-site'], { cwd });
  assert.match(first.stdout, /\br0-04\b/);
  assert.equal([first.exitCode, first.stderr], [2, '']);
});

test('with every option: a key that git signs with, machines from a table, files that are hashed', async () => {
  const cwd = workplace();
  const machines = ['serial,rack,slot,role,mac1,mac2', `S1,0,,cs,${cards(1)}`, `S2,1,9,ss,${cards(2)}`];
  writeFileSync(path.join(cwd, 'machines.csv'), machines.join('\n'));
  for (const name of ['vmlinuz', 'initrd', 'ipxe.efi']) writeFileSync(path.join(cwd, name), name.repeat(1000));
  const args = [
    ...['init', 'osaka', '--yes', '--site', 'osaka1', '--domain', 'osaka1.example.org'],
    ...['--machines', 'machines.csv', '--machines-per-rack', '12', '--dns', '10.68.0.53,10.68.0.54'],
    ...['--ntp', '10.9.9.9', '--node-pool', '10.20.0.0/20', '--bmc-pool', '10.21.0.0/20'],
    ...['--os', 'flatcar-4230', '--kernel', 'vmlinuz', '--initrd', 'initrd', '--boot-program', 'ipxe.efi'],
    ...['--assets', 'https://files.example.org/'],
  ];
  const { exitCode, stdout, stderr } = await berth(args, { cwd, env: ada });
  assert.equal([exitCode, stderr], [0, '']);
  assert.match(stdout, /^osaka is the site osaka1: 3 racks with room for 12 machines each, 2 machines declared/);
  assert.match(stdout, /; git signs commits in it with .*\/ada\/\.ssh\/id_ed25519\.pub\n/);
  assert.not.match(stdout, /nobody|stand-ins/);

  const site = path.join(cwd, 'osaka');
  git(site, ada, 'commit', '--quiet', '-m', 'Declare the site');
  assert.match(git(site, ada, 'cat-file', 'commit', 'HEAD'), /^gpgsig -----BEGIN SSH SIGNATURE-----$/m);
  assert.ok(
    stdout.endsWith('\n  npx berth trust introduce osaka # after the commit; git config keeps what it prints\n'),
  );
  const introduced = await berth(['trust', 'introduce', 'osaka'], { cwd });
  const [, kept = ''] = /^ {2}(git config berth\.introduction .+)$/m.exec(introduced.stdout) ?? [];
  git(site, ada, ...kept.split(' ').slice(1));
  const checked = await berth(['trust', 'check', 'HEAD', 'osaka'], { cwd });
  assert.match(checked.stdout, /^✓ accepted: /, checked.stderr);
  const { blueprint } = await compiled(site);
  const machine = blueprint.machines.get('S2');
  assert.equal([machine?.name, machine?.role, machine?.slot], ['r1-09', 'ss', 9]);
  const signers = readFileSync(path.join(site, 'trust', 'signers.yaml'), 'utf8');
  assert.ok(signers.includes(`    key: ${publicKey()}\n`));
  const releases = readFileSync(path.join(site, 'releases.yaml'), 'utf8');
  for (const [name, folder] of [
    ['vmlinuz', 'flatcar-4230'],
    ['initrd', 'flatcar-4230'],
    ['ipxe.efi', 'ipxe'],
  ] as const) {
    const sha256 = createHash('sha256').update(name.repeat(1000)).digest('hex');
    const source = `source: https://files.example.org/${folder}/${name}\n`;
    assert.match(releases, new RegExp(`${source} +sha256: "?${sha256}"?\\n +sizeBytes: ${name.length * 1000}\\n`));
  }
});

test('in a repository there is none made, nor with --no-git, and the folder may be here', async () => {
  const cwd = workplace();
  git(cwd, nobody, 'init', '--quiet');
  const site = path.join(cwd, 'sites', 'tokyo');
  const alone = workplace();
  mkdirSync(site, { recursive: true });
  const [inside, outside] = (await Promise.all([
    berth(['init', '--yes'], { cwd: site, env: nobody }),
    berth(['init', 'a', '--yes', '--no-git', '--racks', '1'], { cwd: alone, env: nobody }),
  ])) as [Said, Said];
  assert.equal([inside.exitCode, outside.exitCode], [0, 0]);
  assert.match(inside.stdout, /^this folder is the site tokyo: /);
  assert.ok(
    inside.stdout.endsWith(
      [
        '',
        "  git add --all . && git commit -m 'Declare the site'",
        '  npx berth validate',
        '  npx berth plan --base HEAD',
        '',
      ].join('\n'),
    ),
  );
  assert.match(outside.stdout, /: 1 rack with room for 28 machines, 0 machines declared; /);
  assert.match(outside.stdout, /\n {2}git -C a init -b main && git -C a add --all \. && git -C a commit -m /);
  assert.match((await berth(['validate', 'a'], { cwd: alone })).stdout, /: 0 machines in 1 rack, every rule holds\n$/);
  for (const folder of [site, path.join(alone, 'a')]) assert.not.ok(existsSync(path.join(folder, '.git')));
  assert.is(git(cwd, nobody, 'diff', '--cached', '--name-only'), '');
});

const sizes: readonly SiteFlags[] = [
  { racks: '1', machinesPerRack: '1' },
  { racks: '2', machinesPerRack: '200' },
  { racks: '300', machinesPerRack: '40' },
  { site: 'no', domain: 'on.example.com' },
  { nodePool: '192.168.0.0/20' },
];

for (const flags of sizes) {
  test(`${JSON.stringify(flags)}: no finding, not so much as a warning, and nothing to format`, async () => {
    const { site } = await answersFor('my-site', { ...flags, signer: `${adasKey}.pub` }, null);
    const files = new Map([...siteTree(site)].filter(([file]) => !file.startsWith('.')));
    assert.equal(compileSite(files).diagnostics, []);
    for (const [file, { bytes }] of files) {
      const kind = kindOfFile(file)?.name;
      if (!kind) continue;
      const formatted = formatDocument(kind, file, bytes);
      assert.is(formatted.outcome === 'formatted' ? formatted.text : formatted.outcome, Buffer.from(bytes).toString());
    }
  });
}

test('what cannot be: one clear line, exit 1, and nothing is written', async () => {
  const cwd = workplace();
  mkdirSync(path.join(cwd, 'full'));
  for (const name of ['a', 'b']) writeFileSync(path.join(cwd, 'full', name), '');
  writeFileSync(path.join(cwd, 'file'), '');
  const before = everything(cwd);
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['full', '--yes'], /^berth: full is not empty: it has a and 1 more; nothing was written\n$/],
    [['file', '--yes'], /^berth: file is there already, and is no folder\n$/],
    [['new'], /^berth: there is no terminal to ask on: give --yes to take defaults for what no option says\n$/],
    [['new', '--yes', '--racks', '0'], /^berth: --racks: "0" is no whole number from 1 to 1000\n$/],
  ];
  const all = await Promise.all(rows.map(([args]) => berth(['init', ...args], { cwd, env: nobody })));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.match(stderr, rows[index]?.[1] as RegExp);
    assert.equal([exitCode, stdout], [1, '']);
  }
  assert.equal(everything(cwd), before);
  assert.not.ok(existsSync(path.join(cwd, 'new')));
});

const table = path.join(parent, 'machines.csv');
writeFileSync(table, 'S1,0,4,cs,x,y\n');
const faults: readonly (readonly [SiteFlags, RegExp])[] = [
  [{ site: 'Tokyo' }, /^--site: "Tokyo" is not what it takes: letters a to z, /],
  [{ domain: 'tokyo' }, /^--domain: "tokyo" is not what it takes: a domain name /],
  [{ machinesPerRack: 'many' }, /^--machines-per-rack: "many" is no whole number from 1 to 1000$/],
  [{ nodePool: '10.0.0.1/8' }, /^--node-pool: "10\.0\.0\.1\/8" is no IPv4 network /],
  [{ nodePool: '10.0.0.0/24' }, /^--node-pool: the node pool 10\.0\.0\.0\/24 is too small: 3 racks /],
  [{ bmcPool: '10.0.0.0/26' }, /^--bmc-pool: the BMC pool 10\.0\.0\.0\/26 is too small: 3 racks /],
  [{ nodePool: '10.0.0.0/16', bmcPool: '10.0.4.0/22' }, /^--bmc-pool: the BMC pool 10\.0\.4\.0\/22 meets another one$/],
  [{ dns: 'a' }, /^--dns: "a" is no IPv4 address such as /],
  [{ ntp: ',' }, /^--ntp: it takes one IPv4 address at least$/],
  [{ signer: 'missing.pub' }, /^--signer: missing\.pub is neither an SSH public key nor a file with one$/],
  [{ signer: 'ssh-ed25519 AAAA' }, /^--signer: the key: not a public key/],
  [{ kernel: 'x' }, /^--kernel and --initrd go together$/],
  [{ bootProgram: 'missing' }, /^missing cannot be read: ENOENT/],
  [{ bootProgram: '/dev/null' }, /^\/dev\/null is empty$/],
  [{ os: 'a b' }, /^--os a b is no name for an operating system$/],
  [{ assets: 'ftp://x' }, /^--assets ftp:\/\/x is no URL$/],
  [{ machines: table }, /machines\.csv:1: "x" is no MAC address; a line is /],
  [{ machines: 'missing.csv' }, /^--machines: ENOENT/],
];

for (const [flags, message] of faults) {
  test(`${JSON.stringify(flags)}: refused`, async () => {
    const answers = answersFor('new', { signer: 'none', ...flags }, null);
    const said = await answers.then(
      () => 'nothing',
      (error: unknown) => (error instanceof CliError ? error.message : String(error)),
    );
    assert.match(said, message);
  });
}

test('machines that make no valid site: the findings, and nothing is written', async () => {
  const cwd = workplace();
  writeFileSync(path.join(cwd, 'machines.csv'), `S1,0,4,cs,${cards(1)}\nS1,0,5,cs,${cards(2)}\n`);
  const { exitCode, stderr } = await berth(['init', 'new', '--yes', '--machines', 'machines.csv'], {
    cwd,
    env: nobody,
  });
  assert.match(stderr, /^error BERTH-101: .*\n +--> racks\/r0\.yaml:\d+:15\n.*\n\d+ \| {3}- \{ serial: S1, slot: 5/m);
  assert.match(stderr, /\nberth: these answers make no valid site; nothing was written\n$/);
  assert.is(exitCode, 1);
  assert.not.ok(existsSync(path.join(cwd, 'new')));
});

test('what fails half-way leaves nothing behind', async () => {
  const cwd = workplace();
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  const lock = 'case $1 in add) echo "fatal: no space" >&2; exit 128;; esac';
  writeFileSync(path.join(bin, 'git'), `#!/bin/sh\n${lock}\nPATH=\${PATH#*:} exec git "$@"\n`);
  chmodSync(path.join(bin, 'git'), 0o755);
  mkdirSync(path.join(cwd, 'empty'));
  const env = { ...nobody, PATH: `${bin}:${gitEnvironment.PATH}` };
  const all = await Promise.all(
    ['sites/tokyo', 'empty'].map((folder) => berth(['init', folder, '--yes'], { cwd, env })),
  );
  for (const { exitCode, stdout, stderr } of all) {
    assert.equal([exitCode, stdout, stderr], [1, '', 'berth: git add failed: fatal: no space\n']);
  }
  assert.equal(readdirSync(cwd).sort(), ['bin', 'empty']);
  assert.equal(readdirSync(path.join(cwd, 'empty')), []);
});

const program = fileURLToPath(new URL('../../../../bin/berth.mjs', import.meta.url));

test('on a terminal: asked once more where an answer makes no sense', async () => {
  const cwd = workplace();
  const turns: readonly Turn[] = [
    ['Site id? [my-site]', 'Kyoto\r'],
    ['"Kyoto" is not what it takes', ''],
    ['Site id?', 'kyoto0\r'],
    ['DNS domain of its machines? [kyoto0.example.com]', '\r'],
    ['How many racks? [3]', '2\r'],
    ['Room for how many machines in a rack? [28]', '\r'],
    ['Addresses of machines? [10.69.0.0/20]', '10.0.0.0/30\r'],
    ['too small: 2 racks with room for 28 machines each need a /23', ''],
    ['Addresses of machines?', '10.80.0.0/20\r'],
    ['Addresses of their BMCs? [10.72.16.0/22]', '\r'],
    ['DNS servers? [10.80.0.3]', '10.80.0.3, 10.80.0.67\r'],
    ['NTP servers? [10.80.0.3, 10.80.0.67]', '\r'],
    ['SSH public key that signs changes?', '\r'],
    ['Next:', ''],
  ];
  // Without colours, which would stand between the question and its default.
  const env = { ...ada, NO_COLOR: '1' };
  const { shown, exitCode } = await talk(`'${process.execPath}' '${program}' init my-site`, turns, { cwd, env });
  assert.is(exitCode, 0, shown);
  await compiled(path.join(cwd, 'my-site'));
  const site = readFileSync(path.join(cwd, 'my-site', 'site.yaml'), 'utf8');
  for (const line of ['site: kyoto0 #', 'pool: 10.80.0.0/20', 'dns: [10.80.0.3, 10.80.0.67]'])
    assert.ok(site.includes(line));
});

test('on a terminal: Ctrl-C and Ctrl-D end it, and nothing is written', async () => {
  const line = `'${process.execPath}' '${program}' init my-site`;
  const stopped = ['\u0003', '\u0004'].map(async (key) => {
    const cwd = workplace();
    const turns: readonly Turn[] = [
      ['Site id?', '\r'],
      ['DNS domain', key],
    ];
    const { shown, exitCode } = await talk(line, turns, { cwd, env: nobody });
    assert.is(exitCode, 130, shown);
    assert.match(shown, /berth: stopped; nothing was written\n$/);
    assert.equal(readdirSync(cwd), []);
  });
  await Promise.all(stopped);
});

test.run();
