import { test } from 'uvu';
import * as assert from 'uvu/assert';

test.before(() => {
  throw new Error('before');
});
test('never gets its turn', () => assert.ok(true));

test.run();
