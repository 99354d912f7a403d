import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const first = suite('first');
first('fails', () => assert.ok(false));
first.run();

// uvu starts with what it has; the second run takes back the exit code of the first.
await pause(50);

const second = suite('second');
second('passes', () => assert.ok(true));
second.run();
