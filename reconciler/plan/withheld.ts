// Whether boot servers disagree on the newest commit: a mirror that withholds updates, a branch that was overwritten, or
// two commits of one id show themselves by that. Pure.
import type { Digest } from '../../schema/canonical.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { Oid } from '../source/commit.ts';
import type { Relation } from '../source/relation.ts';

export interface WithheldInput {
  /** Name of this server. */
  readonly name: string;
  /** Newest commit that this agent has accepted, and what it has compiled that to. */
  readonly accepted: Oid | null;
  readonly root: Digest | null;
  readonly version: string;
  /** All agents that are alive, perhaps this one among them. */
  readonly agents: readonly ObservedAgent[];
  /** How what this one has accepted stands to what others have; what is missing has not been looked into yet. */
  readonly relations: ReadonlyMap<Oid, Relation | 'unknown'>;
  /** How long a commit may take from one server to the other. */
  readonly staleAfterSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type Disagreement = NonNullable<ObservedAgent['behind']>;

/** The worst disagreement, and of those the oldest; null when there is none that matters yet. */
export function disagreement(input: WithheldInput): Disagreement | null {
  const found = input.agents.flatMap((agent) => (agent.name === input.name ? [] : (withOne(input, agent) ?? [])));
  return found.sort((a, b) => worst.indexOf(a.kind) - worst.indexOf(b.kind) || compareTimes(a, b))[0] ?? null;
}

const worst: readonly Disagreement['kind'][] = ['differs', 'aside', 'behind'];

function withOne(input: WithheldInput, agent: ObservedAgent): Disagreement | null {
  const { name: server, accepted: commit, acceptedSince: since, root, version } = agent;
  if (commit === undefined || since === undefined || input.accepted === null) return null;
  if (commit === input.accepted) {
    // Another version of the program may well make something else of the same commit.
    const isSame = root === undefined || input.root === null || root === input.root || version !== input.version;
    return isSame ? null : { kind: 'differs', server, commit, since };
  }
  switch (input.relations.get(commit)) {
    case 'aside':
      return { kind: 'aside', server, commit, since };
    case 'behind':
    case 'unknown':
      if (input.now - Date.parse(since) <= input.staleAfterSeconds * 1000) return null;
      return { kind: 'behind', server, commit, since };
    case 'same':
    case 'ahead':
    case undefined:
      return null;
  }
}

function compareTimes(a: Disagreement, b: Disagreement): number {
  return Date.parse(a.since) - Date.parse(b.since);
}

/** In words, for people. */
export function disagreementText({ kind, server, commit, since }: Disagreement): string {
  const id = commit.slice(0, 12);
  switch (kind) {
    case 'behind':
      return `${server} has accepted commit ${id} since ${since}, which has not been accepted here: does a mirror withhold it?`;
    case 'aside':
      return `${server} has accepted commit ${id} since ${since}, and neither history contains the other's newest commit`;
    case 'differs':
      return `${server} has compiled the same commit ${id} to something else: do both have the same files?`;
  }
}
