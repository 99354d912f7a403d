// All racks of a site, with what is known of them from earlier compilations.
import type { SiteDocumentFile } from '../schema/document.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { RackDocument } from '../schema/types/rack.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { WrittenObject } from './blueprint.ts';
import type { CompiledRack, RackCache, RackIgnition } from './compiled-rack.ts';
import { type RackCompiler, type RackRole, rolesOf } from './rack.ts';

export interface RacksRequest {
  readonly racks: readonly (readonly [name: string, document: SiteDocumentFile<RackDocument>])[];
  readonly roles: ReadonlyMap<string, RackRole>;
  readonly compiler: RackCompiler;
  readonly cache: RackCache | null;
  /** Takes in an object as it becomes part of the blueprint. */
  write(object: MachineObject | RackObject, document: SiteDocumentFile<RackDocument>): WrittenObject;
  /** How many findings taking them in has made. */
  findingCount(): number;
}

/** Fewer racks than this are rendered faster than what is known of the Ignition of all is read. */
const racksWorthKnowing = 4;

/** Only a rack without any finding is kept, and only for one whose roles have none is the cache asked. */
export function compileRacks(request: RacksRequest): readonly (readonly [name: string, rack: CompiledRack])[] {
  const { racks, roles, compiler, cache, write, findingCount } = request;
  const isSound = ({ value }: SiteDocumentFile<RackDocument>): boolean =>
    [...rolesOf(value)].every((role) => (roles.get(role)?.ignition.findingCount ?? 0) === 0);
  if (!cache) return racks.map(([name, document]) => [name, compileAnew(name, document).rack] as const);

  const asked = racks.map(([name, document]) => {
    const key = isSound(document) ? compiler.keyOf(name, document.value) : null;
    return { name, document, key, found: key === null ? null : cache.getRack(key) };
  });
  const isWorthKnowing = asked.filter(({ found }) => found === null).length >= racksWorthKnowing;
  const known = isWorthKnowing ? cache.getIgnition(compiler.ignitionKey) : null;
  const rendered = new Map<string, RackIgnition>();
  const compiled = asked.map(({ name, document, key, found }) => {
    if (found) return [name, found] as const;
    if (key === null) return [name, compileAnew(name, document).rack] as const;
    const ignitionKey = compiler.keyOfIgnition(name, document.value);
    const ignition = known?.get(name);
    const digests = ignition?.key === ignitionKey ? ignition.digests : null;
    const before = findingCount();
    const made = compileAnew(name, document, digests);
    if (isSound(document)) {
      if (!digests) rendered.set(name, { key: ignitionKey, digests: made.ignition });
      if (findingCount() === before) cache.setRack(key, made.rack);
    }
    return [name, made.rack] as const;
  });
  if (isWorthKnowing && rendered.size > 0) {
    cache.setIgnition(compiler.ignitionKey, new Map([...(known ?? []), ...rendered]));
  }
  return compiled;

  function compileAnew(
    name: string,
    document: SiteDocumentFile<RackDocument>,
    digests: RackIgnition['digests'] | null = null,
  ): ReturnType<RackCompiler['compile']> {
    return compiler.compile(name, document.value, (object) => write(object, document), digests);
  }
}
