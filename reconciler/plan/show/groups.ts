// Machines that change alike, for plans to be shown: one group, one list of reasons.
import { formatPlace } from '../../../schema/diagnostic.ts';
import { printable } from '../../../schema/report/printable.ts';
import { isSecretFile } from '../../../schema/secret-files.ts';
import type { Gate, Reason } from '../action.ts';
import { declared } from '../diff/site.ts';
import { groupBy } from '../group-by.ts';
import { redactValue } from '../secrets/redact.ts';
import { cutText } from './cut.ts';
import { nameList } from './name-list.ts';

/** A machine and why something changes for it. */
export interface Changed {
  readonly name: string;
  readonly reasons: readonly Reason[];
}

/** Of a value in characters: the JSON form has all of it. */
const longestValue = 400;

const indent = ' '.repeat(15);

/** A machine whose role changes has many; the first ones are the causes of the others. */
const shownReasons = 6;

/** Fields whose values are different for every machine. */
const ownValue = /^(slot|name|macs|node|links|bmc|boot\.ignition|bootDigest)$/;

/** Those with the same reasons together, each group in the place of its first. */
export function groupAlike<T extends Changed>(all: readonly T[]): readonly (readonly T[])[] {
  // Machines that change alike mostly share their list of reasons.
  const keys = new Map<readonly Reason[], string>();
  const keyOf = ({ reasons }: T): string => {
    const key = keys.get(reasons) ?? groupKey(reasons);
    keys.set(reasons, key);
    return key;
  };
  return [...groupBy(all, keyOf).values()];
}

function groupKey(reasons: readonly Reason[]): string {
  return JSON.stringify(reasons.map(({ field, from, to }) => (ownValue.test(field) ? [field] : [field, from, to])));
}

/** Why a group changes, a line for each reason, with its place. */
export function reasonLines(group: readonly Changed[]): string[] {
  const reasons = group[0]?.reasons ?? [];
  const lines = reasons.slice(0, shownReasons).map((reason, index) => {
    const alike = group.length > 1 && ownValue.test(reason.field) ? ', the others alike' : '';
    return `${indent}because ${reasonText(reason)}${alike}${placesText(group.map((changed) => changed.reasons[index]))}`;
  });
  const more = reasons.length - shownReasons;
  return more > 0 ? [...lines, `${indent}and ${more} more changes, which the JSON form of the plan lists`] : lines;
}

/** Why a machine changes, without places: the first reasons, each in a few words. */
export function reasonTexts(reasons: readonly Reason[]): readonly string[] {
  const more = reasons.length - shownReasons;
  return [...reasons.slice(0, shownReasons).map(reasonText), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** Which of a group may go on now, and what the others wait for. */
export function gateLines(group: readonly (Changed & { readonly gate: Gate })[]): string[] {
  const parts = groupBy(group, ({ gate }) => (gate.open ? null : gate.waitsFor));
  const mixed = parts.size > 1;
  return [...parts].flatMap(([waitsFor, part]) => {
    const names = nameList(part.map(({ name }) => name));
    if (waitsFor === null) return mixed ? [`${indent}now: ${names}`] : [];
    return [`${indent}later${mixed ? `: ${names}` : ''}, because ${waitsFor}`];
  });
}

export function placesText(reasons: readonly (Pick<Reason, 'place'> | undefined)[]): string {
  const given = new Set(reasons.map((reason) => reason?.place));
  const places = new Set([...given].flatMap((place) => (place ? [formatPlace(place)] : [])));
  const [first] = places;
  if (first === undefined) return '';
  const more = places.size - 1;
  return more === 0 ? `  ${first}` : `  ${first} and ${more} more ${more === 1 ? 'place' : 'places'}`;
}

/** How a sealed file changes: by its digests, as nothing else of it is shown. */
export function sealedText(file: string, from: string | null, to: string | null): string {
  if (from === null) return `${file} is new: ${to}`;
  return to === null ? `${file} is gone: ${from}` : `${file}: ${from} → ${to}`;
}

/** A change in a few words: `boot.os a → b`. */
export function reasonText({ field, ...values }: Reason): string {
  const [from, to] = [safe(field, values.from), safe(field, values.to)];
  if (field.startsWith('resources.')) {
    const change = from === null ? 'is new' : to === null ? 'is gone' : 'changes';
    return `${field.slice('resources.'.length)} ${change}`;
  }
  if (isSecretFile(field)) return sealedText(field, from, to);
  if (field === 'machine') return to === null ? 'it is no longer declared' : 'it is declared';
  if (field === 'retire') return to === null ? 'it is not to retire any more' : `it is to retire: ${to}`;
  if (field === 'bootDigest') return `it runs ${from ?? 'nothing'}, which no generation at hand asks for`;
  if (field.startsWith('ignition:')) return `Ignition ${field.slice('ignition:'.length)} is ${to}`;
  if (field === 'boot.arguments' && from === null) return `${field} has ${to} now`;
  if (from === null) return to === declared ? `${field} is new` : `${field} is ${to} now`;
  if (to === null) return from === declared ? `${field} is gone` : `${field} ${from} is gone`;
  return `${field} ${from} → ${to}`;
}

/** Values are quoted from the site repo: no secrets, and nothing that a terminal obeys. */
function safe(field: string, value: string | null): string | null {
  return value === null ? null : cutText(printable(redactValue(field, value)), longestValue);
}
