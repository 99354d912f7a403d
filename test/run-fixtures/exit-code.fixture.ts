import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('passes', () => assert.ok(true));
process.on('exit', () => {
  process.exitCode = 3;
});

test.run();
