// A data center that goes on by chance: machines that boot, fail, reboot by themselves and lose their reports, boot
// servers that die and lag, commits that come at any time. What is known of it is facts as etcd would have them.
import type { FinishAction, PowerAction, PublishAction } from '../../../reconciler/plan/action.ts';
import type { Plan } from '../../../reconciler/plan/plan.ts';
import { plan } from '../../../reconciler/plan/plan.ts';
import type { Blueprint } from '../../../renderers/blueprint.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../../schema/types/observed-server.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { blueprintOf, since } from './racks.ts';
import type { Random } from './random.ts';

/** What a machine really does, whoever knows. */
type Doing =
  | { readonly does: 'nothing' }
  | { readonly does: 'boots'; readonly bootId: string }
  | { readonly does: 'hangs' }
  | { readonly does: 'runs'; readonly report: ObservedMachine; readonly reported: boolean };

const servers = ['boot-0', 'boot-1', 'boot-2'];

export class World {
  readonly random: Random;
  now = since;
  /** By generation, the first at 0. */
  readonly generations: Blueprint[] = [];
  /** What the newest commit asks for. */
  wanted: Blueprint;
  readonly machines = new Map<string, ObservedMachine>();
  readonly operations = new Map<string, Operation>();
  readonly alive = new Map<string, ObservedServer>();
  /** Serials that have reported to run what a generation says, by generation. */
  readonly arrived = new Map<number, Set<string>>();
  readonly #doing = new Map<string, Doing>();
  readonly #racks: Readonly<Record<string, readonly string[]>>;
  readonly #policy: Blueprint['site']['rollout'];
  readonly #configs = new Map<string, string>();
  #boots = 0;
  #commits = 0;

