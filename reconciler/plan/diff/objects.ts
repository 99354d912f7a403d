// The Kubernetes objects of two blueprints: which come, go and change, as YAML without secrets.
import { stringify } from 'yaml';
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { canonicalJson } from '../../../schema/canonical.ts';
import { resourceName } from '../../../schema/resource-name.ts';
import type { ResourceContent } from '../../../schema/types/resource-object.ts';
import { redactTogether } from '../secrets/redact.ts';
import { redactObject } from '../secrets/redact-object.ts';
import { diffLines } from './text.ts';

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
  const names = [...new Set([...now.keys(), ...old.keys()])];
  const differing = names.filter((name) => jsonOf(old.get(name)) !== jsonOf(now.get(name)));
  // All at once: what one of them says is a secret may stand in another.
  const found = new Set<string>();
  const texts = differing.flatMap((name) => [yamlOf(old.get(name), found), yamlOf(now.get(name), found)]);
  const safe = redactTogether(texts, found);
  return differing.map((name, index) => {
    const [from, to] = [old.get(name), now.get(name)];
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    const takesOthers = kindsThatTakeOthers.has((to ?? from)?.kind ?? '');
    return { name, change, takesOthers, lines: diffLines(safe[2 * index] ?? null, safe[2 * index + 1] ?? null) };
  });
}

function objectsOf(blueprint: Blueprint | null): ReadonlyMap<string, ResourceContent> {
  return new Map((blueprint?.kubernetes?.resources ?? []).map(({ object }) => [resourceName(object), object]));
}

function jsonOf(object: ResourceContent | undefined): string | null {
  return object === undefined ? null : canonicalJson(object);
}

function yamlOf(object: ResourceContent | undefined, found: Set<string>): string | null {
  return object === undefined ? null : stringify(redactObject(object, found), { lineWidth: 0 });
}
