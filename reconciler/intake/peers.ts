// What the other agents of the site have accepted: whether this one disagrees with them, and what it has to pull for.
import type { Logger } from 'pino';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { AgentMetrics } from '../agent-metrics.ts';
import { type Disagreement, disagreement, disagreementText, type WithheldInput } from '../plan/withheld.ts';
import type { Oid } from '../source/commit.ts';

export interface PeersOptions {
  /** Name of the boot server that this agent runs on. */
  readonly name: string;
  readonly version: string;
  /** How long a commit that another agent has accepted may take to be accepted here. */
  readonly staleAfterSeconds: number;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** Called when another agent has accepted what has not been looked for here yet. */
  readonly onUnknown: () => void;
}

export class Peers {
  readonly #options: PeersOptions;
  #disagreement: Disagreement | null = null;
  /** What was logged last, so that only news are. */
  #told = '';
  /** Commits of others that are being looked for: each is pulled for once. */
  #unknown: ReadonlySet<Oid> = new Set();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** The worst disagreement that there is; null for none. */
  get disagreement(): Disagreement | null {
    return this.#disagreement;
  }

  /** The agents of other servers among those that are alive. */
  othersOf(agents: readonly ObservedAgent[]): readonly ObservedAgent[] {
    return agents.filter(({ name }) => name !== this.#options.name);
  }

  /** Compare with what the agents that are alive have accepted. @param now milliseconds since 1970 */
  compare(own: Pick<WithheldInput, 'accepted' | 'root' | 'relations' | 'agents' | 'now'>): void {
    const { name, version, staleAfterSeconds, metrics, log } = this.#options;
    this.#lookFor(own);
    const found = disagreement({ ...own, name, version, staleAfterSeconds });
    this.#disagreement = found;
    metrics.behindSeconds.set(found ? Math.max(1, Math.round((own.now - Date.parse(found.since)) / 1000)) : 0);
    const text = found ? disagreementText(found) : '';
    if (text !== '' && text !== this.#told) log.error({ event: 'behind', ...found }, text);
    this.#told = text;
  }

  #lookFor({ accepted: mine, relations, agents }: Pick<WithheldInput, 'accepted' | 'relations' | 'agents'>): void {
    const known = (commit: Oid) => mine === null || commit === mine || relations.has(commit);
    const theirs = this.othersOf(agents).flatMap(({ accepted }) => accepted ?? []);
    const unknown = new Set(theirs.filter((commit) => !known(commit)));
    const isNews = [...unknown].some((commit) => !this.#unknown.has(commit));
    this.#unknown = unknown;
    if (isNews) this.#options.onUnknown();
  }
}
