// Renders machines' Ignition as the boot service does, again and again.
import { loadDiskCopy } from '../../../bootsvc/disk-copy.ts';
import { prepareGeneration } from '../../../bootsvc/generation.ts';
import { serveCalls, usage } from '../calls.ts';

export interface IgnitionRun {
  /** Time to read the disk copy, and to make a generation of it with every machine rendered and verified. */
  readonly loadSeconds: number;
  readonly prepareSeconds: number;
  readonly renders: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** @param request the boot server's folder and name, and how long to render */
async function measure(request: {
  readonly folder: string;
  readonly name: string;
  readonly seconds: number;
}): Promise<IgnitionRun> {
  const { folder, name } = request;
  const start = performance.now();
  const copy = await loadDiskCopy(folder);
  if (copy === null) throw new Error(`${folder} holds no generation`);
  const loaded = performance.now();
  const generation = await prepareGeneration(copy.target, copy.blueprint, { name, baseUrl: null, httpPort: 80 });
  const prepared = performance.now();

  const machines = [...generation.blueprint.machines.values()];
  let renders = 0;
  let bytes = 0;
  const end = performance.now() + request.seconds * 1000;
  const from = performance.now();
  while (performance.now() < end) {
    for (const machine of machines) {
      // The bytes that HTTP would send: a string alone is not all put together yet.
      bytes += Buffer.from(generation.ignition(machine)).length;
      renders++;
      if (performance.now() >= end) break;
    }
  }
  return {
    loadSeconds: (loaded - start) / 1000,
    prepareSeconds: (prepared - loaded) / 1000,
    renders,
    bytes,
    seconds: (performance.now() - from) / 1000,
    peakBytes: usage().peakBytes,
  };
}

const methods = { measure };
export type IgnitionRenders = typeof methods;

serveCalls(methods);
