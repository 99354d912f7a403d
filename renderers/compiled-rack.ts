// A rack of the blueprint with its machines, as it is kept from one compilation to the next.
import type { Digest } from '../schema/canonical.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { RackObject } from '../schema/types/rack-object.ts';

/** Racks that were compiled before and had no findings. */
export interface RackCache {
  /** @param key a digest over everything that the rack is compiled from */
  getRack(key: Digest): CompiledRack | null;
  setRack(key: Digest, rack: CompiledRack): void;
}

/** An object of the blueprint: its digest, and its canonical JSON. */
export type WrittenObject = readonly [Digest, string];

export class CompiledRack {
  readonly objects: readonly WrittenObject[];
  #rack: RackObject | null = null;
  #machines: readonly MachineObject[] | null = null;

  /** @param objects those of the machines in the order of their slots, then that of the rack */
  constructor(objects: readonly WrittenObject[]) {
    this.objects = objects;
  }

  /** From what {@link text} gives. */
  static read(text: string): CompiledRack {
    return new CompiledRack(text.split('\n').map((line) => [line.slice(0, 64), line.slice(65)]));
  }

  /** A line for each object: canonical JSON has no line breaks. */
  text(): string {
    return this.objects.map(([digest, json]) => `${digest} ${json}`).join('\n');
  }

  get digest(): Digest {
    return this.#last[0];
  }

  get rack(): RackObject {
    this.#rack ??= JSON.parse(this.#last[1]) as RackObject;
    return this.#rack;
  }

  /** In the order of their slots. They are read when they are first asked for. */
  get machines(): readonly MachineObject[] {
    this.#machines ??= this.objects.slice(0, -1).map(([, json]) => JSON.parse(json) as MachineObject);
    return this.#machines;
  }

  get #last(): WrittenObject {
    const last = this.objects.at(-1);
    if (!last) throw new RangeError('a rack without its own object');
    return last;
  }
}
