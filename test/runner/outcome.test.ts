import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ending, judge, timeLimitSeconds } from './outcome.ts';

// Pieces of other test files. Put together here, since this file's own lines are judged as well.
const declare = 'test';
const source = `${declare}('one', () => {});\n${declare}.run();\n`;
const ended: Ending = { exitCode: 0, signal: null, passedLimitSeconds: undefined };

function totals(total: number, passed: number, skipped = 0): string {
  return `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.50ms\n\n`;
}

/** What is given instead of a file that passes, and the faults that come of it. */
const table: readonly {
  readonly name: string;
  readonly source?: string;
  readonly stdout?: string;
  readonly ending?: Partial<Ending>;
  readonly leftovers?: readonly string[];
  readonly faults: readonly string[];
}[] = [
  { name: 'a file that passes', faults: [] },
  {
    name: 'totals in colour',
    stdout: totals(3, 3).replace('Passed:    3', '\u001b[32mPassed:    3\u001b[39m'),
    faults: [],
  },
  { name: 'nothing printed', stdout: '', faults: ['no totals'] },
  { name: 'a block cut short', stdout: '\n  Total:     3\n  Passed:    3\n', faults: ['no totals'] },
  { name: 'two blocks', stdout: totals(1, 0) + totals(1, 1), faults: ['uvu ran 2 times'] },
  { name: 'no test', stdout: totals(0, 0), faults: ['no tests'] },
  { name: 'one test lost', stdout: totals(3, 2), faults: ['1 of 3 tests did not pass'] },
  { name: 'an exit code', ending: { exitCode: 7 }, faults: ['exit code 7'] },
  { name: 'a signal', ending: { exitCode: null, signal: 'SIGSEGV' }, faults: ['ended by SIGSEGV'] },
  {
    name: 'a skip with its reason',
    stdout: `skipped: boots: no /dev/kvm\n${totals(1, 1, 1)}`,
    faults: [],
  },
  { name: 'a skip without one', stdout: totals(1, 1, 1), faults: ['1 skipped, 0 of them with a reason'] },
  { name: 'leftovers', leftovers: ['left a process: etcd'], faults: ['left a process: etcd'] },
  { name: 'a focused test', source: `${declare}.only('one', () => {});\n${source}`, faults: ['.only is committed'] },
  { name: 'a focused test in a comment', source: `// not ${declare}.only('one')\n${source}`, faults: [] },
  { name: 'run() in a comment', source: source.replace('test.run', '// test.run'), faults: ['no test.run()'] },
  { name: 'a test after run()', source: source + source.split('\n')[0], faults: ['tests after test.run()'] },
  { name: 'a second suite', source: `const far = suite<Far>('far');\n${source}`, faults: ['no far.run()'] },
];

for (const row of table) {
  test(`judge: ${row.name}`, () => {
    const ending = { ...ended, ...row.ending };
    const outcome = judge(row.source ?? source, row.stdout ?? totals(3, 3), ending, row.leftovers ?? []);
    assert.equal(outcome.faults, row.faults);
    assert.is(outcome.failed > 0, row.faults.length > 0);
  });
}

test('judge: a file that was killed for its time says so, and not that it was killed', () => {
  const killed: Ending = { exitCode: null, signal: 'SIGKILL', passedLimitSeconds: 60 };
  assert.equal(judge(source, '', killed, []).faults, ['still running after 60 s', 'no totals']);
  const open = judge(source, totals(2, 2), killed, []);
  assert.equal(open.faults, ['still running after 60 s, though its tests had ended: something is left open']);
  assert.is(open.passed, 2);
  assert.is(open.failed, 1);
});

test('a time limit stands in the first comment', () => {
  assert.is(timeLimitSeconds(source), 60);
  assert.is(timeLimitSeconds(`// time limit: 120 s\n${source}`), 120);
  assert.is(timeLimitSeconds(`// What this is.\n// time limit: 90 s\n${source}`), 90);
  assert.is(timeLimitSeconds(`${source}// time limit: 120 s\n`), 60);
});

test.run();
