// The Kubernetes objects of two blueprints: which come, go and change, as YAML without secrets.
import { stringify } from 'yaml';
import type { Blueprint } from '../../renderers/blueprint.ts';
import { canonicalJson } from '../../schema/canonical.ts';
import { resourceName } from '../../schema/resource-name.ts';
import type { ResourceContent } from '../../schema/types/resource-object.ts';
import { diffLines } from './diff-text.ts';
import { redact, redactObject } from './redact.ts';

export interface ObjectDiff {
  /** `Deployment.apps/kube-system/coredns` */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Whether other objects, or data, go with an object of that kind when it goes. */
  readonly takesOthers: boolean;
  /** Hunks of a unified diff of its YAML, without its two lines of heading. */
  readonly lines: readonly string[];
}

const kindsThatTakeOthers: ReadonlySet<string> = new Set([
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
]);

/** In the order in which they are applied; those that go come last. @param before null before the first generation */
export function diffObjects(before: Blueprint | null, after: Blueprint): readonly ObjectDiff[] {
  const old = objectsOf(before);
  const now = objectsOf(after);
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from && to && canonicalJson(from) === canonicalJson(to)) return [];
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    const takesOthers = kindsThatTakeOthers.has((to ?? from)?.kind ?? '');
    return [{ name, change, takesOthers, lines: diffLines(yamlOf(from), yamlOf(to)) } as const];
  });
}

function objectsOf(blueprint: Blueprint | null): ReadonlyMap<string, ResourceContent> {
  return new Map((blueprint?.kubernetes?.resources ?? []).map(({ object }) => [resourceName(object), object]));
}

function yamlOf(object: ResourceContent | undefined): string | null {
  return object === undefined ? null : redact(stringify(redactObject(object), { lineWidth: 0 }));
}
