import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const first = suite('first');
const second = suite('second');

first('is run', () => assert.ok(true));
second('is never run', () => assert.ok(false));

first.run();
