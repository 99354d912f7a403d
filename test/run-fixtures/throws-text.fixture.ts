import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('throws what has no stack', () => {
  throw 'text';
});
test('never gets its turn', () => assert.ok(true));

test.run();
