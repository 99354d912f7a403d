// time limit: 2 s
import { spawn } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('waits for what never ends', async () => {
  const child = spawn('sleep', ['1004'], { detached: true });
  console.log(`started ${child.pid}`);
  await new Promise((resolve) => child.on('exit', resolve));
  assert.ok(true);
});

test.run();
