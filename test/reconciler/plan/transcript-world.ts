// What transcripts play on: the example site's repo, its boot servers and its machines, all of which do as they are told.
import type { Action } from '../../../reconciler/plan/action.ts';
import { originsOf } from '../../../reconciler/plan/origin.ts';
import { type Plan, plan } from '../../../reconciler/plan/plan.ts';
import { previewJson } from '../../../reconciler/plan/show/json.ts';
import { previewMarkdown } from '../../../reconciler/plan/show/markdown.ts';
import { nameList } from '../../../reconciler/plan/show/name-list.ts';
import { previewBetween } from '../../../reconciler/plan/show/offline.ts';
import { planHeadline, planText } from '../../../reconciler/plan/show/plan.ts';
import { previewText } from '../../../reconciler/plan/show/text.ts';
import type { CompiledSite } from '../../../reconciler/source/accept.ts';
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { sha256 } from '../../../schema/canonical.ts';
import type { SiteFiles } from '../../../schema/load.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../../schema/types/observed-server.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { compiled, edited, example, exampleFiles, textOf } from './example.ts';

type Command = (argument: string, patch: readonly string[]) => readonly string[];

export class TranscriptWorld {
  #files: SiteFiles = exampleFiles;
  #head: CompiledSite = example;
  #commit = sha256('the example').slice(0, 40);
  #now = Date.parse('2026-01-01T00:00:00.000Z');
  #boots = 0;
  readonly #generations: Blueprint[] = [];
  readonly #machines = new Map<string, ObservedMachine>();
  readonly #operations = new Map<string, Operation>();
  readonly #servers = new Map<string, ObservedServer>();
  readonly #digests: string[] = [];

