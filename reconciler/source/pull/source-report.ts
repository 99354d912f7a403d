// What each source of the site repo has answered last, for people and metrics to look at.
import type { Oid } from '../commit.ts';
import type { RepositoryError, RepositoryErrorCode } from '../repository-error.ts';

/**
 * - `unasked`: not since this process has started; those before it were good enough
 * - `current`: its head contains all that was accepted
 * - `behind`: it lacks some of what was accepted, as far as that is known here: slow, or made to withhold it
 * - `aside`: its head has parted from what was accepted, which is known because both are here
 * - `failed`: the last attempt brought nothing
 */
export type SourceState = 'unasked' | 'current' | 'behind' | 'aside' | 'failed';

export interface SourceFault {
  readonly code: RepositoryErrorCode;
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface SourceReport {
  /** URL or path, without secrets. */
  readonly location: string;
  readonly state: SourceState;
  /** Whether the last fetch has taken its head from here. */
  readonly used: boolean;
  /** Its head when it answered last, and when that was (ISO 8601, UTC); null before it ever has. */
  readonly head: Oid | null;
  readonly answeredAt: string | null;
  /** Why the last attempt failed; null when it did not. */
  readonly error: SourceFault | null;
  /** Why approvals could not be had from it the last time, though the branch could. */
  readonly approvalsError: SourceFault | null;
}

export function unaskedReport(location: string): SourceReport {
  const nothing = { head: null, answeredAt: null, error: null, approvalsError: null };
  return { location, state: 'unasked', used: false, ...nothing };
}

export function faultOf({ code, message }: RepositoryError): SourceFault {
  return { code, message, at: new Date().toISOString() };
}
