import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('writes a file', () => {
  const file = path.join(os.tmpdir(), 'forgotten.txt');
  writeFileSync(file, '');
  assert.ok(file);
});

test.run();
