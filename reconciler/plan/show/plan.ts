// How a plan is shown to people.
import { capitalised, counted, listed } from '../../../schema/words.ts';
import type { Action, FinishAction, PowerAction, PublishAction } from '../action.ts';
import { groupBy } from '../group-by.ts';
import type { Plan } from '../plan.ts';
import { type Changed, gateLines, groupAlike, placesText, reasonLines } from './groups.ts';
import { nameList } from './name-list.ts';

/** The plan in one line. */
export function planHeadline(plan: Plan): string {
  const parts: string[] = [];
  const count = (kind: Action['kind']) => plan.actions.filter((action) => action.kind === kind).length;
  if (plan.refusals.length > 0) parts.push(`${plan.refusals.length} refused`);
  else if (count('publish') > 0) parts.push(`publish generation ${plan.generation}`);
  if (count('finish') > 0) parts.push(`${counted(count('finish'), 'machine')} done`);
  if (count('provision') > 0) parts.push(`boot ${counted(count('provision'), 'machine')} for the first time`);
  if (count('restart') > 0) parts.push(`restart ${counted(count('restart'), 'machine')}`);
  const failed = plan.underWay.filter((machine) => machine.failed !== null).length;
  if (plan.underWay.length > failed) parts.push(`${counted(plan.underWay.length - failed, 'machine')} under way`);
  if (failed > 0) parts.push(`${counted(failed, 'machine')} failed`);
  if (plan.away.length > 0) parts.push(`${counted(plan.away.length, 'machine')} away`);
  if (plan.live.length > 0) parts.push(`change ${counted(plan.live.length, 'machine')} without a restart`);
  if (parts.length === 0) parts.push('nothing to do');
  const still = plan.untouched.reduce((sum, group) => sum + group.machines.length, 0) - plan.live.length;
  if (still > 0) parts.push(`${still} untouched`);
  if (plan.halted !== null) parts.push('halted');
  return parts.join(', ');
}

/**
 * The whole plan as lines of text.
 * @param heading what is planned, and against what
 */
export function planText(plan: Plan, heading = `Plan for commit ${plan.commit.slice(0, 12)}`): string {
  const lines = [`${heading}: ${generations(plan)}`];
  for (const { rule, message, hint, place } of plan.refusals) {
    lines.push(line('refused', `${rule}: ${message}${placesText([{ place }])}`), line('', `  ${hint}`));
  }
  if (plan.halted !== null) lines.push(line('halted', plan.halted));
  for (const action of plan.actions) if (action.kind === 'publish') lines.push(...publishLines(action));
  lines.push(...finishLines(plan.actions));
  lines.push(...powerLines('first boot', plan.actions, 'provision'), ...powerLines('restart', plan.actions, 'restart'));
  lines.push(...waitingLines(plan), ...untouchedLines(plan));
  lines.push(`${capitalised(planHeadline(plan))}.`);
  return lines.join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`;
}

function generations({ baseGeneration, generation }: Plan): string {
  if (baseGeneration === generation) return `generation ${generation} is in force`;
  return `${baseGeneration === null ? 'nothing' : `generation ${baseGeneration}`} → generation ${generation}`;
}

function publishLines({ generation, root, gate, changes }: PublishAction): string[] {
  const when = gate.open ? 'now' : `later, because ${gate.waitsFor}`;
  return [
    line('publish', `generation ${generation}, blueprint ${root.slice(0, 12)} (${when})`),
    ...reasonLines([{ name: '', reasons: changes }]),
  ];
}

function finishLines(actions: readonly Action[]): string[] {
  const finishes = actions.filter((action): action is FinishAction => action.kind === 'finish');
  const groups = groupBy(finishes, ({ because }) => because);
  return [...groups].map(([because, group]) => line('finish', `${named(namesOf(group))}: ${because}`));
}

function powerLines(label: string, actions: readonly Action[], kind: PowerAction['kind']): string[] {
  const wanted = actions.filter((action): action is PowerAction => action.kind === kind);
  return groupLines(label, groupAlike(wanted), (group) => {
    const gets = kind === 'restart' ? whatIsNew(group) : '';
    return [line(label, `${named(namesOf(group))}${gets}`), ...reasonLines(group), ...gateLines(group)];
  });
}

/** Where every machine changes in its own way, the first ones show how. */
const maxGroups = 100;

function groupLines<T>(
  label: string,
  groups: readonly (readonly T[])[],
  linesOf: (group: readonly T[]) => readonly string[],
): string[] {
  const left = groups.slice(maxGroups).reduce((sum, group) => sum + group.length, 0);
  const more =
    left === 0 ? [] : [line(label, `${counted(left, 'machine')} more, which the JSON form of the plan lists`)];
  return [...groups.slice(0, maxGroups).flatMap(linesOf), ...more];
}

/** What of a group's boot changes, in words. */
function whatIsNew(group: readonly Changed[]): string {
  const parts: readonly (readonly [string, RegExp])[] = [
    ['a new kernel', /^boot\.(kernel|initrd)$/],
    ['new kernel arguments', /^boot\.arguments$/],
    ['new Ignition', /^(ignition:|boot\.ignition$|variables\.|site\.|rack\.|bootServers)/],
  ];
  const fields = group[0]?.reasons.map(({ field }) => field) ?? [];
  const changed = parts.filter(([, pattern]) => fields.some((field) => pattern.test(field))).map(([words]) => words);
  if (changed.length === 0) return '';
  return ` ${group.length === 1 ? 'gets' : 'get'} ${listed(changed)}`;
}

function waitingLines({ underWay, away, halted }: Plan): string[] {
  const expected = underWay.filter(({ failed }) => failed === null);
  return [
    ...(expected.length === 0 ? [] : [line('under way', named(namesOf(expected)))]),
    ...failedLines(underWay, halted),
    ...(away.length === 0 ? [] : [line('away', `${named(namesOf(away))}, without having been asked to`)]),
  ];
}

/** What halts has a line of its own already. */
function failedLines(underWay: Plan['underWay'], halted: string | null): string[] {
  const others = underWay.filter(({ name, serial, failed }) => failed && `${name} (${serial}) ${failed}` !== halted);
  return [...groupBy(others, ({ failed }) => failed)].map(([why, group]) => {
    const [first] = group;
    const isOne = first !== undefined && group.length === 1;
    const who = isOne ? `${first.name} (${first.serial})` : `${named(namesOf(group))}, each of which`;
    return line('failed', `${who} ${why}`);
  });
}

function untouchedLines({ live, untouched }: Plan): string[] {
  const liveSerials = new Set(live.map(({ serial }) => serial));
  const rest = untouched.filter((group) => !group.machines.every((serial) => liveSerials.has(serial)));
  return [
    ...groupLines('no restart', groupAlike(live), (group) => [
      line('no restart', named(namesOf(group))),
      ...reasonLines(group),
    ]),
    ...rest.map((group) => line('untouched', `${counted(group.machines.length, 'machine')}, because ${group.reason}`)),
  ];
}

function namesOf(group: readonly { readonly name: string }[]): readonly string[] {
  return group.map(({ name }) => name);
}

function named(names: readonly string[]): string {
  return `${counted(names.length, 'machine')} (${nameList(names)})`;
}
