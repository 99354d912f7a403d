// The schemas of the site repo are JSON Schemas (2020-12): the program itself does not look when it starts.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { schemas } from '../../schema/document-kinds.ts';

const ajv = new Ajv2020({ strict: true });

for (const [kind, schema] of Object.entries(schemas)) {
  test(`${kind}.schema.json is a schema`, async () => {
    assert.ok(await ajv.validateSchema(schema), ajv.errorsText());
  });
}

test('what is no schema is found', () => {
  assert.throws(() => ajv.validateSchema({ type: 'strin' }, true), /schema is invalid/);
});

test.run();
