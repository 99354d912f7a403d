// A JSON Schema as a function that lets through only what has its shape.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonicalJson } from '../canonical.ts';
import { addFormats } from '../formats.ts';
import { StateError } from './state-error.ts';

/**
 * Checks plain data. `where` names the value in the message, by its key for instance.
 * @throws {StateError} STATE_INVALID, saying all that is wrong
 */
export type Shape<T> = (value: unknown, where: string) => T;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);

/** The shape that a schema describes. It is compiled at first use: most commands need few of the schemas. */
export function shapeOf<T>(schema: { readonly title: string }): Shape<T> {
  let validate: ValidateFunction<T> | undefined;
  return (value, where) => {
    validate ??= ajv.compile<T>(schema);
    if (validate(value)) return value;
    const faults = (validate.errors ?? []).map(describe).join('; ');
    throw new StateError('STATE_INVALID', `${where} is no ${schema.title}: ${faults}`);
  };
}

/**
 * The text to store for a value that has been checked: canonical JSON.
 * @throws {StateError} STATE_INVALID for a number that has no canonical form, which a schema cannot tell
 */
export function jsonText(value: unknown, where: string): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw new StateError('STATE_INVALID', `${where}: ${(error as TypeError).message}`, { cause: error });
  }
}

/** @throws {StateError} STATE_INVALID when the text is no JSON */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StateError('STATE_INVALID', `${where} is no JSON: ${(error as SyntaxError).message}`, { cause: error });
  }
}

function describe(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'it' : error.instancePath;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${place} has the unknown member ${error.params.additionalProperty}`;
    case 'enum':
      return `${place} must be one of ${error.params.allowedValues.join(', ')}`;
    case 'const':
      return `${place} must be ${JSON.stringify(error.params.allowedValue)}`;
    default:
      return `${place} ${error.message}`;
  }
}
