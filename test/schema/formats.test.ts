import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addFormats } from '../../schema/formats.ts';

const ajv = new Ajv2020({ strict: true });
addFormats(ajv);

const rows: readonly (readonly [format: string, good: readonly string[], bad: readonly string[]])[] = [
  ['ipv4', ['10.0.0.1', '255.255.255.255'], ['10.0.0.01', '10.0.0.1/8', '::1', '']],
  ['cidr4', ['10.0.0.0/8', '10.0.0.1/32'], ['10.0.0.1/8', '10.0.0.0', '10.0.0.0/33', '']],
  [
    'date-time',
    ['2026-11-22T15:00:00Z', '2026-11-22T15:00:00.123456Z', '2026-11-22T15:00:00+09:00', '2024-02-29T00:00:00-00:30'],
    ['2026-11-22', '2026-11-22T15:00:00', '2026-11-22 15:00:00Z', '2026-13-01T00:00:00Z', '2026-11-22T25:00:00Z', ''],
  ],
];

for (const [format, good, bad] of rows) {
  const validate = ajv.compile({ type: 'string', format });
  test(format, () => {
    assert.equal(
      [...good, ...bad].filter((text) => validate(text)),
      good,
    );
  });
}

test.run();
