// Every rule finds what breaks it, at its place, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../../reconciler/source/accept.ts';
import { type Diagnostic, formatPlace } from '../../../schema/diagnostic.ts';
import { rules } from '../../../schema/rules/rules.ts';
import { type Change, changed, example, textOf } from '../example-site.ts';
import { rows } from './rows.ts';

function findings(changes: readonly Change[]): readonly Diagnostic[] {
  const files = changed(example, ...changes);
  const { diagnostics } = compileSite(files);
  for (const { place } of diagnostics) {
    const lines = files.has(place.file) ? textOf(files, place.file).split('\n') : [''];
    assert.ok(place.column <= (lines[place.line - 1]?.length ?? -1) + 1, `${formatPlace(place)} is in the file`);
  }
  return diagnostics;
}

test('the example breaks no rule', () => {
  assert.equal(findings([]), []);
});

for (const { name, change, found, says } of rows) {
  test(`${found[0]}: ${name}`, () => {
    const diagnostics = findings(change);
    assert.equal(
      diagnostics.map(({ rule, place }) => `${rule} ${formatPlace(place)}`),
      found,
    );
    assert.match(diagnostics[0]?.message ?? '', says);
  });
}

test('the ids of rules are in order and stand once', () => {
  const ids = rules.map(({ id }) => id);
  assert.equal(ids, [...new Set(ids)].sort());
});

test('every file in schema/rules that exports a rule is in the table', () => {
  const folder = fileURLToPath(new URL('../../../schema/rules', import.meta.url));
  const written = readdirSync(folder).flatMap((file) => {
    return [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^ {2}id: '(BERTH-\d+)',$/gm)].map(([, id]) => id);
  });
  assert.equal(
    written.sort(),
    rules.map(({ id }) => id),
  );
});

test('every id that the schema and the renderers can report is in this table of broken sites', () => {
  const used = new Set<string>();
  for (const room of ['schema', 'renderers']) {
    const folder = fileURLToPath(new URL(`../../../${room}`, import.meta.url));
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      for (const [, id = ''] of readFileSync(`${folder}/${file}`, 'utf8').matchAll(/'(BERTH-\d{3})'/g)) used.add(id);
    }
  }
  const covered = new Set(rows.flatMap(({ found }) => found.map((line) => line.slice(0, 9))));
  assert.equal([...used].sort(), [...covered].sort());
});

test.run();
