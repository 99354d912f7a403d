// The validator of each kind of document, compiled by Ajv when it is first asked for. The built program has their code
// instead, with the same exports and without Ajv's compiler: see validators-code.ts.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type DocumentKinds, schemas } from './document-kinds.ts';
import { addFormats } from './formats.ts';
import { validatorOptions } from './validator-options.ts';

const ajv = new Ajv2020({
  ...validatorOptions,
  // To optimise the validators takes longer than it saves, even with ten thousand machines.
  code: { optimize: false },
});
addFormats(ajv);
const validators = new Map<keyof DocumentKinds, ValidateFunction>();

export function validatorOf(kind: keyof DocumentKinds): ValidateFunction {
  let validator = validators.get(kind);
  if (!validator) {
    validator = ajv.compile(schemas[kind]);
    validators.set(kind, validator);
  }
  return validator;
}
