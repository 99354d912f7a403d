// berth explain: where every value of a machine comes from.
import { statSync } from 'node:fs';
import path from 'node:path';
import { formatPlace, type Place } from '../../schema/diagnostic.ts';
import { suggest } from '../../schema/suggest.ts';
import { type Explanation, explain as explainMachine } from '../plan/explain/explain.ts';
import { explainAll, explainSome } from '../plan/explain/text.ts';
import { CliError } from './cli-error.ts';
import { findMachine } from './render.ts';
import { compileFiles, orPrint, placeIn, readSiteFolder } from './site-folder.ts';
import { colours } from './terminal.ts';

/**
 * @param machine serial or name
 * @param first a field; or the site repo, when there is no second
 */
export async function explain(
  machine: string,
  first: string | undefined,
  second: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const isSite =
    first !== undefined && statSync(path.join(first, 'site.yaml'), { throwIfNoEntry: false }) !== undefined;
  const field = second === undefined && isSite ? undefined : first;
  const folder = second ?? (isSite ? first : '.');
  const compiled = orPrint(await compileFiles(readSiteFolder(folder)), folder);
  if (!compiled) return 1;
  const object = findMachine(compiled.blueprint, machine);
  const all = explainMachine(compiled.site, compiled.blueprint, object.serial);
  const asked = field === undefined ? all : fieldsOf(all, field, object.name);
  if (json)
    process.stdout.write(
      `${JSON.stringify(
        asked.map((one) => placed(one, folder)),
        null,
        2,
      )}\n`,
    );
  else {
    const palette = colours(process.stdout);
    const options = { palette, showPlace: (place: Place) => formatPlace(placeIn(place, folder)) };
    const text = field === undefined ? explainAll(asked, options) : explainSome(asked, options);
    process.stdout.write(text);
  }
  return 0;
}

/** The field, or all whose names begin with it. @throws {CliError} when there is none */
function fieldsOf(all: readonly Explanation[], asked: string, machine: string): readonly Explanation[] {
  const found = all.filter(({ field }) => field === asked || field.startsWith(`${asked}.`));
  if (found.length > 0) return found;
  const known = new Set<string>();
  for (const { field } of all) {
    for (let end = field.length; end > 0; end = field.lastIndexOf('.', end - 1)) known.add(field.slice(0, end));
  }
  const meant = suggest(asked, known);
  throw new CliError(`${machine} has no field ${asked}${meant === null ? '' : `; did you mean ${meant}?`}`);
}

function placed(explanation: Explanation, folder: string): Explanation {
  const at = <T extends { readonly place: Place | null }>(one: T): T => ({
    ...one,
    place: one.place && placeIn(one.place, folder),
  });
  const { formula, overrides, repeats } = explanation;
  return {
    ...at(explanation),
    formula: formula && { ...formula, terms: formula.terms.map(at) },
    overrides: overrides.map(at),
    repeats: repeats.map((place) => placeIn(place, folder)),
  };
}
