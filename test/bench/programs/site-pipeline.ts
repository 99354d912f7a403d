// Files → plan, stage by stage: the first one with everything cold, then those after a change of one line.

import { assumeSettled, nothingObserved } from '../../../reconciler/plan/observed.ts';
import { originsOf } from '../../../reconciler/plan/origin.ts';
import { plan } from '../../../reconciler/plan/plan.ts';
import { readFolder } from '../../../reconciler/source/folder.ts';
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { compile } from '../../../renderers/compile.ts';
import { type Diagnostic, formatDiagnostic } from '../../../schema/diagnostic.ts';
import { loadSite, type SiteFiles } from '../../../schema/load.ts';
import { checkRules } from '../../../schema/rules/rules.ts';
import { serveCalls, usage } from '../calls.ts';
import { type LineChange, withChange } from '../generated-site.ts';

/** Seconds. */
export interface StageTimes {
  readonly read: number;
  readonly load: number;
  readonly rules: number;
  readonly compile: number;
  readonly plan: number;
}

export interface PipelineRun {
  readonly times: StageTimes;
  readonly actions: number;
  /** Most resident memory of the process so far. */
  readonly peakBytes: number;
}

interface InForce {
  readonly generation: number;
  readonly blueprint: Blueprint;
}

async function measure(request: {
  readonly folder: string;
  readonly changes: readonly LineChange[];
}): Promise<readonly PipelineRun[]> {
  const first = await run(request.folder, null, null);
  const base = { generation: 1, blueprint: first.blueprint };
  const runs: PipelineRun[] = [first.run];
  for (const change of request.changes) runs.push((await run(request.folder, change, base)).run);
  return runs;
}

/** @param base what is in force, every machine running just that; null where nothing was ever published */
async function run(folder: string, change: LineChange | null, base: InForce | null) {
  const watch = new StopWatch();
  const read = await readFolder(folder);
  const readSeconds = watch.lap();
  const files: SiteFiles = change === null ? read : withChange(read, change);
  const observed = base === null ? nothingObserved : assumeSettled(base.blueprint, base.generation);

  watch.lap();
  const { site, diagnostics } = loadSite(files);
  const loadSeconds = watch.lap();
  if (site === null) throw brokenSite(diagnostics);
  const findings = checkRules(site);
  const rulesSeconds = watch.lap();
  if (findings.length > 0) throw brokenSite(findings);
  const compiled = compile(site);
  const compileSeconds = watch.lap();
  const { blueprint } = compiled;
  if (blueprint === null) throw brokenSite(compiled.diagnostics);
  const target = { blueprint, commit: '0'.repeat(40) };
  const planned = plan({ base, target, observed, history: [], origin: originsOf(site), now: 0 });
  const planSeconds = watch.lap();

  const times: StageTimes = {
    read: readSeconds,
    load: loadSeconds,
    rules: rulesSeconds,
    compile: compileSeconds,
    plan: planSeconds,
  };
  return { blueprint, run: { times, actions: planned.actions.length, peakBytes: usage().peakBytes } };
}

/** Measures one stage after the other. */
class StopWatch {
  #since = performance.now();

  /** Seconds since the last lap. */
  lap(): number {
    const now = performance.now();
    const seconds = (now - this.#since) / 1000;
    this.#since = now;
    return seconds;
  }
}

function brokenSite(diagnostics: readonly Diagnostic[]): Error {
  const [first] = diagnostics;
  return new Error(`the generated site is broken: ${first ? formatDiagnostic(first) : 'for no reason given'}`);
}

const methods = { measure };
export type SitePipeline = typeof methods;

serveCalls(methods);
