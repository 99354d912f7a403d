import { formatPlace, type Place } from '../../diagnostic.ts';
import { argumentName, mayRepeat } from '../../kernel-arguments.ts';
import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import { type Layer, layersOf } from '../../settings.ts';
import type { Finding, Rule } from '../rule.ts';

/** An argument as a layer says it. */
interface Said {
  readonly layer: Layer;
  readonly index: number;
  readonly argument: string;
}

/** By name, in a layer and those below it; the last one counts. */
type SaidByName = ReadonlyMap<string, Said>;

/**
 * Arguments of all layers are put one after the other, and none takes another's place. Of one that stands there twice,
 * mostly the last one counts, but that is for each program to say that reads it.
 */
export const singleArguments: Rule = {
  id: 'BERTH-410',
  title: 'a machine gets each kernel argument with one value',
  severity: 'warning',
  *check(site) {
    const defaults = layerOf(layersOf(site, '').at(-1), new Map());
    yield* defaults.findings;
    const roles = new Map<string, SaidByName>();
    for (const name of site.roles.keys()) {
      const { said, findings } = layerOf(layersOf(site, name)[0], defaults.said);
      roles.set(name, said);
      yield* findings;
    }
    yield* machineFindings(site, roles);
  },
};

function* machineFindings(site: Site, roles: ReadonlyMap<string, SaidByName>): Generator<Finding> {
  for (const declared of declaredMachines(site)) {
    const { role, arguments: own } = declared.machine;
    if (own === undefined) continue;
    yield* layerOf(layersOf(site, role, declared)[0], roles.get(role) ?? new Map()).findings;
  }
}

/** What a layer adds to those below it, and what of that stands there already with another value. */
function layerOf(layer: Layer | undefined, below: SaidByName): { said: SaidByName; findings: readonly Finding[] } {
  const said = new Map(below);
  const findings: Finding[] = [];
  for (const [index, argument] of (layer?.settings.arguments ?? []).entries()) {
    if (!layer || mayRepeat(argument)) continue;
    const name = argumentName(argument);
    const other = said.get(name);
    if (other && other.argument !== argument) {
      findings.push({
        place: placeOf({ layer, index, argument }),
        message: `${argument} does not take the place of ${other.argument} at ${formatPlace(placeOf(other))}: a machine gets both`,
        hint: 'say it in one place; what differs from role to role does not belong in the defaults of site.yaml',
      });
    }
    said.set(name, { layer, index, argument });
  }
  return { said, findings };
}

function placeOf({ layer: { document, path }, index }: Said): Place {
  return document.placeOf(...path, 'arguments', index);
}
