// What the long-running commands share: a structured log on stdout, and an end by signal.
import { type Logger, pino } from 'pino';

export interface Daemon {
  readonly log: Logger;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** @param component name of the program in its log */
export function startDaemon(component: string, server: string): Daemon {
  const log = pino({ name: component, base: { server }, level: process.env.BERTH_LOG ?? 'info' });
  return { log, signal: untilSignalled() };
}

/** Aborts on the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignalled(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  return stop.signal;
}
