import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('ends the process', () => process.exit(0));
test('never gets its turn', () => assert.ok(true));

test.run();
