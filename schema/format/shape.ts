// What the JSON Schema of a document says about its layout: the order of keys.
import { type DocumentKinds, schemas } from '../document-kinds.ts';

/** A value of a document, as far as its layout is concerned. */
export interface Shape {
  /** Keys of a map in their order; all others come after them, as they are written. */
  readonly keys: readonly string[];
  /** Whether a list is a table: each of its members on one line, where it fits. */
  readonly table: boolean;
  member(key: string): Shape;
  item(): Shape;
}

/** Lists that are read as tables, by the keys that lead to them. */
const tables: readonly string[] = ['rack.tors', 'rack.machines', 'site.bootServers'];

export function shapeOf(kind: keyof DocumentKinds): Shape {
  if (kind === 'resource') return resource;
  const schema = schemas[kind] as JsonSchema;
  return new SchemaShape(schema, [schema], kind);
}

const nothingKnown: Shape = { keys: [], table: false, member: () => nothingKnown, item: () => nothingKnown };
/** Kubernetes has its own order for how an object begins, and none for the rest. */
const resource: Shape = { ...nothingKnown, keys: ['apiVersion', 'kind', 'metadata', 'spec'] };

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

class SchemaShape implements Shape {
  readonly keys: readonly string[];
  readonly table: boolean;
  private readonly schemas: readonly JsonSchema[];

  constructor(
    private readonly root: JsonSchema,
    schemas: readonly JsonSchema[],
    /** Keys that lead here from the kind on; null below lists and names. */
    private readonly way: string | null,
  ) {
    this.schemas = schemas.flatMap((schema) => this.parts(schema));
    this.keys = [...new Set(this.schemas.flatMap(({ properties }) => Object.keys(properties ?? {})))];
    this.table = way !== null && tables.includes(way);
  }

  member(key: string): Shape {
    const named = this.schemas.flatMap(({ properties, additionalProperties: others }) => {
      if (properties && Object.hasOwn(properties, key)) return properties[key] ?? [];
      return typeof others === 'object' ? others : [];
    });
    return new SchemaShape(this.root, named, this.way === null ? null : `${this.way}.${key}`);
  }

  item(): Shape {
    return new SchemaShape(
      this.root,
      this.schemas.flatMap(({ items }) => items ?? []),
      null,
    );
  }

  /** A schema and all that it refers to or is put together from. */
  private parts(schema: JsonSchema): readonly JsonSchema[] {
    const { $ref, allOf = [], anyOf = [], oneOf = [] } = schema;
    const meant = $ref?.startsWith('#/$defs/') ? this.root.$defs?.[$ref.slice('#/$defs/'.length)] : undefined;
    const others = [...(meant ? [meant] : []), ...allOf, ...anyOf, ...oneOf];
    return [schema, ...others.flatMap((other) => this.parts(other))];
  }
}
