import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { troubleOf } from '../../../../reconciler/source/github/trouble.ts';

const nowMs = 1_700_000_000_000;
const nowSeconds = nowMs / 1000;

function answer(status: number, message = 'no', headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), { status, response: { headers } });
}

const limited = (message: string, retryAfterSeconds: number) => ({ kind: 'rate-limited', message, retryAfterSeconds });

for (const [name, error, expected] of [
  ['401', answer(401), { kind: 'not-permitted', message: 'no (401)' }],
  ['403', answer(403), { kind: 'not-permitted', message: 'no (403)' }],
  ['404', answer(404), { kind: 'not-permitted', message: 'no (404)' }],
  ['408', answer(408), { kind: 'unavailable', message: 'no (408)' }],
  ['409', answer(409), { kind: 'declined', message: 'no (409)' }],
  ['422', answer(422), { kind: 'declined', message: 'no (422)' }],
  ['500', answer(500), { kind: 'unavailable', message: 'no (500)' }],
  ['503', answer(503), { kind: 'unavailable', message: 'no (503)' }],
  [
    'no answer',
    Object.assign(new Error('ECONNRESET'), { status: 500 }),
    { kind: 'unavailable', message: 'ECONNRESET' },
  ],
  ['429', answer(429), limited('no (429)', 60)],
  ['429, says when', answer(429, 'no', { 'retry-after': '17' }), limited('no (429)', 17)],
  [
    'primary limit',
    answer(403, 'no', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds + 30) }),
    limited('no (403)', 31),
  ],
  [
    'primary limit that has passed',
    answer(403, 'no', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds - 30) }),
    limited('no (403)', 1),
  ],
  [
    'a clock that is wrong',
    answer(403, 'no', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowSeconds * 2) }),
    limited('no (403)', 3600),
  ],
  [
    'secondary limit',
    answer(403, 'You have exceeded a secondary rate limit', { 'retry-after': '5' }),
    limited('You have exceeded a secondary rate limit (403)', 5),
  ],
  [
    'remaining requests are no limit',
    answer(403, 'no', { 'x-ratelimit-remaining': '12' }),
    { kind: 'not-permitted', message: 'no (403)' },
  ],
  [
    'a proxy in between',
    new TypeError('undefined is no object'),
    { kind: 'unavailable', message: 'undefined is no object' },
  ],
  ['something thrown', 'text', { kind: 'unavailable', message: 'text' }],
] as const) {
  test(name, () => assert.equal(troubleOf(error, nowMs), expected));
}

test('the deadline', () => {
  assert.is(troubleOf(new DOMException('aborted', 'AbortError'), nowMs).kind, 'aborted');
});

test.run();
