// The schemas of the site repo are JSON Schemas (2020-12): the program itself does not look when it starts.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { schemas } from '../../schema/document-kinds.ts';
import { addFormats } from '../../schema/formats.ts';

const ajv = new Ajv2020({ strict: true });
/** For parts of schemas, which refer to others. */
const formats = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats(formats);

for (const [kind, schema] of Object.entries(schemas)) {
  test(`${kind}.schema.json is a schema`, async () => {
    assert.ok(await ajv.validateSchema(schema), ajv.errorsText());
  });
}

/** A schema as far as these tests look into it. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Every property at any depth, with what it refers to filled in. */
function* propertiesOf(top: Schema, schema: Schema, path: string): Generator<readonly [string, Schema]> {
  const whole = resolved(top, schema);
  for (const [name, property] of Object.entries(whole.properties ?? {})) {
    yield [`${path}.${name}`, resolved(top, property)];
    yield* propertiesOf(top, property, `${path}.${name}`);
  }
  if (whole.items) yield* propertiesOf(top, whole.items, `${path}[]`);
  const { additionalProperties } = whole;
  if (typeof additionalProperties === 'object') yield* propertiesOf(top, additionalProperties, `${path}.*`);
}

function resolved(top: Schema, schema: Schema): Schema {
  const { $ref } = schema;
  return $ref === undefined ? schema : { ...top.$defs?.[$ref.replace('#/$defs/', '')], ...schema };
}

/** Whether a reader sees what a value looks like. */
function isShown(top: Schema, schema: Schema): boolean {
  const { examples, type, properties, items, additionalProperties } = schema;
  if (examples || 'default' in schema || 'const' in schema || 'enum' in schema || type === 'boolean') return true;
  const inner = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  return properties !== undefined || (inner !== undefined && isShown(top, resolved(top, inner)));
}

for (const [kind, schema] of Object.entries(schemas) as readonly (readonly [string, Schema])[]) {
  test(`${kind}: every property has a title, a description, and an example where it is no choice`, () => {
    const lacking = [...propertiesOf(schema, schema, '')].filter(
      ([, property]) => !property.title || !property.description || !isShown(schema, property),
    );
    assert.equal(
      lacking.map(([path]) => path),
      [],
    );
  });

  test(`${kind}: examples and defaults are what the schema allows`, () => {
    for (const [path, property] of propertiesOf(schema, schema, '')) {
      const { examples = [], ...rest } = property;
      const check = formats.compile({ ...rest, $defs: schema.$defs });
      const values = 'default' in property ? [...examples, property.default] : examples;
      for (const value of values) assert.ok(check(value), `${path}: ${JSON.stringify(value)}`);
    }
  });
}

test('what is no schema is found', () => {
  assert.throws(() => ajv.validateSchema({ type: 'strin' }, true), /schema is invalid/);
});

test.run();
