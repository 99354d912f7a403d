// GitHub's published OpenAPI description, as a judge over requests: path, method, parameters and body must be such as
// it describes, and hold nothing that it does not know.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

/** Of github.com, and of the oldest Enterprise Server that the package describes. */
export type Edition = 'api.github.com' | 'ghes-3.17';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

interface OperationObject {
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

interface DescriptionObject {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
}

export interface Asked {
  readonly method: string;
  /** Without the prefix of an Enterprise Server. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined without one. */
  readonly body: unknown;
}

/** An operation that a request asks for, and what is wrong with the request. */
export interface Judgement {
  /** `GET /repos/{owner}/{repo}/check-runs`; null when there is no such operation. */
  readonly operation: string | null;
  readonly complaints: string[];
}

const require = createRequire(import.meta.url);

/** Reading one takes a tenth of a second, so each is read once. */
const descriptions = new Map<Edition, OpenApi>();

export function openApi(edition: Edition): OpenApi {
  const description = descriptions.get(edition) ?? new OpenApi(edition);
  descriptions.set(edition, description);
  return description;
}

export class OpenApi {
  readonly #description: DescriptionObject;
  readonly #bodies = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #texts = new Ajv({ strict: false, coerceTypes: true, validateFormats: false });
  readonly #operations = new Map<string, Operation>();

  constructor(edition: Edition) {
    const folder = require.resolve('@octokit/openapi/package.json').replace(/package\.json$/, 'generated');
    this.#description = JSON.parse(readFileSync(`${folder}/${edition}.json`, 'utf8'));
  }

  judge({ method, path, query, body }: Asked): Judgement {
    for (const [template, operations] of Object.entries(this.#description.paths)) {
      if (!operations[method.toLowerCase()]) continue;
      const values = match(template, path);
      if (!values) continue;
      const complaints = this.#operation(method, template).complaints(values, query, body);
      return { operation: `${method} ${template}`, complaints };
    }
    return { operation: null, complaints: [`${method} ${path}: there is no such operation`] };
  }

  /** What the description shows as an answer to an operation. */
  example(operation: string, status: number): Json {
    const [method = '', template = ''] = operation.split(' ');
    const answer = this.#description.paths[template]?.[method.toLowerCase()]?.responses[status];
    const content = (this.resolve(answer) as { content: Record<string, { examples: Json }> }).content;
    const [example] = Object.values(content['application/json']?.examples ?? {});
    const { value } = this.resolve(example) as { value: Json | readonly Json[] };
    const one = Array.isArray(value) ? value[0] : value;
    return structuredClone(one);
  }

  /** A value of the description with each `$ref` replaced by what it refers to. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref } = value as { $ref?: unknown };
    if (typeof $ref === 'string') {
      const steps = $ref.slice('#/'.length).split('/');
      const target = steps.reduce<unknown>((node, step) => (node as Json)[step], this.#description);
      return this.resolve(target);
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.resolve(member)]));
  }

  #operation(method: string, template: string): Operation {
    const key = `${method} ${template}`;
    let operation = this.#operations.get(key);
    if (!operation) {
      const object = this.#description.paths[template]?.[method.toLowerCase()];
      const parameters = (this.resolve(object?.parameters ?? []) as Parameter[]).map((parameter) => ({
        ...parameter,
        validate: this.#texts.compile({ type: 'object', properties: { value: parameter.schema } }),
      }));
      const { requestBody } = object ?? {};
      const body = requestBody && (this.resolve(requestBody) as { content: Record<string, { schema: Json }> });
      const schema = body?.content['application/json']?.schema;
      const validate = schema && this.#bodies.compile(closed(schema) as Json);
      operation = new Operation(key, parameters, validate ?? null);
      this.#operations.set(key, operation);
    }
    return operation;
  }
}

class Operation {
  constructor(
    private readonly key: string,
    private readonly parameters: readonly (Parameter & { readonly validate: ValidateFunction })[],
    private readonly body: ValidateFunction | null,
  ) {}

  complaints(path: ReadonlyMap<string, string>, query: URLSearchParams, body: unknown): string[] {
    const complaints: string[] = [];
    for (const { name, in: place, required, validate } of this.parameters) {
      const value = place === 'path' ? path.get(name) : query.get(name);
      if (value === undefined || value === null) {
        if (required) complaints.push(`${name} is missing`);
      } else if (!validate({ value })) complaints.push(`${name}=${value}: ${validate.errors?.[0]?.message}`);
    }
    const known = new Set(this.parameters.filter((one) => one.in === 'query').map(({ name }) => name));
    for (const name of query.keys()) if (!known.has(name)) complaints.push(`${name} is no parameter`);
    if (!this.body && body !== undefined) complaints.push('there is a body');
    if (this.body && !this.body(body)) {
      for (const { instancePath, message, params } of this.body.errors ?? []) {
        complaints.push(`body${instancePath} ${message} ${JSON.stringify(params)}`);
      }
    }
    return complaints.map((complaint) => `${this.key}: ${complaint}`);
  }
}

/** The values of a template's parameters in a path; null when it is of another shape. */
function match(template: string, path: string): Map<string, string> | null {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return null;
  const values = new Map<string, string>();
  for (const [index, step] of expected.entries()) {
    const value = decodeURIComponent(actual[index] ?? '');
    if (step.startsWith('{')) values.set(step.slice(1, -1), value);
    else if (step !== value) return null;
  }
  return values;
}

/** The schema, with every object closed that lists its members and does not say that it has more. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([key, value]) => [
    key,
    key === 'properties' ? each(value) : closed(value),
  ]);
  const open = 'properties' in schema && !('additionalProperties' in schema);
  return { ...Object.fromEntries(members), ...(open ? { additionalProperties: false } : {}) };
}

function each(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, closed(schema)]));
}
