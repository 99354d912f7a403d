// The threat model names the tests that prove it: each of them is there, under the name that it is given.
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const page = readFileSync('docs/threat-model.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| tries to '));

interface Proof {
  readonly file: string;
  readonly name: string;
}

/** `[keys](../test/….ts): “a stranger”, “…”`: a file, and names of tests in it, or of rows of its tables. */
function proofsIn(text: string): Proof[] {
  return [...text.matchAll(/\]\(\.\.\/(test\/[^)]+)\): ((?:“[^”]+”(?:, )?)+)/g)].flatMap(([, file = '', names = '']) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ file, name })),
  );
}

/** As it stands in quotes in the source, where … stands for what a table puts in. */
function quoted(name: string): RegExp {
  const text = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\'"`]*');
  return new RegExp(`(['"\`])${text}\\1`);
}

for (const { file, name } of new Map(proofsIn(page).map((proof) => [JSON.stringify(proof), proof])).values()) {
  test(`${file} has: ${name}`, () => {
    assert.ok(existsSync(file), file);
    assert.match(readFileSync(file, 'utf8'), quoted(name));
  });
}

test('whatever is said to be stopped is shown by a test', () => {
  const tables = page.match(/^\| tries to \| what stops it \| shown by \|$/gm) ?? [];
  assert.ok(tables.length >= 8, 'there are tables');
  assert.ok(rows.length >= 5 * tables.length, 'with rows');
  for (const row of rows) assert.ok(proofsIn(row).length > 0, row);
});

test('each name is read as one: none is passed over', () => {
  assert.is(proofsIn(page).length, page.match(/“/g)?.length);
});

test('each of those who attack is told what is not stopped', () => {
  for (const section of page.split('\n## ').slice(1)) assert.match(section, /^\*\*Not stopped/m);
});

test.run();
