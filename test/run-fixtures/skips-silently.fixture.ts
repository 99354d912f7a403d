import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('passes', () => assert.ok(true));
test.skip('is skipped', () => assert.ok(false));

test.run();
