// The measurements: `npm run bench`. docs/bench.md says what each figure means.
//
//   npm run bench -- [--json] [--machines N] [--racks N] [--commits N] [--cpu-prof FOLDER] [name …]
//
// A name picks the measurements whose name holds it. What is measured runs in processes of its own; a measurement that
// fails makes the whole fail, after the others have run.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Table, tableText } from './figures.ts';
import { measureCommands } from './measure-commands.ts';
import { measureDhcp } from './measure-dhcp.ts';
import { measureIgnition } from './measure-ignition.ts';
import { measureImage } from './measure-image.ts';
import { measureSite } from './measure-site.ts';
import { measureTrust } from './measure-trust.ts';
import { Workshop } from './workshop.ts';

interface Measurement {
  readonly name: string;
  readonly measure: (workshop: Workshop) => Promise<Table>;
}

const measurements: readonly Measurement[] = [
  { name: 'site', measure: measureSite },
  { name: 'commands', measure: measureCommands },
  { name: 'ignition', measure: measureIgnition },
  { name: 'dhcp', measure: measureDhcp },
  { name: 'image', measure: measureImage },
  { name: 'trust', measure: measureTrust },
];

const usage = `usage: npm run bench -- [options] [name …]

Measures ${measurements.map(({ name }) => name).join(', ')}; a name picks those whose name holds it.
  --json             print one JSON document
  --machines <n>     of the generated site (10000)
  --racks <n>        of the generated site (250)
  --commits <n>      of the generated history (10000)
  --cpu-prof <dir>   leave a CPU profile of each process there, for Chrome's DevTools
`;

const { values: options, positionals: names } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    machines: { type: 'string', default: '10000' },
    racks: { type: 'string', default: '250' },
    commits: { type: 'string', default: '10000' },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (options.help) process.stdout.write(usage);
else process.exitCode = await bench();

/** @returns exit code: 0 when every measurement has given its figures */
async function bench(): Promise<number> {
  const chosen = measurements.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (chosen.length === 0) {
    process.stderr.write(`no measurement is named like ${names.join(' or ')}\n\n${usage}`);
    return 1;
  }
  const here = surroundings();
  if (!options.json) process.stdout.write(`${headerText(here)}\n`);
  const profileFolder = options['cpu-prof'] === undefined ? null : path.resolve(options['cpu-prof']);
  const size = { machines: Number(options.machines), racks: Number(options.racks) };
  const workshop = await Workshop.open({ size, commits: Number(options.commits), profileFolder });
  const stoppedBy = stopOnSignal(workshop);
  const done: (Table & { readonly name: string })[] = [];
  const failures: { readonly name: string; readonly error: string }[] = [];
  try {
    for (const { name, measure } of chosen) {
      if (stoppedBy() !== null) break;
      try {
        const table = await measure(workshop);
        done.push({ name, ...table });
        if (!options.json) process.stdout.write(`\n${tableText(table)}\n`);
      } catch (error) {
        failures.push({ name, error: error instanceof Error ? error.message : String(error) });
        process.stderr.write(`\n${name} failed: ${failures.at(-1)?.error}\n`);
      } finally {
        await workshop.stop();
      }
    }
  } finally {
    await workshop.close();
  }
  const signal = stoppedBy();
  if (signal !== null) process.kill(process.pid, signal);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...here, measurements: done, failures }, null, 2)}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Ends what is measured at a signal, so that the measurement under way fails; gives back which signal it was. */
function stopOnSignal(workshop: Workshop): () => NodeJS.Signals | null {
  let stoppedBy: NodeJS.Signals | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stoppedBy = signal;
      void workshop.stop();
    });
  }
  return () => stoppedBy;
}

/** Where the figures come from. */
interface Surroundings {
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  /** Over 1, 5 and 15 minutes, before the first measurement. */
  readonly loadAverage: readonly number[];
  readonly code: string;
}

function surroundings(): Surroundings {
  return {
    node: process.version,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    loadAverage: os.loadavg().map((load) => Math.round(load * 100) / 100),
    code: "bundled from the sources with esbuild, as dist/ is, but with the measurements' own programs",
  };
}

function headerText({ node, system, cpu, cores, loadAverage, code }: Surroundings): string {
  const busy = (loadAverage[0] ?? 0) > cores / 4;
  return [
    `Node ${node}, ${system}, ${cores} × ${cpu}`,
    `load average ${loadAverage.join(', ')}${busy ? ': this machine is not idle, and the figures are worse for it' : ''}`,
    `code: ${code}`,
  ].join('\n');
}
