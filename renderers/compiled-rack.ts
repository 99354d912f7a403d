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
  /**
   * What the Ignition of racks came to, by their names: kept for all at once, since it is little.
   * @param key a digest over what it is rendered from and racks have in common
   */
  getIgnition(key: Digest): ReadonlyMap<string, RackIgnition> | null;
  setIgnition(key: Digest, racks: ReadonlyMap<string, RackIgnition>): void;
}

/** The Ignition of a rack's machines, which depends on less than the rack does. */
export interface RackIgnition {
  /** A digest over what it was rendered from and the rack has for itself. */
  readonly key: Digest;
  /** Of the rendered Ignition, machine by machine in the order of their slots. */
  readonly digests: readonly Digest[];
}

/**
 * Kept as a text with a line for each object, digest and canonical JSON: those of the machines in the order of their
 * slots, then that of the rack. Machines are read when they are first asked for.
 */
export class CompiledRack {
  readonly text: string;
  readonly digest: Digest;
  readonly rack: RackObject;
  #machines: readonly MachineObject[] | null;

  /** @param machines as reading the text gives them, members in the same order; null where it is to be read */
  constructor(text: string, machines: readonly MachineObject[] | null = null) {
    const [digest, json] = readLine(text.slice(text.lastIndexOf('\n') + 1));
    this.text = text;
    this.digest = digest;
    this.rack = JSON.parse(json) as RackObject;
    this.#machines = machines;
  }

  static of(objects: readonly WrittenObject[], machines: readonly MachineObject[] | null): CompiledRack {
    return new CompiledRack(objects.map(([digest, json]) => `${digest} ${json}`).join('\n'), machines);
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
