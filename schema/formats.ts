// The string formats that the schemas use, for Ajv.
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { parseIpv4, parseNetwork } from './ipv4.ts';

/** Adds `ipv4`, `cidr4` (host bits zero) and `date-time` (RFC 3339, UTC or with an offset) to a validator. */
export function addFormats(ajv: Ajv2020): void {
  ajv.addFormat('ipv4', (text) => parseIpv4(text) !== null);
  ajv.addFormat('cidr4', (text) => parseNetwork(text) !== null);
  ajv.addFormat(
    'date-time',
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  );
}
