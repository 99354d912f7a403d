// The example with random damage, the same in each run.
import type { SiteFiles } from '../../schema/load.ts';
import { type RandomNumbers, randomNumbers } from '../random.ts';
import { example, fileOf, textOf } from './example-site.ts';

export interface DamagedSite {
  readonly files: SiteFiles;
  /** The files that were changed, with their texts. */
  readonly log: readonly string[];
}

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

export function* damagedSites(count: number): Generator<DamagedSite> {
  const random = randomNumbers(11);
  const names = [...example.keys()];
  const documents = names.filter((name) => name.endsWith('.yaml'));
  for (let round = 0; round < count; round++) {
    const files = new Map(example);
    const log: string[] = [];
    for (let change = random.below(3); change >= 0; change--) {
      const name = random.below(4) === 0 ? random.pick(names) : random.pick(documents);
      const text = damaged(textOf(files, name), random);
      files.set(name, fileOf(text));
      log.push(`${name}\n${text}`);
    }
    yield { files, log };
  }
}
