// What a machine gets where its own lines, its role and site.yaml's defaults may each say something. One order holds
// for all of it: the machine before its role, the role before the defaults.
import type { SiteDocumentFile, ValuePath } from './document.ts';
import { isPositional } from './kernel-arguments.ts';
import type { Site } from './load.ts';
import { type DeclaredMachine, declaredMachines } from './machines.ts';

/** What may be said by site, role and machine alike. */
export interface Settings {
  readonly os?: string;
  readonly arguments?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly string[];
  readonly variables?: Readonly<Record<string, string | number | boolean>>;
}

/** A document that may say settings, and the path in it at which it does. */
export interface Layer {
  readonly document: SiteDocumentFile<unknown>;
  readonly path: ValuePath;
  readonly settings: Settings;
}

/** What holds for a machine, or for any machine of a role. */
export interface SettingsInEffect {
  /** Null where nobody says it. */
  readonly os: string | null;
  readonly arguments: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  readonly variables: Readonly<Record<string, string | number | boolean>>;
}

/** Whether a document says anything itself. */
export function saysSettings({ os, arguments: list, labels, taints, variables }: Settings): boolean {
  return [os, list, labels, taints, variables].some((value) => value !== undefined);
}

/** Who may say a setting, the most specific first. @param role name of a role; one that is not declared says nothing */
export function layersOf(
  site: Site,
  role: string,
  declared: Pick<DeclaredMachine, 'rack' | 'index' | 'machine'> | null = null,
): readonly Layer[] {
  const layers: Layer[] = [];
  if (declared) {
    const { rack, index, machine } = declared;
    layers.push({ document: rack, path: ['machines', index], settings: machine });
  }
  const document = site.roles.get(role);
  if (document) layers.push({ document, path: [], settings: document.value });
  layers.push({ document: site.site, path: ['defaults'], settings: site.site.value.defaults ?? {} });
  return layers;
}

/** Every layer of a site that says anything, once: the defaults, then roles, then machines. */
export function* everyLayer(site: Site): Generator<Layer> {
  const { defaults } = site.site.value;
  if (defaults) yield { document: site.site, path: ['defaults'], settings: defaults };
  for (const document of site.roles.values()) yield { document, path: [], settings: document.value };
  for (const { rack, index, machine } of declaredMachines(site)) {
    if (saysSettings(machine)) yield { document: rack, path: ['machines', index], settings: machine };
  }
}

/**
 * Settings from layers, the most specific of which comes first. The first `os` counts. Labels and variables are merged
 * by key, taints by key and effect. Arguments of all layers stand in the order from the least to the most specific,
 * each text once, unless it depends on what stands before it.
 */
export function settingsInEffect(layers: readonly Pick<Layer, 'settings'>[]): SettingsInEffect {
  const upwards = layers.map(({ settings }) => settings).reverse();
  const taints = new Map<string, string>();
  for (const taint of upwards.flatMap((settings) => settings.taints ?? [])) taints.set(taintKey(taint), taint);
  return {
    os: layers.find(({ settings }) => settings.os !== undefined)?.settings.os ?? null,
    arguments: onceEach(upwards.flatMap((settings) => settings.arguments ?? [])),
    labels: Object.assign({}, ...upwards.map(({ labels }) => labels)),
    taints: [...taints.values()],
    variables: Object.assign({}, ...upwards.map(({ variables }) => variables)),
  };
}

function onceEach(all: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return all.filter((argument) => {
    if (isPositional(argument)) return true;
    const isNew = !seen.has(argument);
    seen.add(argument);
    return isNew;
  });
}

/** What a taint is told apart by in Kubernetes: `key:Effect`. */
export function taintKey(taint: string): string {
  const effect = taint.slice(taint.lastIndexOf(':'));
  return taint.replace(/[=:].*$/, '') + effect;
}
