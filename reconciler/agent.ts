// The agent: pull → authenticate → compile → plan → execute → report, over and over. Every agent of a site does all of
// it but the executing, which the elected one does. Each round plans anew from facts: nothing is resumed.
import type { Logger } from 'pino';
import type { Blueprint } from '../renderers/blueprint.ts';
import { Bell } from '../schema/bell.ts';
import { canonicalJson, type Digest } from '../schema/canonical.ts';
import type { Kv } from '../schema/state/kv.ts';
import { Presence } from '../schema/state/presence.ts';
import { records } from '../schema/state/records.ts';
import type { ObservedAgent } from '../schema/types/observed-agent.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { agentNews } from './agent-news.ts';
import { Blueprints } from './blueprints.ts';
import type { ActionOutcome } from './execute/context.ts';
import { Intake, type IntakeOptions } from './intake/intake.ts';
import { Peers } from './intake/peers.ts';
import type { Action } from './plan/action.ts';
import { Observer } from './plan/observe.ts';
import { type Origin, originsOf } from './plan/origin.ts';
import { type Plan, plan } from './plan/plan.ts';
import { planHeadline, planText } from './plan/show/plan.ts';
import type { Power } from './power/power.ts';
import { Reign } from './reign.ts';
import type { AcceptedHead } from './source/accept.ts';
import { type CommitReport, reportOfPlan, reportOfRefusal } from './source/github/commit-report.ts';

export interface AgentOptions extends Omit<IntakeOptions, 'onVerdict'> {
  /** Name of the boot server that it runs on. */
  readonly name: string;
  readonly version: string;
  readonly kv: Kv;
  readonly power: Power;
  /** How long after the leader's death another one may lead. */
  readonly leaseSeconds: number;
  /** How long a commit that another agent has accepted may take to be accepted here. */
  readonly staleAfterSeconds: number;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** Called with how commits fare, again and again, the same or not. One agent is enough to say it: the one that leads. */
  readonly onReport?: (report: CommitReport, leads: boolean) => void;
}

/** What the site is to become. */
interface Aim {
  readonly blueprint: Blueprint;
  readonly commit: string;
  readonly origin: Origin;
}

/** How often a plan is made when nothing is heard: deadlines pass silently. */
const quietMs = 1_000;

export class Agent {
  readonly #options: AgentOptions;
  readonly #observer: Observer;
  readonly #intake: Intake;
  readonly #peers: Peers;
  readonly #reign: Reign;
  readonly #presence: Presence<ObservedAgent>;
  readonly #changed = new Bell();
  readonly #becameReady = new Bell();
  readonly #blueprints: Blueprints;
  #origins: { readonly head: AcceptedHead; readonly origin: Origin } | null = null;
  #ready = false;
  /** What was logged and written last, so that only news are. */
  #shown = '';
  #told = '';
  #trouble = '';
  /** The commit in force for which the site repo was last pulled out of turn. */
  #pulledFor = '';

  constructor(options: AgentOptions) {
    const { kv, name, power, leaseSeconds, log } = options;
    const onTrouble = (error: unknown) => log.warn({ event: 'trouble', err: error }, 'etcd');
    const onChange = () => this.#changed.ring();
    this.#options = options;
    this.#blueprints = new Blueprints(kv, log);
    this.#observer = new Observer(kv, this.#changed, onTrouble);
    this.#intake = new Intake({ ...options, onVerdict: onChange });
    this.#peers = new Peers({ ...options, onUnknown: () => this.#intake.pullNow() });
    this.#presence = new Presence({ kv, kind: records.observedAgent, ttlSeconds: leaseSeconds, onTrouble });
    const context = {
      power,
      signerOf: (commit: string) => this.#intake.belief.signerOf(commit),
      objects: () => this.#intake.belief.head?.compiled.objects ?? new Map<Digest, string>(),
      targetEntry: () => this.#observer.target?.entry ?? null,
      operationEntry: (serial: string) => this.#observer.operationEntry(serial),
      now: () => new Date(),
      count: (kind: Action['kind'], outcome: ActionOutcome) => options.metrics.actionsDone.inc({ kind, outcome }),
      log,
    };
    this.#reign = new Reign({ kv, name, leaseSeconds, context, onChange, log });
  }

  /** Pull now rather than at the next poll. */
  pullNow(): void {
    this.#intake.pullNow();
  }

  /** Whether a plan has been made: something is accepted and the state is known, so that this agent does its work. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Work until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#tell(null);
    const loops = [this.#observer.run(signal), this.#presence.run(signal), this.#planLoop(signal)];
    await Promise.all([...loops, this.#takeIn(signal), this.#standForElection(signal)]);
  }

  /** Who can do nothing must not keep those from leading who can. */
  async #standForElection(signal: AbortSignal): Promise<void> {
    while (!this.#ready && !signal.aborted) await this.#becameReady.wait(signal);
    await this.#reign.run(signal);
  }

