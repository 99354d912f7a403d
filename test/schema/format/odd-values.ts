// Values that YAML makes hard to write down.
import type { RandomNumbers } from '../../random.ts';

const texts: readonly string[] = [
  ...['', ' ', 'no', 'On', 'y', 'null', '~', 'true', '0644', '1.31', '12', '-7', '1e3', '0x1F', '.5', '.inf', '<<'],
  ...['2026-01-31', '2026-01-31T00:00:00Z', '1:30', '02:30', '12:34:56:12:34:56', '02:be:00:00:04:01', '1_000', '='],
  ...['- a', '-a', '-', '?', '? a', ':a', 'a:', 'a: b', 'a:b', 'a #b', 'a#b', '#a', '---', '--- a', '...', '%a', '@a'],
  ...['&a', '*a', '!a', '|', '>', '`a`', "it's", '"', 'say "so"', 'it\'s "so"', '\\', 'a\\nb', '{{ x }}', 'a {{ x }}'],
  ...[
    '[a]',
    'a, b',
    'a]',
    '{',
    '}',
    'a,',
    ' a',
    'a ',
    'a  b',
    '\ta',
    'a\tb',
    'a\nb',
    'a\n',
    '\n',
    '\n\n',
    '\na',
    ' a\nb\n',
  ],
  ...[
    'a\n\nb\n\n',
    'a\n \nb\n',
    'a \nb\n',
    '# a\nb\n',
    '\u00a0',
    'caf\u00e9',
    '\u200b',
    '\u2028',
    '\u0085',
    '\u{1f600}',
    '\ue000',
  ],
  'words '.repeat(40).trim(),
  `${'word: '.repeat(30)}- # ${"it's ".repeat(20)}`,
];

/** A map, so that it may be a document. */
export function oddMap(random: RandomNumbers, depth = 3): Record<string, unknown> {
  const keys = random
    .shuffled(texts.filter((text) => text !== '<<' && text.length < 100))
    .slice(0, 1 + random.below(5));
  return Object.fromEntries(keys.map((key) => [key, oddValue(random, depth)]));
}

function oddValue(random: RandomNumbers, depth: number): unknown {
  const form = random.below(depth > 0 ? 8 : 5);
  if (form < 4) return random.pick(texts);
  if (form === 4) return random.pick([null, true, false, 0, -3, 1.5, 42, {}, []]);
  if (form === 5) return oddMap(random, depth - 1);
  return Array.from({ length: random.below(4) }, () => oddValue(random, depth - 1));
}
