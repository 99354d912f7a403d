// Sites with random damage, the same in each run: each is taken or refused, with findings at places that exist, and
// nothing is ever thrown.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../reconciler/source/accept.ts';
import { formatDiagnostic, isError } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { type RandomNumbers, randomNumbers } from '../random.ts';
import { example, fileOf, textOf } from './example-site.ts';

const rounds = 80;

const odd = ['-1', '0', '65534', '4294967294', '99999999999', '1.5', '""', '~', '[]', '{}', 'true', '"\\ud800"'].concat(
  [
    '|',
    '>',
    '- ',
    ': ',
    '"',
    "'",
    '\n',
    '  ',
    '\t',
    '#',
    '*a',
    '&a ',
    '!!str ',
    '__proto__',
    'constructor',
    'x'.repeat(3000),
  ],
  [
    '0.0.0.0/0',
    '10.0.0.0/32',
    '255.255.255.255',
    '{{',
    '}}',
    '{{ end }}',
    '{{ each site.ntp }}',
    '{{ machine.name }}',
    '//',
    '..',
  ],
);

function damaged(text: string, random: RandomNumbers): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0: {
      const words = [...text.matchAll(/[\w./:-]+/g)];
      if (words.length === 0) return random.pick(odd);
      const { index, 0: word } = random.pick(words);
      return text.slice(0, index) + random.pick(odd) + text.slice(index + word.length);
    }
    case 1:
      return text.slice(0, at) + random.pick(odd) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + random.below(30));
    default: {
      const lines = text.split('\n');
      lines.splice(random.below(lines.length), 0, random.pick(lines));
      return lines.join('\n');
    }
  }
}

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
  const random = randomNumbers(11);
  const names = [...example.keys()];
  const documents = names.filter((name) => name.endsWith('.yaml'));
  const outcomes = { taken: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const files = new Map(example);
    const log: string[] = [];
    for (let change = random.below(3); change >= 0; change--) {
      const name = random.below(4) === 0 ? random.pick(names) : random.pick(documents);
      const text = damaged(textOf(files, name), random);
      files.set(name, fileOf(text));
      log.push(`${name}\n${text}`);
    }
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
