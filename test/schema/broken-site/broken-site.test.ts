// time limit: 180 s
// Every rule finds what breaks it, at its place, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../../reconciler/source/accept.ts';
import { type Diagnostic, formatPlace } from '../../../schema/diagnostic.ts';
import { rules } from '../../../schema/rules/rules.ts';
import { transitions } from '../../../schema/rules/transitions/transitions.ts';
import { type Change, changed, example, siteOf, textOf } from '../example-site.ts';
import { brokenSites } from './broken-site.ts';

const rows = await brokenSites();

/** @param before how the site that is in force differs from the example; undefined where none is */
function findings(changes: readonly Change[], before?: readonly Change[]): readonly Diagnostic[] {
  const base = changed(example, ...(before ?? []));
  const files = changed(base, ...changes);
  const { diagnostics } = compileSite(files, before ? siteOf(base) : null);
  for (const { place } of diagnostics) {
    const lines = files.has(place.file) ? textOf(files, place.file).split('\n') : [''];
    assert.ok(place.column <= (lines[place.line - 1]?.length ?? -1) + 1, `${formatPlace(place)} is in the file`);
  }
  return diagnostics;
}

test('the example breaks no rule, nor does it when it follows itself', () => {
  assert.equal(findings([], []), []);
});

for (const { name, before, change, found, says } of rows) {
  test(`${found[0]}: ${name}`, () => {
    const diagnostics = findings(change, before);
    assert.equal(
      diagnostics.map(({ rule, place }) => `${rule} ${formatPlace(place)}`),
      found,
    );
    assert.match(diagnostics[0]?.message ?? '', says);
  });
}

test('the ids of rules are in order and stand once', () => {
  for (const table of [rules, transitions]) {
    const ids = table.map(({ id }) => id);
    assert.equal(ids, [...new Set(ids)].sort());
  }
});

test('every file in schema/rules that exports a rule is in the table', () => {
  const folder = fileURLToPath(new URL('../../../schema/rules', import.meta.url));
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    if (!file.endsWith('.ts')) return [];
    return [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^ {2}id: '(BERTH-\d+)',$/gm)].map(([, id]) => id);
  });
  assert.equal(written.sort(), [...rules, ...transitions].map(({ id }) => id).sort());
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
