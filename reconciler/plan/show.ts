// How a plan is shown to people. Machines that change alike are one group, with one list of reasons.
import { formatPlace } from '../../schema/diagnostic.ts';
import type { Action, PowerAction, Reason } from './action.ts';
import type { Plan } from './plan.ts';

/** Machines of a rack that the same is done to, for the same reasons. */
interface Group {
  readonly kind: PowerAction['kind'];
  readonly rack: string;
  readonly reasons: readonly Reason[];
  readonly names: string[];
  readonly now: string[];
  readonly waitsFor: Set<string>;
}

/** A machine whose role changes has many; the first ones are the causes of the others. */
const shownReasons = 6;

/** The plan in one line. */
export function planHeadline(plan: Plan): string {
  const parts: string[] = [];
  const count = (kind: Action['kind']) => plan.actions.filter((action) => action.kind === kind).length;
  if (count('publish') > 0) parts.push(`publish generation ${plan.generation}`);
  if (count('provision') > 0) parts.push(`boot ${machines(count('provision'))} for the first time`);
  if (count('restart') > 0) parts.push(`restart ${machines(count('restart'))}`);
  if (plan.underWay.length > 0) parts.push(`${machines(plan.underWay.length)} under way`);
  if (count('finish') > 0) parts.push(`${machines(count('finish'))} back`);
  const still = plan.untouched.reduce((sum, group) => sum + group.machines.length, 0);
  if (parts.length === 0) parts.push('nothing to do');
  if (still > 0) parts.push(`${still} untouched`);
  if (plan.refusals.length > 0) parts.push(`${plan.refusals.length} refused`);
  if (plan.halted !== null) parts.push('halted');
  return parts.join(', ');
}

/** The whole plan as lines of text. */
export function planText(plan: Plan): string {
  const from = plan.baseGeneration === null ? 'nothing' : `generation ${plan.baseGeneration}`;
  const lines = [`Plan for commit ${plan.commit.slice(0, 12)}: ${from} → generation ${plan.generation}`];
  for (const { rule, message, hint } of plan.refusals)
    lines.push(`  refused    ${rule}: ${message}`, `               ${hint}`);
  if (plan.halted !== null) lines.push(`  halted     ${plan.halted}`);
  for (const action of plan.actions) {
    if (action.kind === 'publish') {
      const gate = action.gate.open ? 'now' : action.gate.waitsFor;
      lines.push(`  publish    generation ${action.generation}, blueprint ${action.root.slice(0, 12)} (${gate})`);
    } else if (action.kind === 'finish') lines.push(`  finish     ${action.name} runs what it should`);
  }
  for (const group of groups(plan)) lines.push(...groupLines(group));
  if (plan.underWay.length > 0) lines.push(`  under way  ${machines(plan.underWay.length)}: ${list(plan.underWay)}`);
  for (const group of plan.untouched) {
    lines.push(`  untouched  ${machines(group.machines.length)}, because ${group.reason}`);
  }
  lines.push(`${capitalised(planHeadline(plan))}.`);
  return lines.join('\n');
}

function groups(plan: Plan): readonly Group[] {
  const found = new Map<string, Group>();
  for (const action of plan.actions) {
    if (action.kind !== 'provision' && action.kind !== 'restart') continue;
    const { rack } = action.domains;
    const reasons = action.reasons.map(({ field, from, to }) => [field, from, to]);
    const key = JSON.stringify([action.kind, rack, reasons]);
    const group: Group = found.get(key) ?? {
      kind: action.kind,
      rack,
      reasons: action.reasons,
      names: [],
      now: [],
      waitsFor: new Set(),
    };
    found.set(key, group);
    group.names.push(action.name);
    if (action.gate.open) group.now.push(action.name);
    else group.waitsFor.add(action.gate.waitsFor);
  }
  return [...found.values()];
}

function groupLines({ kind, rack, reasons, names, now, waitsFor }: Group): string[] {
  const verb = kind === 'restart' ? 'restart    ' : 'first boot ';
  const gets = kind === 'restart' ? whatIsNew(reasons, names.length === 1) : '';
  const lines = [`  ${verb}rack ${rack}: ${machines(names.length)} (${list(names)})${gets}`];
  if (kind === 'restart') {
    for (const { field, from, to, place } of reasons.slice(0, shownReasons)) {
      const where = place === null ? '' : `  ${formatPlace(place)}`;
      lines.push(`               because ${change(field, from, to)}${where}`);
    }
    const more = reasons.length - shownReasons;
    if (more > 0) lines.push(`               and ${more} more changes, which the JSON form of the plan lists`);
  }
  if (now.length > 0 && now.length < names.length) lines.push(`               now: ${list(now)}`);
  for (const reason of waitsFor)
    lines.push(`               ${now.length > 0 ? 'the others wait' : 'waits'}: ${reason}`);
  return lines;
}

/** What of the machine's boot changes, in words. */
function whatIsNew(reasons: readonly Reason[], one: boolean): string {
  const parts: readonly (readonly [string, RegExp])[] = [
    ['kernel', /^boot\.(kernel|initrd)$/],
    ['kernel arguments', /^boot\.arguments$/],
    ['Ignition', /^(ignition:|boot\.ignition$|variables\.)/],
  ];
  const changed = parts.filter(([, pattern]) => reasons.some(({ field }) => pattern.test(field))).map(([name]) => name);
  return changed.length === 0
    ? ''
    : ` ${one ? 'gets' : 'get'} a new ${changed.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
}

function change(field: string, from: string | null, to: string | null): string {
  if (field.startsWith('ignition:')) return `Ignition ${field.slice('ignition:'.length)} is ${to}`;
  if (from === null) return `${field} is ${to} now`;
  return to === null ? `${field} ${from} is gone` : `${field} ${from} → ${to}`;
}

function machines(count: number): string {
  return count === 1 ? '1 machine' : `${count} machines`;
}

function list(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 7).join(', ')} and ${names.length - 7} more`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