  constructor(random: Random) {
    this.random = random;
    const racks: Record<string, readonly string[]> = {};
    for (let rack = random.between(1, 4); rack > 0; rack--) {
      const name = `r${Object.keys(racks).length}`;
      racks[name] = Array.from({ length: random.between(1, 6) }, (_, slot) => `${name.toUpperCase()}S${slot}`);
    }
    this.#racks = racks;
    this.#policy = {
      racksAtOnce: random.between(1, 3),
      maxUnavailablePerRack: random.between(1, 3),
      canaries: random.between(0, 2),
      deadlineSeconds: 600,
      ...(random.chance(0.6) ? morePolicy(random) : {}),
    };
    this.wanted = this.#compile();
    for (const name of servers) this.#serve(name);
  }

  get generation(): number {
    return this.generations.length;
  }

  get inForce(): Blueprint | null {
    return this.generations.at(-1) ?? null;
  }

  plan(): Plan {
    const blueprint = this.inForce;
    return plan({
      base: blueprint && { generation: this.generation, blueprint },
      target: { blueprint: this.wanted, commit: 'c'.repeat(40) },
      observed: { machines: this.machines, operations: this.operations, servers: this.alive },
      history: this.generations.slice(-2, -1),
      origin: () => null,
      now: this.now,
    });
  }

  publish(action: PublishAction): void {
    if (action.root !== this.wanted.root) throw new Error('the plan publishes what nobody wants');
    this.generations.push(this.wanted);
  }

  finish(action: FinishAction): void {
    this.operations.delete(action.serial);
  }

  /** What the executor does, which may die at any point in between. */
  power(action: PowerAction): void {
    const { serial, kind, generation, bootDigest, bootIdBefore } = action;
    const existing = this.operations.get(serial);
    if (existing && (existing.kind !== kind || existing.attempts > 0))
      throw new Error(`${serial} is worked on already`);
    const at = new Date(this.now).toISOString();
    const operation = existing ?? { serial, kind, generation, bootDigest, bootIdBefore, since: at, attempts: 0 };
    this.operations.set(serial, operation);
    // It dies, or the BMC does not answer.
    if (this.#unlucky(0.15)) return;
    if (kind === 'restart' || this.#doingOf(serial).does === 'nothing') this.#boot(serial);
    // It dies before it has said so.
    if (this.#unlucky(0.05)) return;
    this.operations.set(serial, { ...operation, attempts: 1 });
  }

  /** Some time passes. */
  go(): void {
    const { random } = this;
    this.now += random.between(1, 200) * 1000;
    for (const name of servers) {
      if (this.#unlucky(0.03)) this.alive.delete(name);
      else if (this.alive.has(name) || random.chance(0.3)) if (random.chance(0.7)) this.#serve(name);
    }
    for (const serial of this.#serials()) this.#goOn(serial);
    if (this.#unlucky(0.04)) this.commit();
  }

  /** From now on nothing goes wrong. */
  calm = false;

  /** Someone walks through the racks and resets what does not work. */
  repair(): void {
    for (const serial of this.#serials()) {
      const doing = this.#doingOf(serial);
      const operation = this.operations.get(serial);
      const stuck = operation && doing.does === 'runs' && doing.reported && operation.attempts > 0;
      if (doing.does === 'hangs' || stuck) this.#boot(serial);
    }
  }

  /** A new commit: for a role, a rack, a machine, or without any effect on what boots. */
  commit(): void {
    const { random } = this;
    this.#commits++;
    const rack = random.pick(Object.keys(this.#racks));
    const some = random.pick<readonly string[]>([
      this.#serials().filter((serial) => roleOf(serial) === 'cs'),
      this.#serials().filter((serial) => roleOf(serial) === 'ss'),
      this.#racks[rack] ?? [],
      [random.pick(this.#serials())],
      [],
    ]);
    // Now and then it takes an earlier one back.
    const config = random.pick(['old', `config ${this.#commits}`, `config ${this.#commits}`]);
    for (const serial of some) this.#configs.set(serial, config);
    this.wanted = this.#compile();
  }

  /** More time passes, in which nothing goes wrong. */
  wait(minutes: number): void {
    this.now += minutes * 60_000;
  }

  #unlucky(probability: number): boolean {
    return this.random.chance(probability) && !this.calm;
  }

  #compile(): Blueprint {
    return blueprintOf({
      racks: this.#racks,
      policy: this.#policy,
      config: (serial) => this.#configs.get(serial) ?? 'old',
      role: roleOf,
      labels: () => ({ commit: String(this.#commits) }),
      servers: servers.map((name, index) => ({ name, joined: index < 2 })),
    });
  }

  #serve(name: string): void {
    const served = { generation: this.generation, root: this.inForce?.root ?? null };
    this.alive.set(name, { name, ...served, assets: [], url: '', version: '', at: '' });
  }

  #boot(serial: string): void {
    this.#boots++;
    this.#doing.set(serial, { does: 'boots', bootId: `boot-${this.#boots}` });
  }

  #goOn(serial: string): void {
    const { random } = this;
    const doing = this.#doingOf(serial);
    switch (doing.does) {
      case 'nothing':
        return;
      case 'hangs':
        if (random.chance(0.05)) this.#boot(serial);
        return;
      case 'boots': {
        if (this.#unlucky(0.05)) this.#doing.set(serial, { does: 'hangs' });
        else if (random.chance(0.5)) this.#come(serial, doing.bootId);
        return;
      }
      case 'runs':
        if (!doing.reported && random.chance(0.5)) this.#report(serial, doing.report);
        else if (doing.reported && random.chance(0.3)) this.#repeat(doing.report);
        if (this.#unlucky(0.02)) this.#boot(serial);
    }
  }

  /** The machine's kernel runs: what it says on the way may get lost. */
  #come(serial: string, bootId: string): void {
    const { random } = this;
    const [server] = random.shuffled(this.alive.values());
    const served = server && this.generations[server.generation - 1];
    const machine = served?.machines.get(serial);
    if (!served || !machine) return;
    // A disk with something old on it, say.
    const stray = this.#unlucky(0.03);
    const report: ObservedMachine = {
      serial,
      phase: 'running',
      bootDigest: stray ? 'f'.repeat(64) : machine.bootDigest,
      bootId,
      generation: server.generation,
      address: machine.node,
      server: server.name,
      at: new Date(this.now).toISOString(),
    };
    if (random.chance(0.5)) this.machines.set(serial, { ...report, phase: 'provisioning' });
    this.#doing.set(serial, { does: 'runs', report, reported: false });
  }

  #report(serial: string, report: ObservedMachine): void {
    this.#doing.set(serial, { does: 'runs', report, reported: true });
    this.machines.set(serial, report);
    const wanted = this.generations[report.generation - 1]?.machines.get(serial)?.bootDigest;
    if (wanted !== report.bootDigest) return;
    const arrived = this.arrived.get(report.generation) ?? new Set();
    this.arrived.set(report.generation, arrived.add(serial));
  }

  /** Machines say again and again that they run. */
  #repeat(report: ObservedMachine): void {
    this.machines.set(report.serial, { ...report, at: new Date(this.now).toISOString(), since: report.at });
  }

  #doingOf(serial: string): Doing {
    return this.#doing.get(serial) ?? { does: 'nothing' };
  }

  #serials(): string[] {
    return Object.values(this.#racks).flat();
  }
}

/** The clock of the world begins at 09:00 in Tokyo, which never sets its clocks, and goes on for some hours. */
export const zone = { name: 'Asia/Tokyo', offsetMs: 9 * 3600_000 };

function morePolicy(random: Random): Partial<Blueprint['site']['rollout']> {
  const hour = (number: number): string => `${String(number % 24).padStart(2, '0')}:${random.pick(['00', '20', '45'])}`;
  const someRole = () => random.pick([{}, { roles: [random.pick(['cs', 'ss'])] }]);
  const [opens, freezes] = [random.between(6, 12), random.between(9, 13)];
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const window = { days: [...days], from: hour(opens), to: hour(opens + random.between(2, 20)), ...someRole() };
  const freeze = {
    from: `2026-01-01T${hour(freezes)}`,
    to: `2026-01-01T${hour(freezes + random.between(1, 3))}`,
    reason: 'a fair',
    ...someRole(),
  };
  const wave = random.pick([{ roles: ['ss'] }, { racks: ['r1'] }, { machines: ['R0S0', 'R1S0'] }]);
  const budgets = {
    ...(random.chance(0.5) ? { site: random.between(1, 4) } : {}),
    ...(random.chance(0.5) ? { powerFeed: random.between(1, 3) } : {}),
    ...(random.chance(0.5) ? { roles: { ss: random.between(1, 2) } } : {}),
  };
  return {
    timeZone: zone.name,
    ...(random.chance(0.5) ? { soakSeconds: random.pick([60, 300, 900]) } : {}),
    ...(random.chance(0.5) ? { waves: [{ name: 'early', ...wave }] } : {}),
    ...(random.chance(0.5) ? { windows: [window] } : {}),
    ...(random.chance(0.5) ? { freezes: [freeze] } : {}),
    ...(random.chance(0.5) ? { budgets } : {}),
  };
}

function roleOf(serial: string): string {
  return /[02468]$/.test(serial) ? 'cs' : 'ss';
}
