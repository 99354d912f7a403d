// The validators of documents as code, for the built program: to compile them takes it longer than to read a site.
import { _, Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { schemas } from './document-kinds.ts';
import { addFormats } from './formats.ts';
import { validatorOptions } from './validator-options.ts';

/**
 * A module with the exports of validators.ts that stands beside it. It is for a bundler: what it takes from Ajv's run
 * time it asks for by `require`.
 */
export function validatorsCode(): string {
  const ajv = new Ajv2020({ ...validatorOptions, code: { source: true, esm: true, formats: _`formats` } });
  addFormats(ajv);
  const ids: Record<string, string> = {};
  for (const [kind, schema] of Object.entries(schemas)) {
    ajv.addSchema(schema);
    ids[kind] = schema.$id;
  }
  return `import { formats } from './formats.ts';
export function validatorOf(kind) {
  return { ${Object.keys(ids).join(', ')} }[kind];
}
${standaloneCode(ajv, ids)}`;
}
