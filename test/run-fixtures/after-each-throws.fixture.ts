import { test } from 'uvu';
import * as assert from 'uvu/assert';

test.after.each(() => {
  throw new Error('after each');
});
test('one', () => assert.ok(true));
test('two', () => assert.ok(true));

test.run();
