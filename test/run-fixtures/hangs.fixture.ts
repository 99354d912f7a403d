// time limit: 2 s
import { createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('leaves a server open', () => {
  createServer().listen(0, '127.0.0.1');
  assert.ok(true);
});

test.run();
