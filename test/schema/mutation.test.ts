// Sites with random damage, the same in each run: each is taken or refused, with findings at places that exist, and
// nothing is ever thrown.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../reconciler/source/accept.ts';
import { formatDiagnostic, isError } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { damagedSites } from './damaged-sites.ts';
import { textOf } from './example-site.ts';

const rounds = 80;

function check(files: SiteFiles): 'taken' | 'refused' {
  const { compiled, diagnostics } = compileSite(files);
  assert.is(compiled === null, diagnostics.some(isError));
  for (const diagnostic of diagnostics) {
    const { place, message } = diagnostic;
    const lines = files.has(place.file) ? textOf(files, place.file).split('\n') : [''];
    const length = lines[place.line - 1]?.length ?? -1;
    assert.ok(place.column >= 1 && place.column <= length + 1, formatDiagnostic(diagnostic));
    assert.not.match(message, /undefined|NaN|\[object/);
  }
  return compiled ? 'taken' : 'refused';
}

test('damaged sites', () => {
  const outcomes = { taken: 0, refused: 0 };
  for (const [round, { files, log }] of [...damagedSites(rounds)].entries()) {
    try {
      outcomes[check(files)]++;
    } catch (error) {
      throw new Error(`round ${round}: ${error instanceof Error ? error.message : error}\n${log.join('\n')}`, {
        cause: error,
      });
    }
  }
  assert.ok(outcomes.taken > 10 && outcomes.refused > 30, JSON.stringify(outcomes));
});

test.run();
