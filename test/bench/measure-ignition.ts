// How fast one core renders the machines' Ignition, and makes a generation ready to serve.
import { formatNumber, type Table } from './figures.ts';
import type { IgnitionRenders } from './programs/ignition-renders.ts';
import type { Workshop } from './workshop.ts';

const seconds = 4;

export async function measureIgnition(workshop: Workshop): Promise<Table> {
  const program = workshop.start<IgnitionRenders>('ignition-renders');
  const run = await program.call('measure', { ...(await workshop.bootFolder()), seconds });
  return {
    title: `ignition: renders of ${formatNumber(workshop.size.machines)} machines`,
    columns: ['one core'],
    rows: [
      { label: 'renders', unit: '1/s', values: [run.renders / run.seconds] },
      { label: 'size of one, mean', unit: 'kB', values: [run.bytes / run.renders / 1e3] },
      { label: 'read and check the disk copy', unit: 's', values: [run.loadSeconds] },
      { label: 'make it ready, all rendered', unit: 's', values: [run.prepareSeconds] },
      { label: 'peak memory', unit: 'MB', values: [run.peakBytes / 1e6] },
    ],
    notes: [],
  };
}
