// Finds the processes that a test file started and did not end (Linux: proc(5)).
import { readdirSync, readFileSync } from 'node:fs';

export interface Survivor {
  readonly pid: number;
  /** Program and arguments, cut short. */
  readonly command: string;
}

/**
 * All processes that carry a mark in their environment, or belong to a session. Either alone can be shaken off: the
 * mark by a cleared environment, the session by setsid(2). Zombies have ended and do not count.
 * @param mark a text that is nowhere else
 * @param session the pid of the process that leads it
 */
export function survivorsOf(mark: string, session: number): readonly Survivor[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      // The name in brackets may hold anything; what follows are state, parent, group and session.
      const [state, , , itsSession] = readProcess(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
      if (state === undefined || state === '' || state === 'Z' || state === 'X') return false;
      return Number(itsSession) === session || readProcess(pid, 'environ').includes(mark);
    })
    .map((pid) => ({ pid, command: readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, 120) }));
}

/** Empty where the process has ended meanwhile or is someone else's. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
