// Load, validate, compile and plan a generated site: time by stage, and memory.
import { formatNumber, median, type Row, type Table } from './figures.ts';
import { lineChanges } from './generated-site.ts';
import type { PipelineRun, SitePipeline, StageTimes } from './programs/site-pipeline.ts';
import type { Workshop } from './workshop.ts';

/** Cold is cold only once in a process. */
const processes = 3;

const stages: readonly (readonly [keyof StageTimes, string])[] = [
  ['read', 'read files'],
  ['load', 'load'],
  ['rules', 'rules'],
  ['compile', 'compile'],
  ['plan', 'plan'],
];

export async function measureSite(workshop: Workshop): Promise<Table> {
  const { folder, files } = await workshop.site();
  const { machines, racks } = workshop.size;
  const changes = lineChanges(files);
  const samples: (readonly PipelineRun[])[] = [];
  for (let count = 0; count < processes; count++) {
    const program = workshop.start<SitePipeline>('site-pipeline');
    samples.push(await program.call('measure', { folder, changes }));
    await program.stop();
  }
  const columns = ['cold, nothing in force', ...changes.map(({ name }) => name)];
  /** The median of one figure for each column. */
  const row = (label: string, unit: Row['unit'], figure: (run: PipelineRun) => number): Row => {
    const values = columns.map((_, column) => median(samples.flatMap((runs) => runs[column] ?? []).map(figure)));
    return { label, unit, values };
  };
  const total = (times: StageTimes) => stages.reduce((sum, [stage]) => sum + times[stage], 0);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes.length, 0);
  return {
    title: `site: ${formatNumber(machines)} machines in ${formatNumber(racks)} racks, from files to plan`,
    columns,
    rows: [
      ...stages.map(([stage, label]) => row(label, 's', ({ times }) => times[stage])),
      row('all of it', 's', ({ times }) => total(times)),
      row('actions planned', '', ({ actions }) => actions),
      row('peak memory so far', 'MB', ({ peakBytes }) => peakBytes / 1e6),
    ],
    notes: [
      `${files.size} files, ${(bytes / 1e6).toFixed(1)} MB; medians of ${processes} processes.`,
      'A change is loaded and compiled from nothing, in the process that has done the columns before it.',
    ],
  };
}
