// Workflow commands: golden rows, and a reader that takes them apart as the runner does.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { workflowCommands } from '../../../schema/report/github.ts';

const plain: Diagnostic = {
  rule: 'BERTH-014',
  severity: 'error',
  place: { file: 'racks/r1.yaml', line: 12, column: 15 },
  message: 'slot 4 is given twice',
};

for (const [name, diagnostic, line] of [
  ['an error', plain, '::error file=racks/r1.yaml,line=12,col=15,title=BERTH-014::slot 4 is given twice'],
  [
    'a warning',
    { ...plain, severity: 'warning' },
    '::warning file=racks/r1.yaml,line=12,col=15,title=BERTH-014::slot 4 is given twice',
  ],
  [
    'a hint is a line of its own',
    { ...plain, hint: 'the next free one is 7' },
    '::error file=racks/r1.yaml,line=12,col=15,title=BERTH-014::slot 4 is given twice%0Ahint: the next free one is 7',
  ],
  [
    'a message with what could end it',
    { ...plain, message: '100%, a::b: c%0A' },
    '::error file=racks/r1.yaml,line=12,col=15,title=BERTH-014::100%25, a::b: c%250A',
  ],
  [
    'a file with what could end it',
    { ...plain, place: { file: 'a,line=1::x%y.yaml', line: 1, column: 1 } },
    '::error file=a%2Cline=1%3A%3Ax%25y.yaml,line=1,col=1,title=BERTH-014::slot 4 is given twice',
  ],
  [
    'line breaks and escapes of the site repo are shown, not obeyed',
    { ...plain, message: 'a\r\n::set-output name=x::y \u001b[2J' },
    '::error file=racks/r1.yaml,line=12,col=15,title=BERTH-014::a\\u000d\\u000a::set-output name=x::y \\u001b[2J',
  ],
] as const) {
  test(name, () => assert.is(workflowCommands([diagnostic]), `${line}\n`));
}

/** As the runner reads a line: properties end at commas, the command at the first `::` behind them. */
function read(line: string) {
  const [, command, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
  const decode = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const entries = properties.split(',').map((property) => {
    const [name, ...value] = property.split('=');
    return [name, decode(value.join('='))];
  });
  return { command, ...Object.fromEntries(entries), message: decode(data) };
}

test('the runner reads back what was written', () => {
  const texts = ['%', '%25', '::', ',', 'a=b', '%0A', ': , % ::', '試験 🚀'];
  for (const text of texts) {
    const diagnostic = { ...plain, message: text, place: { file: `f ${text}`, line: 3, column: 4 } };
    const [line = ''] = workflowCommands([diagnostic]).split('\n');
    const expected = { command: 'error', file: `f ${text}`, line: '3', col: '4', title: 'BERTH-014', message: text };
    assert.equal(read(line), expected);
  }
});

test('no findings, no commands', () => assert.is(workflowCommands([]), ''));

test.run();
