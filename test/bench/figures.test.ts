import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { median, type Row, tableText } from './figures.ts';

for (const [unit, value, shown] of [
  ['s', 1.7634, '1.76 s'],
  ['s', 0.98765, '988 ms'],
  ['s', 0.0301, '30.1 ms'],
  ['s', 0.000_062_8, '62.8 µs'],
  ['1/s', 36_047.31, '36,047 1/s'],
  ['GB/s', 3.789, '3.79 GB/s'],
  ['s/GB', 0.3441, '0.344 s/GB'],
  ['%', 98.53, '98.5 %'],
  ['MB', 164.2, '164 MB'],
  ['', 10_001, '10,001'],
  ['', 0, '0'],
] satisfies [Row['unit'], number, string][]) {
  test(`${value} ${unit} is shown as ${shown}`, () => {
    const [, , row = ''] = tableText({
      title: 'title',
      columns: [''],
      rows: [{ label: 'figure', unit, values: [value] }],
      notes: [],
    }).split('\n');
    assert.is(row.trim().replace(/^figure +/, ''), shown);
  });
}

test('columns line up', () => {
  const text = tableText({
    title: 'storm: what it is',
    columns: ['one', 'sixty-four'],
    rows: [
      { label: 'exchanges', unit: '1/s', values: [14_331.2, 36_047.9] },
      { label: 'lost', unit: '', values: [0, 12] },
    ],
    notes: ['A note.'],
  });
  assert.is(
    text,
    [
      'storm: what it is',
      '                     one   sixty-four',
      '  exchanges   14,331 1/s   36,048 1/s',
      '  lost                 0           12',
      '  A note.',
    ].join('\n'),
  );
});

test('what is promised stands beside what was measured', () => {
  const text = tableText({
    title: 'commands',
    columns: ['small', 'large'],
    rows: [
      { label: 'validate', unit: 's', values: [0.4, 2.5], target: 5 },
      { label: 'again', unit: 's', values: [0.2, 0.4] },
    ],
    notes: [],
  });
  assert.is(
    text,
    [
      'commands',
      '              small    large   target',
      '  validate   400 ms   2.50 s    ≤ 5 s',
      '  again      200 ms   400 ms',
    ].join('\n'),
  );
});

test('the median is the middle one, in whatever order', () => {
  assert.is(median([9, 1, 5]), 5);
  assert.throws(
    () => median([]),
    (error: Error) => error instanceof RangeError,
  );
});

test.run();
