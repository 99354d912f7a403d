// The string formats that the schemas use, for Ajv.
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { parseIpv4, parseNetwork } from './ipv4.ts';

/** `ipv4`, `cidr4` (host bits zero) and `date-time` (RFC 3339, UTC or with an offset). */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  ipv4: (text) => parseIpv4(text) !== null,
  cidr4: (text) => parseNetwork(text) !== null,
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
};

/** Adds all of them to a validator. */
export function addFormats(ajv: Ajv2020): void {
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
}
