import { tmpdir } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError, type NodeCommand, peakBytesOf, secondsOf } from './command.ts';

function node(script: string, exitCode = 0): NodeCommand {
  return { args: ['-e', script], cwd: tmpdir(), env: { SAID: 'yes' }, exitCode };
}

test('a command that takes longer takes more seconds', async () => {
  const idle = await secondsOf(node(''));
  const busy = await secondsOf(node('setTimeout(() => {}, 500)'));
  assert.ok(idle > 0 && busy >= 0.5, `${idle} ${busy}`);
});

test('a command that holds 200 MB has a peak of no less', async () => {
  const empty = await peakBytesOf(node(''));
  const full = await peakBytesOf(node('Buffer.alloc(200e6, 1)'));
  assert.ok(empty > 10e6 && full - empty > 180e6, `${empty} ${full}`);
});

test('a command that ends otherwise than it should is no figure', async () => {
  await secondsOf(node('process.exit(2)', 2));
  await secondsOf(node('process.exit(process.env.SAID === "yes" ? 0 : 1)'));
  for (const measure of [secondsOf, peakBytesOf]) {
    try {
      await measure(node('console.error("no such site"); process.exit(1)'));
      assert.unreachable();
    } catch (error) {
      assert.instance(error, CommandError);
      assert.match((error as CommandError).message, /ended with code 1: no such site/);
    }
  }
});

test.run();
