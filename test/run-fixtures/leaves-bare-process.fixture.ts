import { spawn } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// Without an environment; only its session tells where it comes from.
test('starts a process', () => {
  const child = spawn('/bin/sleep', ['1003'], { env: {}, stdio: 'ignore' });
  console.log(`started ${child.pid}`);
  child.unref();
  assert.ok(child.pid);
});

test.run();