  readonly #commands: Readonly<Record<string, Command>> = {
    /** begin: the example is in force, and every machine runs it */
    begin: () => this.#begin(),
    /** edit FILE, with a patch */
    edit: (file, patch) => this.#edit(file, patch),
    /** commit SUBJECT: the site repo's head is accepted as it is */
    commit: (subject) => this.#accept(subject),
    /** plan: the plan as it is shown */
    plan: () => this.#numbered(planText(this.#plan())).split('\n'),
    /** preview [full] [markdown|json]: as `berth plan --base` shows it, every machine taken to run what is in force */
    preview: (how) => this.#numbered(this.#preview(how.split(' '))).split('\n'),
    /** start: what is open is done, up to the asking for power */
    start: () => this.#start(),
    /** serve [SERVERS]: boot servers, by default all that have joined, serve what is in force */
    serve: (names) => this.#serve(names),
    /** back MACHINES, or all that were powered, or all but MACHINES: they report that they run what is served */
    back: (names) => this.#report(this.#named(names), {}),
    /** strays MACHINES: they report that they run something else */
    strays: (names) => this.#report(this.#named(names), { bootDigest: sha256('a disk that should be empty') }),
    /** boots MACHINES: they report that they begin to boot */
    boots: (names) => this.#report(this.#named(names), { phase: 'provisioning' }),
    /** wait N min */
    wait: (time) => this.#wait(time),
    /** roll: everyone does their part until nothing is left to do; a line for each round */
    roll: () => this.#roll(),
  };

  /** @returns what is printed @throws {Error} for a command that makes no sense */
  run(line: string, patch: readonly string[]): readonly string[] {
    const [name = '', ...rest] = line.split(' ');
    const command = this.#commands[name];
    if (!command) throw new Error(`there is no command ${name}`);
    return command(rest.join(' '), patch);
  }

  get #inForce(): Blueprint | undefined {
    return this.#generations.at(-1);
  }

  #begin(): readonly string[] {
    this.#roll();
    return [];
  }

  #edit(file: string, patch: readonly string[]): readonly string[] {
    const lines = (sign: string) => patch.filter((line) => line.startsWith(sign)).map((line) => `${line.slice(2)}\n`);
    const [gone, added] = [lines('-').join(''), lines('+').join('')];
    if (gone !== '') this.#files = edited(this.#files, [file, gone, added]);
    else {
      // With nothing to replace, lines come at the end.
      const before = this.#files.get(file);
      const bytes = Buffer.concat([before?.bytes ?? Buffer.alloc(0), Buffer.from(added)]);
      this.#files = new Map([...this.#files, [file, { executable: false, ...before, bytes }]]);
    }
    return [];
  }

  #accept(subject: string): readonly string[] {
    this.#head = compiled(this.#files);
    this.#commit = sha256(subject).slice(0, 40);
    return [];
  }

  #plan(): Plan {
    const blueprint = this.#inForce;
    return plan({
      base: blueprint ? { generation: this.#generations.length, blueprint } : null,
      target: { blueprint: this.#head.blueprint, commit: this.#commit },
      observed: { machines: this.#machines, operations: this.#operations, servers: this.#servers },
      history: this.#generations.slice(0, -1).reverse(),
      origin: originsOf(this.#head.site),
      now: this.#now,
    });
  }

  #preview(how: readonly string[]): string {
    const { blueprint, site } = this.#head;
    const preview = previewBetween(this.#inForce ?? null, { blueprint, commit: this.#commit }, originsOf(site));
    const options = { heading: 'Plan for the files here, compared with main', full: how.includes('full') };
    if (how.includes('json')) return JSON.stringify(previewJson(preview), null, 2);
    return how.includes('markdown') ? previewMarkdown(preview, options) : previewText(preview, options);
  }

  #start(): readonly string[] {
    const done = new Map<string, string[]>();
    for (const action of this.#plan().actions) {
      if (!action.gate.open) continue;
      const [what, subject] = this.#carryOut(action);
      done.set(what, [...(done.get(what) ?? []), subject]);
    }
    return [...done].map(([what, subjects]) => `${what} ${nameList(subjects)}`);
  }

  /** @returns what was done, and to whom */
  #carryOut(action: Action): readonly [string, string] {
    switch (action.kind) {
      case 'publish':
        this.#generations.push(this.#head.blueprint);
        return ['published', `generation ${action.generation}`];
      case 'finish':
        this.#operations.delete(action.serial);
        return ['finished', action.name];
      case 'provision':
      case 'restart': {
        const { serial, name, kind, generation, bootDigest, bootIdBefore } = action;
        const since = new Date(this.#now).toISOString();
        this.#operations.set(serial, { serial, kind, generation, bootDigest, bootIdBefore, since, attempts: 1 });
        return [kind === 'restart' ? 'restarted' : 'powered', name];
      }
    }
  }

  #serve(names: string): readonly string[] {
    const blueprint = this.#inForce;
    if (!blueprint) return [];
    const joined = blueprint.site.servers.filter((server) => server.joined).map(({ name }) => name);
    const [generation, at] = [this.#generations.length, new Date(this.#now).toISOString()];
    for (const name of names === '' ? joined : names.split(' ')) {
      this.#servers.set(name, { name, generation, root: blueprint.root, assets: [], url: '', version: '', at });
    }
    return [];
  }

  #report(machines: readonly MachineObject[], report: Partial<ObservedMachine>): readonly string[] {
    const [generation, at] = [this.#generations.length, new Date(this.#now).toISOString()];
    for (const { serial, bootDigest, node } of machines) {
      this.#boots++;
      const usual = { bootDigest, bootId: `boot-${this.#boots}`, generation, address: node, server: 'boot-0', at };
      this.#machines.set(serial, { serial, phase: 'running', ...usual, ...report });
    }
    return [];
  }

  /**
   * The text with digests as numbers, in the order in which they come up, but for those that the site repo says itself.
   * They follow from all of the example: transcripts would have to be written anew with every change of it.
   */
  #numbered(text: string): string {
    const releases = textOf(this.#files, 'releases.yaml');
    return text.replace(/\b([0-9a-f]{12})(?:[0-9a-f]{52})?\b/g, (_, digest: string) => {
      if (releases.includes(digest) || this.#commit.startsWith(digest)) return digest;
      if (!this.#digests.includes(digest)) this.#digests.push(digest);
      return `<${this.#digests.indexOf(digest) + 1}>`;
    });
  }

  #named(names: string): readonly MachineObject[] {
    const machines = [...(this.#inForce?.machines.values() ?? [])];
    const [, , but = ''] = /^all( but (.+))?$/.exec(names) ?? [];
    if (names.startsWith('all')) {
      return machines.filter(({ serial, name }) => this.#operations.has(serial) && !but.split(' ').includes(name));
    }
    return names.split(' ').map((name) => {
      const machine = machines.find((each) => each.name === name);
      if (!machine) throw new Error(`no machine in force is called ${name}`);
      return machine;
    });
  }

  #wait(time: string): readonly string[] {
    const [, minutes] = /^(\d+) min$/.exec(time) ?? [];
    if (minutes === undefined) throw new Error(`${time} is not of the form 5 min`);
    this.#now += Number(minutes) * 60_000;
    return [];
  }

  #roll(): readonly string[] {
    const rounds: string[] = [];
    for (;;) {
      const made = this.#plan();
      rounds.push(`${planHeadline(made)}${openNames(made)}`);
      if (made.actions.length === 0 && made.underWay.length === 0) return rounds;
      if (rounds.length > 200) throw new Error(`this comes to no end: ${rounds.at(-1)}`);
      for (const action of made.actions) if (action.gate.open) this.#carryOut(action);
      this.#serve('');
      this.#report(this.#named('all'), {});
    }
  }
}

/** The machines that are powered now. */
function openNames({ actions }: Plan): string {
  const names = actions.flatMap((action) => {
    return (action.kind === 'restart' || action.kind === 'provision') && action.gate.open ? [action.name] : [];
  });
  return names.length === 0 ? '' : `: ${nameList(names)}`;
}
