import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('in time', () => assert.ok(true));

test.run();

test('too late', () => assert.ok(false));
