// All that is shown of a plan before it is carried out: how much it disturbs, and for each group of machines that change
// alike, what is rendered for one of them, then and now. Pure; of the size of what changes.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { canonicalJson } from '../../../schema/canonical.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { PowerAction, Reason } from '../action.ts';
import { diffObjects, type ObjectDiff } from '../diff/objects.ts';
import { diffParts, type PartDiff } from '../diff/parts.ts';
import { declared } from '../diff/site.ts';
import { groupBy } from '../group-by.ts';
import type { Observed } from '../observed.ts';
import type { Plan } from '../plan.ts';
import { machineParts } from '../rendered/machine.ts';
import { type Changed, groupAlike } from './groups.ts';
import { type Radius, radiusOf } from './radius.ts';

/** What becomes of a group of machines. */
export type Becoming = 'leaving' | 'first boot' | 'restart' | 'no restart';

/** Machines that change alike, and what changes for one of them. */
export interface ChangeGroup {
  readonly becoming: Becoming;
  readonly machines: readonly { readonly serial: string; readonly name: string }[];
  /** Of the example; empty where only what boot servers answer changes. */
  readonly reasons: readonly Reason[];
  readonly example: {
    readonly serial: string;
    readonly name: string;
    /** Null where enough examples have been rendered for groups before it. */
    readonly parts: readonly PartDiff[] | null;
  };
}

export interface Preview {
  readonly plan: Plan;
  readonly radius: Radius;
  readonly groups: readonly ChangeGroup[];
  /** Kubernetes objects that come, go or change. */
  readonly objects: readonly ObjectDiff[];
}

export interface PreviewInput {
  readonly plan: Plan;
  readonly target: Blueprint;
  /** Blueprints that machines may run, newest first; the first is in force. Empty before the first generation. */
  readonly known: readonly Blueprint[];
  readonly observed: Observed;
  /** What a restart has taken on this site; null when none is known of. */
  readonly restartSeconds: number | null;
}

interface Member extends Changed {
  readonly serial: string;
}

export function previewOf(input: PreviewInput): Preview {
  const { plan, target, known, restartSeconds } = input;
  const base = known[0] ?? null;
  const objects = diffObjects(base, target);
  const answered = base ? answeredOtherwise(base, target, plan) : [];
  const radius = radiusOf({ plan, target, base, objects, restartSeconds, answered: answered.flat() });
  const groups = [
    ...groupsOf('leaving', removed(base, target)),
    ...groupsOf('first boot', powered(plan, 'provision')),
    ...groupsOf('restart', powered(plan, 'restart')),
    ...groupsOf('no restart', plan.live),
    ...answered.flatMap((serials) => groupsOf('no restart', namedOf(target, serials))),
  ];
  return { plan, radius, groups: groups.map((group, index) => withExample(input, group, index)), objects };
}

function powered({ actions }: Plan, kind: PowerAction['kind']): readonly Member[] {
  return actions.filter((action): action is PowerAction => action.kind === kind);
}

function removed(base: Blueprint | null, target: Blueprint): readonly Member[] {
  const gone = [...(base?.machines.values() ?? [])].filter(({ serial }) => !target.machines.has(serial));
  const reasons: readonly Reason[] = [{ field: 'machine', from: declared, to: null, place: null }];
  return gone.map(({ serial, name }) => ({ serial, name, reasons }));
}

function namedOf({ machines }: Blueprint, serials: readonly string[]): readonly Member[] {
  return serials.map((serial) => ({ serial, name: machines.get(serial)?.name ?? serial, reasons: [] }));
}

/**
 * Machines that nothing is done to, and that boot servers answer otherwise all the same: with other DHCP options, or
 * another name of a file. Those with the same system are answered alike.
 */
function answeredOtherwise(base: Blueprint, target: Blueprint, plan: Plan): readonly (readonly string[])[] {
  const live = new Set(plan.live.map(({ serial }) => serial));
  const still = plan.untouched.flatMap(({ machines }) => machines).filter((serial) => !live.has(serial));
  const bySystem = groupBy(still, (serial) => target.machines.get(serial)?.boot.os);
  const sites = [base, target].map(({ site, releases }) => {
    const { domain, dns, ntp, leaseSeconds, servers } = site;
    const answering = servers.find(({ joined }) => joined)?.node;
    return canonicalJson({ domain, dns, ntp, leaseSeconds, answering, bootPrograms: releases.bootPrograms });
  });
  if (sites[0] !== sites[1]) return still.length === 0 ? [] : [still];
  return [...bySystem].flatMap(([system = '', serials]) => {
    const pins = [base, target].map(({ releases }) => canonicalJson(releases.os[system]));
    return pins[0] === pins[1] ? [] : [serials];
  });
}

/** Where every machine changes in its own way, to render each would take too long, and nobody would read it. */
const maxExamples = 50;

type Group = Omit<ChangeGroup, 'example'>;

function groupsOf(becoming: Becoming, members: readonly Member[]): readonly Group[] {
  return groupAlike(members).map((group) => {
    const machines = group.map(({ serial, name }) => ({ serial, name }));
    return { becoming, machines, reasons: group[0]?.reasons ?? [] };
  });
}

function withExample(input: PreviewInput, group: Group, index: number): ChangeGroup {
  const { serial, name } = group.machines[0] ?? { serial: '', name: '' };
  return { ...group, example: { serial, name, parts: index < maxExamples ? exampleParts(input, serial) : null } };
}

function exampleParts({ target, known, observed }: PreviewInput, serial: string): readonly PartDiff[] {
  const now = target.machines.get(serial);
  const running = observed.machines.get(serial)?.bootDigest;
  const runs = (machine: MachineObject | undefined) => machine !== undefined && machine.bootDigest === running;
  const before = known.find(({ machines }) => runs(machines.get(serial))) ?? known[0];
  const old = before?.machines.get(serial);
  return diffParts(before && old ? machineParts(before, old) : null, now ? machineParts(target, now) : null);
}
