// The pieces of a blueprint as they are stored: canonical JSON under its own digest.
import { type Digest, sha256 } from '../canonical.ts';
import type { ClusterObject } from '../types/cluster-object.ts';
import type { IgnitionSource } from '../types/ignition-object.ts';
import type { MachineObject } from '../types/machine-object.ts';
import type { RackObject } from '../types/rack-object.ts';
import type { ReleasesObject } from '../types/releases-object.ts';
import type { ResourceObject } from '../types/resource-object.ts';
import type { SiteObject } from '../types/site-object.ts';
import clusterSchema from './cluster-object.schema.json' with { type: 'json' };
import ignitionSchema from './ignition-object.schema.json' with { type: 'json' };
import machineSchema from './machine-object.schema.json' with { type: 'json' };
import rackSchema from './rack-object.schema.json' with { type: 'json' };
import releasesSchema from './releases-object.schema.json' with { type: 'json' };
import resourceSchema from './resource-object.schema.json' with { type: 'json' };
import { jsonText, parseJson, type Shape, shapeOf } from './shape.ts';
import siteSchema from './site-object.schema.json' with { type: 'json' };
import { StateError } from './state-error.ts';

/** Any piece of a blueprint; `kind` says which. */
export type BlueprintObject =
  | SiteObject
  | RackObject
  | MachineObject
  | ReleasesObject
  | IgnitionSource
  | ClusterObject
  | ResourceObject;

const shapes: { readonly [K in BlueprintObject['kind']]: Shape<Extract<BlueprintObject, { kind: K }>> } = {
  site: shapeOf(siteSchema),
  rack: shapeOf(rackSchema),
  machine: shapeOf(machineSchema),
  releases: shapeOf(releasesSchema),
  ignition: shapeOf(ignitionSchema),
  cluster: shapeOf(clusterSchema),
  resource: shapeOf(resourceSchema),
};

export interface EncodedObject {
  readonly digest: Digest;
  readonly text: string;
}

/** @throws {StateError} STATE_INVALID */
export function encodeObject(object: BlueprintObject): EncodedObject {
  const where = 'the object to be stored';
  const text = jsonText(checked(object, where), where);
  return { digest: sha256(text), text };
}

/**
 * Read an object that was asked for by digest.
 * @throws {StateError} STATE_INVALID, also when the text is not the one that has this digest
 */
export function decodeObject(digest: Digest, text: string): BlueprintObject {
  const where = `object ${digest}`;
  const found = sha256(text);
  if (found !== digest) throw new StateError('STATE_INVALID', `${where} is damaged: its text has the digest ${found}`);
  return checked(parseJson(text, where), where);
}

function checked(value: unknown, where: string): BlueprintObject {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) {
    throw new StateError('STATE_INVALID', `${where} is of the unknown kind ${JSON.stringify(kind)}`);
  }
  return shapes[kind as BlueprintObject['kind']](value, where);
}
