// One document against its JSON Schema; what Ajv finds, said for the engineer who has the file open.
import { isIP } from 'node:net';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic } from './diagnostic.ts';
import { maxFindingsPerFile, type SiteDocumentFile, type ValuePath, withValue } from './document.ts';
import type { DocumentKinds } from './document-kinds.ts';
import { suggest } from './suggest.ts';
import { validatorOf } from './validators.ts';

export type ValidationResult<K extends keyof DocumentKinds> =
  | { readonly document: SiteDocumentFile<DocumentKinds[K]>; readonly diagnostics: readonly [] }
  | { readonly document: null; readonly diagnostics: readonly Diagnostic[] };

/** Check a document against the schema of its kind. */
export function validateDocument<K extends keyof DocumentKinds>(
  kind: K,
  document: SiteDocumentFile<unknown>,
): ValidationResult<K> {
  const validator = validatorOf(kind);
  if (validator(document.value)) {
    return { document: withValue(document, document.value as DocumentKinds[K]), diagnostics: [] };
  }
  const errors = (validator.errors ?? []).slice(0, maxFindingsPerFile);
  return { document: null, diagnostics: errors.flatMap((error) => diagnose(document, error)) };
}

function diagnose(document: SiteDocumentFile<unknown>, error: ErrorObject): Diagnostic[] {
  const path = pathOf(document.value, error.instancePath);
  const name = path.length === 0 ? 'the document' : path.map(String).join('.');
  const common = { severity: 'error', place: document.placeOf(...path) } as const;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      const meant = suggest(key, known);
      const hint = meant === null ? `known keys: ${known.join(', ')}` : `did you mean ${meant}?`;
      const place = document.placeOfKey(...path, key);
      return [{ ...common, rule: 'BERTH-005', place, message: `unknown key ${key} in ${name}`, hint }];
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      const description = describe((error.parentSchema?.properties as Record<string, unknown> | undefined)?.[key]);
      return [{ ...common, rule: 'BERTH-006', message: `${name} lacks the key ${key}`, ...description }];
    }
    case 'type': {
      const expected = ([] as string[]).concat(error.params.type as string | string[]).join(' or ');
      const quotable = typeof error.data === 'number' || typeof error.data === 'boolean';
      const hint = quotable && expected.includes('string') ? { hint: 'put the value into quotes' } : {};
      const message = `${name} is ${show(error.data)}, not of type ${expected}`;
      return [{ ...common, rule: 'BERTH-007', message, ...hint }];
    }
    case 'propertyNames':
      return []; // The pattern that the name fails is reported by an error of its own.
    default: {
      if (error.keyword === 'format' && typeof error.data === 'string' && isIpv6(error.data)) {
        const message = `${name} is ${show(error.data)}, which is IPv6: the address plan is of IPv4`;
        return [{ ...common, rule: 'BERTH-012', message, ...describe(error.parentSchema) }];
      }
      const key = error.propertyName;
      if (key !== undefined) {
        const place = document.placeOfKey(...path, key);
        return [{ ...common, rule: 'BERTH-008', place, message: `the name ${key} in ${name}: ${explain(error)}` }];
      }
      if (typeof error.data === 'string' && privateKey.test(error.data)) {
        const message = `${name} is a private key: ${explain(error)}`;
        const hint = 'put the public key there; if the file was ever pushed, make another key: this one is known';
        return [{ ...common, rule: 'BERTH-008', message, hint, isSecret: true }];
      }
      const message = `${name} is ${show(error.data)}: ${explain(error)}`;
      return [{ ...common, rule: 'BERTH-008', message, ...describe(error.parentSchema) }];
    }
  }
}

/** Put where a public key belongs, as happens. No message shows it again. */
const privateKey = /AGE-SECRET-KEY-|PRIVATE KEY-----/i;

/** An address or a network. */
function isIpv6(text: string): boolean {
  return isIP(text.replace(/\/\d+$/, '')) === 6;
}

function explain(error: ErrorObject): string {
  switch (error.keyword) {
    case 'enum':
      return `it must be one of ${(error.params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `it must be ${JSON.stringify(error.params.allowedValue)}`;
    case 'format':
      return error.params.format === 'cidr4'
        ? 'it must be an IPv4 network such as 10.0.0.0/8, its host bits zero'
        : 'it must be an IPv4 address such as 10.0.0.1';
    default:
      return `it ${error.message ?? 'is not allowed'}`;
  }
}

function describe(schema: unknown): { hint?: string } {
  const description = (schema as { description?: unknown } | undefined)?.description;
  return typeof description === 'string' ? { hint: description } : {};
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A JSON pointer (RFC 6901) as a path; digits index lists and name keys of maps. */
function pathOf(value: unknown, pointer: string): ValuePath {
  const path: (string | number)[] = [];
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = Array.isArray(current) ? Number(step) : step;
    path.push(key);
    current = (current as Record<string | number, unknown>)[key];
  }
  return path;
}
