// The commands that an engineer waits for, in a Git repository with a generated site: validate and plan, cold and with
// the cache of earlier runs, and how long the program takes to start.
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildBerth } from '../berth.ts';
import { gitEnvironment } from '../git.ts';
import { launcher, type NodeCommand, peakBytesOf, secondsOf } from './command.ts';
import { formatNumber, median, type Row, type Table } from './figures.ts';
import type { SiteSize } from './generated-site.ts';
import type { Workshop } from './workshop.ts';

/** Each figure is the median of so many runs. */
const runs = 5;
const startRuns = 15;

/** Of one size of site: seconds, and bytes. */
interface Figures {
  readonly cold: number;
  readonly again: number;
  readonly oneFile: number;
  readonly planRack: number;
  readonly planRole: number;
  readonly planIgnition: number;
  readonly validatePeakBytes: number;
  readonly planPeakBytes: number;
}

export async function measureCommands(workshop: Workshop): Promise<Table> {
  await buildBerth();
  const { machines, racks } = workshop.size;
  const tenth: SiteSize = { machines: Math.max(3, Math.ceil(machines / 10)), racks: Math.ceil(racks / 10) };
  const small = await measureSize(workshop, tenth);
  const full = await measureSize(workshop, workshop.size);
  const start = await startSeconds(workshop);
  const seconds = (label: string, figure: (figures: Figures) => number, target?: number): Row => {
    const values = [figure(small), figure(full)];
    return { label, unit: 's', values, ...(target === undefined ? {} : { target }) };
  };
  const megabytes = (label: string, figure: (figures: Figures) => number): Row => {
    return { label, unit: 'MB', values: [figure(small) / 1e6, figure(full) / 1e6], target: 600 };
  };
  return {
    title: 'commands: as a user runs them, from before Node starts until it has ended',
    columns: [tenth, workshop.size].map((size) => `${formatNumber(size.machines)} machines`),
    rows: [
      seconds('validate, cold', ({ cold }) => cold, 5),
      seconds('validate again', ({ again }) => again),
      seconds('validate, one file changed', ({ oneFile }) => oneFile, 0.5),
      seconds('plan --base HEAD, one line of a rack changed', ({ planRack }) => planRack, 1),
      seconds('plan --base HEAD, one line of a role', ({ planRole }) => planRole),
      seconds('plan --base HEAD, one line of Ignition', ({ planIgnition }) => planIgnition),
      megabytes('peak memory of validate, cold', ({ validatePeakBytes }) => validatePeakBytes),
      megabytes('peak memory of plan', ({ planPeakBytes }) => planPeakBytes),
      { label: '--help, over an empty node -e 1', unit: 's', values: [start, start], target: 0.1 },
    ],
    notes: [
      `Medians of ${runs} runs. Cold is without any cache; all others have that of the runs before.`,
      'Each run has a change that no run before it had: what is new to the site is new to the cache.',
      'Targets are for 10,000 machines in 250 racks on an idle machine.',
    ],
  };
}

async function measureSize(workshop: Workshop, size: SiteSize): Promise<Figures> {
  const folder = await workshop.folder(`commands-${size.machines}`);
  const cwd = path.join(folder, 'site-repo');
  await workshop.writeSite(cwd, size);
  for (const args of [
    ['init', '-q'],
    ['add', '--all'],
    ['commit', '-q', '-m', 'A generated site'],
  ]) {
    execFileSync('git', args, { cwd, env: gitEnvironment });
  }
  const cache = path.join(folder, 'cache');
  const env = { BERTH_CACHE: cache };
  const validate: NodeCommand = { args: [launcher, 'validate'], cwd, env, exitCode: 0 };
  const plan: NodeCommand = { args: [launcher, 'plan', '--base', 'HEAD'], cwd, env, exitCode: 2 };

  const withoutCache = async (measure: typeof secondsOf): Promise<number> => {
    await rm(cache, { recursive: true, force: true });
    return measure(validate);
  };
  let changes = 0;
  const changed = async (line: Line, command: NodeCommand, measure = secondsOf): Promise<number> => {
    const file = path.join(cwd, line.path);
    const text = await readFile(file, 'utf8');
    changes += 1;
    await writeFile(file, line.change(text, changes));
    try {
      return await measure(command);
    } finally {
      await writeFile(file, text);
    }
  };
  const cold = await medianOf(runs, () => withoutCache(secondsOf));
  const validatePeakBytes = await withoutCache(peakBytesOf);
  const again = await medianOf(runs, () => secondsOf(validate));
  const oneFile = await medianOf(runs, () => changed(rackLine, validate));
  // The first plan also reads what no validate has read: the commit.
  await changed(rackLine, plan);
  return {
    cold,
    again,
    oneFile,
    planRack: await medianOf(runs, () => changed(rackLine, plan)),
    planRole: await medianOf(runs, () => changed(roleLine, plan)),
    planIgnition: await medianOf(runs, () => changed(ignitionLine, plan)),
    validatePeakBytes,
    planPeakBytes: await changed(roleLine, plan, peakBytesOf),
  };
}

/** How one line of a site changes, another way for each number. */
interface Line {
  readonly path: string;
  change(text: string, number: number): string;
}

const rackLine: Line = {
  path: 'racks/r0.yaml',
  change: (text, number) => text.replace('type: redfish }', `type: redfish }, arguments: [bench.run=${number}]`),
};
const roleLine: Line = {
  path: 'roles/cs.yaml',
  change: (text, number) => text.replace('arguments:\n', `arguments:\n  - bench.run=${number}\n`),
};
const ignitionLine: Line = {
  path: 'ignition/common/etc/sysctl.d/80-node.conf',
  change: (text, number) => `${text}# run ${number}\n`,
};

/** How much longer `berth --help` takes than a Node that does nothing. */
async function startSeconds(workshop: Workshop): Promise<number> {
  const cwd = await workshop.folder('start');
  const seconds = (...args: readonly string[]) => secondsOf({ args, cwd, env: { BERTH_CACHE: 'off' }, exitCode: 0 });
  const differences: number[] = [];
  for (let run = 0; run < startRuns; run++) {
    const empty = await seconds('-e', '1');
    differences.push((await seconds(launcher, '--help')) - empty);
  }
  return median(differences);
}

async function medianOf(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < count; run++) values.push(await measure());
  return median(values);
}
