// What commands leave for the next run, and that nobody can tell from what they print.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
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
    assert.ok(filesIn(cache).length > 10);
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
  assert.equal(shown(await run(['validate', 'site'], file)), shown(await run(['validate', 'site'], 'off')));
});

test.run();
