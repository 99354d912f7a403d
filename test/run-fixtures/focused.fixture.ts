import { test } from 'uvu';
import * as assert from 'uvu/assert';

test.only('hides the other', () => assert.ok(true));
test('is hidden', () => assert.ok(false));

test.run();
