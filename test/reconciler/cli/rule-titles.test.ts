// Reports say of each rule what docs/rules.md says.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleTitles } from '../../../reconciler/cli/rule-titles.ts';

test('every row of docs/rules.md has its title in reports', () => {
  const titles = new Map(ruleTitles().map(({ id, title }) => [id, title]));
  const rows = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| \[(BERTH-\d{3})\]\S+ \| (.*?) \|/gm)];
  assert.ok(rows.length >= 40, `${rows.length} rows`);
  for (const [, id = '', title = ''] of rows) assert.is(titles.get(id), title.replaceAll('`', ''), id);
});

test('every rule is there once, in the order of ids', () => {
  const ids = ruleTitles().map(({ id }) => id);
  assert.equal(ids, [...new Set(ids)].sort());
});

test.run();