  /** What the site has accepted must be known before a head is judged. */
  async #takeIn(signal: AbortSignal): Promise<void> {
    await this.#observer.whenReady(signal);
    const site = () => ({
      accepted: this.#observer.target?.target.commit ?? null,
      others: this.#peers.othersOf(this.#observer.agents()).flatMap(({ accepted }) => accepted ?? []),
    });
    await this.#intake.run(site, signal);
  }

  async #planLoop(signal: AbortSignal): Promise<void> {
    const { log, metrics } = this.#options;
    while (!signal.aborted) {
      await this.#changed.wait(signal, quietMs);
      if (signal.aborted || !this.#observer.ready) continue;
      try {
        this.#compare();
        const made = await this.#plan(signal);
        if (made) this.#act(made);
        this.#tell(made);
        metrics.plans.inc();
        this.#trouble = '';
      } catch (error) {
        const trouble = error instanceof Error ? error.message : String(error);
        if (signal.aborted || trouble === this.#trouble) continue;
        this.#trouble = trouble;
        log.warn({ event: 'plan-failed', err: error }, 'no plan could be made');
      }
    }
  }

  /** @returns null while nothing is accepted, or it is not known yet what of it may come into force */
  async #plan(signal: AbortSignal): Promise<Plan | null> {
    const blueprints = this.#blueprints;
    blueprints.begin();
    const target = this.#observer.target?.target ?? null;
    const follows = target ? this.#intake.belief.follows(target.commit) : true;
    if (target && !follows) this.#pullFor(target.commit);
    if (follows === null) return null;
    // To plan for a head that does not follow on what is in force would take the site back. Without one that does, what
    // is in force is what the site is to be.
    const aim = follows ? this.#aimOfHead() : null;
    if (aim) blueprints.add(aim.blueprint);
    const inForce = target && (await blueprints.get(target.root, signal));
    const before = target?.parent ? await blueprints.getIfReadable(target.parent, signal) : null;
    const { blueprint, commit, origin } = aim ?? {
      blueprint: inForce,
      commit: target?.commit ?? '',
      origin: () => null,
    };
    if (!blueprint) return null;
    const made = plan({
      base: target && inForce && { generation: target.generation, blueprint: inForce },
      target: { blueprint, commit },
      observed: this.#observer.observed(),
      history: before ? [before] : [],
      origin,
      held: this.#intake.belief.held,
      now: Date.now(),
    });
    this.#ready = true;
    this.#becameReady.ring();
    return made;
  }

  #aimOfHead(): Aim | null {
    const { head } = this.#intake.belief;
    if (!head) return null;
    const { blueprint, site } = head.compiled;
    if (this.#origins?.head !== head) this.#origins = { head, origin: originsOf(site) };
    return { blueprint, commit: head.commit, origin: this.#origins.origin };
  }

  /** Another agent has published what this one has not pulled yet: it is pulled for once. */
  #pullFor(commit: string): void {
    if (this.#pulledFor !== commit) this.#intake.pullNow();
    this.#pulledFor = commit;
  }

  /** Look at what the other agents have accepted, and at how old it is what this one has. */
  #compare(): void {
    const { memory, belief, relations } = this.#intake;
    const now = Date.now();
    this.#peers.compare({
      accepted: memory?.accepted?.commit ?? null,
      root: belief.head?.compiled.blueprint.root ?? null,
      relations,
      agents: this.#observer.agents(),
      now,
    });
    const { headSeconds } = belief;
    if (headSeconds !== null) this.#options.metrics.acceptedAgeSeconds.set(Math.round(now / 1000) - headSeconds);
  }

  #act(made: Plan): void {
    const { log, metrics } = this.#options;
    const text = planText(made);
    if (text !== this.#shown) log.info({ event: 'plan', headline: planHeadline(made), text }, 'plan');
    this.#shown = text;
    metrics.actionsWanted.set(made.actions.length);
    metrics.generation.set(made.baseGeneration ?? 0);
    metrics.halted.set(made.halted === null ? 0 : 1);
    metrics.leader.set(this.#reign.leads ? 1 : 0);
    const commitInForce = this.#observer.target?.target.commit ?? null;
    const agents = this.#observer.agents();
    this.#reign.carryOut(made, { commitInForce, refused: this.#intake.belief.refused, agents });
    this.#report(made);
  }

  #report(made: Plan): void {
    const { onReport } = this.#options;
    const { pulled, belief } = this.#intake;
    const { refused } = belief;
    const { leads } = this.#reign;
    onReport?.(reportOfPlan(made), leads);
    if (pulled !== null && refused !== null) onReport?.(reportOfRefusal(pulled, refused), leads);
  }

  /** Write what this agent does for others to see, when it has something new to say. */
  #tell(made: Plan | null): void {
    const { name, version, repository } = this.#options;
    const { disagreement } = this.#peers;
    const { leads } = this.#reign;
    const { sources } = repository;
    const news = agentNews({ name, version, leads, intake: this.#intake, disagreement, made, sources });
    const text = canonicalJson(news);
    if (text === this.#told) return;
    this.#told = text;
    this.#presence.set({ ...news, at: new Date().toISOString() });
  }
}
