// Whole roll-outs over the example site, as transcripts that can be read from top to bottom.
//
// Each file in transcripts/ is a script with what it prints; transcript-world.ts lists the commands. To see what a change
// of the planner does, or to add a file (of remarks and commands alone), write what is printed now:
//
//   BERTH_GOLDEN=write npx tsx test/reconciler/plan/transcripts.test.ts
//
// and read the difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replay } from './transcript.ts';

const folder = fileURLToPath(new URL('transcripts/', import.meta.url));

for (const name of readdirSync(folder).sort()) {
  test(`transcript: ${name}`, () => {
    const text = readFileSync(folder + name, 'utf8');
    const printed = replay(text);
    if (process.env.BERTH_GOLDEN === 'write') writeFileSync(folder + name, printed);
    else assert.fixture(printed, text);
  });
}

test('there is a transcript for each kind of change', () => {
  assert.ok(readdirSync(folder).length >= 9);
});

test('a transcript that prints something else is noticed', () => {
  const script = '# Nothing is done yet.\n\n> plan\n';
  const printed = replay(script);
  assert.match(printed, /^# Nothing is done yet\.\n\n> plan\nPlan for commit [0-9a-f]{12}: nothing → generation 1\n/);
  assert.is(replay(printed), printed);
  assert.is(replay(printed.replace('generation 1', 'generation 7')), printed);
});

test.run();
