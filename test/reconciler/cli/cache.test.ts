// time limit: 180 s
// What commands leave for the next run, and that nobody can tell from what they print.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launcher } from '../../bench/command.ts';
import { berth, type Said, SiteCopy } from './command.ts';

const caches = mkdtempSync(path.join(tmpdir(), 'berth-caches-'));
const site = new SiteCopy();
test.after(() => {
  site.remove();
  rmSync(caches, { recursive: true, force: true });
});

site.git('init', '-q', '-b', 'main');
site.git('add', '--all');
site.git('commit', '-q', '-m', 'the example');
site.replace('racks/r1.yaml', 'powerFeed: B', 'powerFeed: A');

const commands: readonly (readonly string[])[] = [
  ['validate', 'site'],
  ['validate', 'site', '--base', 'HEAD', '--format', 'json'],
  ['plan', 'site', '--base', 'HEAD'],
  ['plan', 'site', '--base', 'HEAD', '--format', 'json'],
  ['diff', 'HEAD', 'site', '--format', 'markdown'],
  ['render', 'machine', 'r1-04', 'site'],
  ['render', 'ignition', 'r1-04', 'site'],
];

function run(args: readonly string[], cache: string): Promise<Said> {
  return berth(args, { cwd: site.parent, env: { BERTH_CACHE: cache } });
}

function shown({ exitCode, stdout, stderr }: Said): readonly unknown[] {
  return [exitCode, stdout, stderr];
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(path.join(folder, name)).isFile());
}

for (const [index, args] of commands.entries()) {
  test(`${args.join(' ')}: the same without a cache, with an empty one and with a full one`, async () => {
    const cache = path.join(caches, String(index));
    const without = await run(args, 'off');
    assert.ok(without.stdout !== '', without.stderr);
    assert.equal(shown(await run(args, cache)), shown(without));
    assert.ok(filesIn(cache).length > 5);
    assert.equal(shown(await run(args, cache)), shown(without));
  });
}

test('--no-cache leaves nothing, and nothing is no error where it cannot be left', async () => {
  const cache = path.join(caches, 'unused');
  const { exitCode } = await run(['--no-cache', 'validate', 'site'], cache);
  assert.is(exitCode, 0);
  assert.not(existsSync(cache));
  const file = path.join(caches, 'a-file');
  writeFileSync(file, '');
  const without = shown(await run(['validate', 'site'], 'off'));
  for (const nowhere of [file, path.join(file, 'cache'), '/proc/berth', '/proc/berth/cache', '/proc']) {
    assert.equal(shown(await run(['validate', 'site'], nowhere)), without, nowhere);
  }
});

test('a site that breaks a rule does so with every cache, and what was read of it is left all the same', async () => {
  const broken = new SiteCopy();
  try {
    const cache = path.join(caches, 'broken');
    const validate = (folder: string) =>
      berth(['validate', 'site'], { cwd: broken.parent, env: { BERTH_CACHE: folder } });
    assert.is((await validate(cache)).exitCode, 0);
    broken.replace('racks/r1.yaml', 'slot: 4', 'slot: 5');
    const without = await validate('off');
    assert.is(without.exitCode, 1);
    const before = filesIn(cache).length;
    for (let run = 0; run < 2; run++) assert.equal(shown(await validate(cache)), shown(without));
    assert.ok(filesIn(cache).length > before);
  } finally {
    broken.remove();
  }
});

test('a reader that has seen enough ends the command, and keeps it from nothing', async () => {
  const cache = path.join(caches, 'pipe');
  const environment = { ...process.env, BERTH_CACHE: cache };
  execFileSync('bash', ['-c', `"$0" "$1" plan site --base HEAD | head -n 1`, process.execPath, launcher], {
    cwd: site.parent,
    env: environment,
  });
  assert.ok(filesIn(cache).length > 5);
});

test.run();
