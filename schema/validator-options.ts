// How Ajv makes the validators of documents, at run time and when the program is built.
import type { Options } from 'ajv/dist/2020.js';

export const validatorOptions = {
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  verbose: true,
  // That they are schemas is for a test to say, not for each run.
  meta: false,
  validateSchema: false,
} as const satisfies Options;
