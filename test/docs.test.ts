// The documentation says what the program has: every rule, every command, and no link that leads nowhere.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rules } from '../schema/rules/rules.ts';

const pages = ['README.md', 'examples/site-repo/README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

test('docs/rules.md has every rule by its title, once', () => {
  const text = readFileSync('docs/rules.md', 'utf8');
  for (const { id, title } of rules) {
    const rows = text.split('\n').filter((line) => line.startsWith(`| ${id} |`));
    assert.is(rows.length, 1, id);
    assert.is(rows[0]?.split('|')[2]?.replaceAll('`', '').trim(), title, id);
  }
});

test('docs/rules.md has every id that the source uses, and no other', () => {
  const sources = execFileSync('git', ['ls-files', 'schema', 'renderers', 'reconciler'], { encoding: 'utf8' }).split(
    '\n',
  );
  const used = new Set<string>();
  for (const file of sources.filter((name) => name.endsWith('.ts'))) {
    for (const [id] of readFileSync(file, 'utf8').matchAll(/BERTH-\d{3}/g)) used.add(id);
  }
  const listed = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| (BERTH-\d{3}) \|/gm)].map(([, id]) => id);
  assert.equal(listed, [...used].sort());
});

test('links between pages lead to files that are there', () => {
  for (const page of pages) {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue;
      assert.ok(existsSync(path.join(path.dirname(page), target)), `${page} links to ${target}`);
    }
  }
});

test('every npm script that the pages name exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  for (const page of pages) {
    for (const [, name = ''] of readFileSync(page, 'utf8').matchAll(/\bnpm run ([a-z:]+)/g)) {
      assert.ok(scripts[name], `${page} names npm run ${name}`);
    }
  }
});

test.run();
