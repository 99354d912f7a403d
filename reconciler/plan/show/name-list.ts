// How many machines are named in one line.

/** Parts of a line: names, or runs of names. */
const shownParts = 8;

/**
 * Names in their order, neighbours as a run: `r0-04 to r0-09, r1-04`. A long list ends with how many more there are.
 */
export function nameList(names: readonly string[]): string {
  const runs = firstRuns(names, shownParts + 1);
  if (runs.length <= shownParts) return runs.map(runText).join(', ');
  const shown = runs.slice(0, shownParts - 1);
  const left = names.length - shown.reduce((sum, run) => sum + run.length, 0);
  return `${shown.map(runText).join(', ')} and ${left} more`;
}

/** Names that count up by one, side by side, as far as the first so many runs go. */
function firstRuns(names: readonly string[], most: number): string[][] {
  const runs: string[][] = [];
  for (const name of names) {
    const run = runs.at(-1);
    if (run && isNext(run.at(-1) ?? '', name)) run.push(name);
    else if (runs.length === most) break;
    else runs.push([name]);
  }
  // Two are as short one by one.
  return runs.flatMap((run) => (run.length === 2 ? run.map((name) => [name]) : [run]));
}

function runText(run: readonly string[]): string {
  return run.length === 1 ? `${run[0]}` : `${run[0]} to ${run.at(-1)}`;
}

function isNext(name: string, next: string): boolean {
  const [, stem, number] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return number !== undefined && next === `${stem}${String(Number(number) + 1).padStart(number.length, '0')}`;
}
