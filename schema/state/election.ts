// Elects one agent of the site. Who leads holds the leader key, bound to its session's lease.
import { Backoff } from './backoff.ts';
import { pause, systemClock } from './clock.ts';
import { keys } from './keys.ts';
import { absent, type Condition, createdAt, type Kv } from './kv.ts';
import { putRecord, records } from './records.ts';
import type { Session } from './session.ts';
import { isStateError } from './state-error.ts';

export interface Leadership {
  /** Holds as long as nobody else has been elected. It goes into every transaction of the leader. */
  readonly fence: Condition;
  /** Let others lead while the session goes on. */
  resign(): Promise<void>;
}

/**
 * Wait until elected. Whether an attempt was lost, won, or lost its answer on the way does not matter: the key itself
 * tells whose it is by its lease. To be valid, leadership needs `session.valid` and, for what is written, the fence.
 * @param name of the boot server, for people
 * @param signal gives up, throwing its reason; so does the end of the session (STATE_LEASE_LOST)
 */
export async function campaign(
  kv: Kv,
  session: Session,
  name: string,
  signal: AbortSignal,
  now: () => Date = () => new Date(),
): Promise<Leadership> {
  const giveUp = AbortSignal.any([signal, session.signal]);
  const backoff = new Backoff(50, 2000);
  for (;;) {
    giveUp.throwIfAborted();
    try {
      const holder = await kv.get(keys.leader, giveUp);
      if (holder?.lease === session.lease) return leadership(kv, createdAt(keys.leader, holder.createRevision));
      if (holder === null) await attempt(kv, session, name, now());
      else await vacancy(kv, giveUp);
      backoff.reset();
    } catch (error) {
      giveUp.throwIfAborted();
      if (!isStateError(error, 'STATE_UNAVAILABLE', 'STATE_UNKNOWN_OUTCOME')) throw error;
      await pause(systemClock, backoff.next(), giveUp);
    }
  }
}

async function attempt(kv: Kv, session: Session, name: string, now: Date): Promise<void> {
  const leader = putRecord(records.leader, { name, since: now.toISOString() }, session.lease);
  await kv.commit({ when: [absent(keys.leader)], put: [leader] });
}

/** Resolves when nobody holds the leader key, or when the signal aborts. */
async function vacancy(kv: Kv, signal: AbortSignal): Promise<void> {
  for await (const batch of kv.watch(keys.leader, signal)) {
    if (batch.kind === 'snapshot' ? batch.entries.length === 0 : batch.deletes.length > 0) return;
  }
}

function leadership(kv: Kv, fence: Condition): Leadership {
  return {
    fence,
    resign: async () => {
      await kv.commit({ when: [fence], delete: [keys.leader] });
    },
  };
}
