// How bench.ts talks to a program under measurement: calls with one argument and one result, over the IPC channel.
import { readFileSync } from 'node:fs';

export type Methods = Readonly<Record<string, (argument: never) => unknown>>;

export interface Call {
  readonly method: string;
  readonly argument: unknown;
}

export type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

/** What a process has used since it started. */
export interface Usage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** Most resident memory at any one time. */
  readonly peakBytes: number;
}

/** In the program: answer calls until the other side is gone, then end. */
export function serveCalls(methods: Methods): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (call) => {
    void answerTo(methods, call as Call).then((answer) => process.send?.(answer));
  });
}

/** What this process has used. */
export function usage(): Usage {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  // Not maxRSS: Linux begins that with what the process had that started this one.
  const peakKib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: Number(peakKib) * 1024 };
}

async function answerTo(methods: Methods, { method, argument }: Call): Promise<Answer> {
  try {
    const run = methods[method];
    if (run === undefined) throw new Error(`there is no method ${method}`);
    return { ok: true, result: await run(argument as never) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
