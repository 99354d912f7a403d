// A rack of the blueprint with its machines, as it is kept from one compilation to the next.
import type { Digest } from '../schema/canonical.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { WrittenObject } from './blueprint.ts';

/** Racks that were compiled before and had no findings. */
export interface RackCache {
  /** @param key a digest over everything that the rack is compiled from */
  getRack(key: Digest): CompiledRack | null;
  setRack(key: Digest, rack: CompiledRack): void;
}

/**
 * Kept as a text with a line for each object, digest and canonical JSON: those of the machines in the order of their
 * slots, then that of the rack. Machines are read when they are first asked for.
 */
export class CompiledRack {
  readonly text: string;
  readonly digest: Digest;
  readonly rack: RackObject;
  #machines: readonly MachineObject[] | null = null;

  constructor(text: string) {
    const [digest, json] = readLine(text.slice(text.lastIndexOf('\n') + 1));
    this.text = text;
    this.digest = digest;
    this.rack = JSON.parse(json) as RackObject;
  }

  static of(objects: readonly WrittenObject[]): CompiledRack {
    return new CompiledRack(objects.map(([digest, json]) => `${digest} ${json}`).join('\n'));
  }

  get objects(): readonly WrittenObject[] {
    return this.text.split('\n').map(readLine);
  }

  /** In the order of their slots. */
  get machines(): readonly MachineObject[] {
    this.#machines ??= this.objects.slice(0, -1).map(([, json]) => JSON.parse(json) as MachineObject);
    return this.#machines;
  }
}

const digestLength = 64;

/** Canonical JSON has no line breaks. */
function readLine(line: string): WrittenObject {
  return [line.slice(0, digestLength), line.slice(digestLength + 1)];
}
