// The table of machines that berth init reads.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMachines } from '../../../../reconciler/cli/init/machines-csv.ts';

test('a table', () => {
  const text = [
    'serial,rack,slot,role,mac1,mac2',
    'FQ7K2D3,0,4,cs,02:be:00:00:04:01,02:be:00:00:04:02',
    '',
    '# storage',
    'Y53NL42, r0, , ss, 02-BE-00-00-05-01, 02-BE-00-00-05-02\r',
    '"P136PN1";1;;cs;02:be:00:00:06:01;02:be:00:00:06:02',
    '',
  ].join('\n');
  assert.equal(parseMachines(text, 'm.csv'), [
    { serial: 'FQ7K2D3', rack: 0, slot: 4, role: 'cs', macs: ['02:be:00:00:04:01', '02:be:00:00:04:02'] },
    { serial: 'Y53NL42', rack: 0, slot: 5, role: 'ss', macs: ['02:be:00:00:05:01', '02:be:00:00:05:02'] },
    { serial: 'P136PN1', rack: 1, slot: 4, role: 'cs', macs: ['02:be:00:00:06:01', '02:be:00:00:06:02'] },
  ]);
});

const macs = '02:be:00:00:04:01,02:be:00:00:04:02';
const faults: readonly (readonly [line: string, message: string])[] = [
  [`,0,4,cs,${macs}`, '"" is no serial'],
  [`a b,0,4,cs,${macs}`, '"a b" is no serial'],
  [`S1,x,4,cs,${macs}`, '"x" is no rack: expected its number'],
  [`S1,0,3,cs,${macs}`, '"3" is no slot for a machine: they begin at 4'],
  [`S1,0,4.5,cs,${macs}`, '"4.5" is no slot for a machine: they begin at 4'],
  [`S1,0,4,CS,${macs}`, '"CS" is no role'],
  ['S1,0,4,cs,02:be,02:be:00:00:04:02', '"02:be" is no MAC address'],
  ['S1,0,4,cs,02:be:00:00:04:01', '1 MAC addresses, where a machine has 2'],
  ['S1', '"" is no rack: expected its number'],
];

for (const [line, message] of faults) {
  test(`${line}: ${message}`, () => {
    const whole = `m.csv:2: ${message}; a line is serial,rack,slot,role,mac1,mac2`;
    assert.throws(
      () => parseMachines(`# machines\n${line}\n`, 'm.csv'),
      (error: Error) => error.message === whole,
    );
  });
}

test.run();
