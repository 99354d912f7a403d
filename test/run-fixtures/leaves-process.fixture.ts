import { spawn } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// In a session of its own, as a daemon is; only its environment tells where it comes from.
test('starts a daemon', () => {
  const daemon = spawn('sleep', ['1002'], { detached: true, stdio: 'inherit' });
  console.log(`started ${daemon.pid}`);
  daemon.unref();
  assert.ok(daemon.pid);
});

test.run();
