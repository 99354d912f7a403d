// Each reason for which a commit is not in force has a page and a row in the index, in the words of the source.
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { refusals } from '../reconciler/source/trust/refusal.ts';

const index = readFileSync('docs/refusals.md', 'utf8');
const rows = [...index.matchAll(/^\| \[`([a-z0-9-]+)`\]\(refusals\/\1\.md\) \| (.+) \|$/gm)].map(
  ([, code = '', text = '']) => [code, text] as const,
);

/** The codes of the type that says why a repository could not be fetched. */
function pullCodes(): string[] {
  const source = readFileSync('reconciler/source/repository-error.ts', 'utf8');
  const [, union = ''] = /export type RepositoryErrorCode =([^;]*);/.exec(source) ?? [];
  return [...union.matchAll(/^ {2}\| '([a-z0-9-]+)'/gm)].map(([, code = '']) => code);
}

test('the index has every code of the source, once, and no other', () => {
  const pulls = pullCodes();
  assert.ok(pulls.length > 5, 'the codes of pulls are read');
  assert.equal(rows.map(([code]) => code).sort(), [...Object.keys(refusals), ...pulls].sort());
  assert.is(index.match(/^\| \[/gm)?.length, rows.length, 'each row names its own page');
});

test('the index says of a refusal what the source says', () => {
  const said = new Map(rows);
  for (const [code, text] of Object.entries(refusals)) assert.is(said.get(code), text, code);
});

test('refusals stand in the order of the source', () => {
  const codes = Object.keys(refusals);
  assert.equal(
    rows.map(([code]) => code).filter((code) => code in refusals),
    codes,
  );
});

test('every code has a page, and no page is without a code', () => {
  const names = readdirSync('docs/refusals').map((name) => name.replace(/\.md$/, ''));
  assert.equal(names.sort(), rows.map(([code]) => code).sort());
});

for (const [code, text] of rows) {
  test(`the page of ${code} says what it is, what it means and what to do`, () => {
    const page = readFileSync(`docs/refusals/${code}.md`, 'utf8');
    const [title, summary, ...others] = page.trimEnd().split('\n\n');
    assert.is(title, `# ${code}`);
    assert.is(summary, `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
    const headings = others.filter((block) => block.startsWith('#'));
    assert.equal(headings, ['## What it means', '## What to do']);
    const meaning = others.indexOf('## What it means');
    const advice = others.indexOf('## What to do');
    assert.ok(advice > meaning + 1, 'it says what it means');
    assert.ok(others.length > advice + 1, 'it says what to do');
  });
}

test.run();
