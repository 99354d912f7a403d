import { test } from 'uvu';
import { skip } from '../skip.ts';

skip(test, 'boots a real machine', 'no machine');

test.run();
