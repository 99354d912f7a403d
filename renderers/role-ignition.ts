// The Ignition of one role: merged and prepared once, rendered for each machine, its faults found and placed.
import type { Diagnostic, Place } from '../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import type { IgnitionFolder } from '../schema/load.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { RoleDocument } from '../schema/types/role.ts';
import {
  IgnitionError,
  type IgnitionFault,
  type IgnitionRenderer,
  type IgnitionScope,
  prepareIgnition,
} from './ignition.ts';
import { checkIgnition } from './ignition-checks.ts';
import { checkClaims, claimsByTemplate } from './ignition-claims.ts';
import { mergeIgnition, originAt, type SourceOrigins } from './ignition-source.ts';

/** Whom a fault is found for. */
interface RenderedMachine {
  readonly name: string;
  readonly serial: string;
}

/**
 * Twice what a source may have: file contents grow when they become URLs, and more than that comes of lists. Machines of
 * a rack ask all at once, each holds its config in memory before it has a disk, and boot servers render it anew for each.
 */
const maxRenderedBytes = 2 << 20;

export class RoleIgnition {
  readonly source: IgnitionSource;
  readonly #role: SiteDocumentFile<RoleDocument>;
  readonly #origins: SourceOrigins;
  readonly #renderer: IgnitionRenderer | null;
  /** Paths that hold templates can clash on one machine and not on another. */
  readonly #checksEachMachine: boolean;
  /** By rule and place: what fails for one machine mostly fails for many. */
  readonly #diagnostics = new Map<string, Diagnostic>();
  #findingCount = 0;

  /** @param variables of the role, those of the site's defaults included */
  constructor(
    name: string,
    role: SiteDocumentFile<RoleDocument>,
    variables: IgnitionSource['variables'],
    folders: ReadonlyMap<string, IgnitionFolder>,
  ) {
    const { source, origins, diagnostics } = mergeIgnition(name, role, variables, folders);
    this.source = source;
    this.#role = role;
    this.#origins = origins;
    for (const diagnostic of diagnostics) this.#report(diagnostic);
    const placeAt = (pointer: string, offset: number): Place => this.#placeOf(pointer, offset);
    for (const diagnostic of checkIgnition(source.config, role, placeAt)) this.#note(diagnostic);
    this.#renderer = this.#prepare();
    this.#checksEachMachine = diagnostics.length === 0 && claimsByTemplate(source.config);
  }

  get diagnostics(): Iterable<Diagnostic> {
    return this.#diagnostics.values();
  }

  /** How often anything was found so far, the same again included. */
  get findingCount(): number {
    return this.#findingCount;
  }

  /** Whether any of its templates names a value or something in it, such as `machine.labels`. */
  reads(name: string): boolean {
    return [...(this.#renderer?.names ?? [])].some((read) => read === name || read.startsWith(`${name}.`));
  }

  /** The Ignition of a machine as canonical JSON; null when it has faults, which then are among the diagnostics. */
  render(scope: IgnitionScope, machine: RenderedMachine): string | null {
    const found = { hint: `found for ${machine.name} (${machine.serial})` };
    try {
      const text = this.#renderer?.(scope) ?? null;
      if (text !== null && this.#checksEachMachine) {
        const clashes = checkClaims(JSON.parse(text), (pointer) => this.#placeOf(pointer, 0));
        for (const clash of clashes) this.#report({ ...clash, ...found });
      }
      if (text !== null && text.length > maxRenderedBytes) this.#report(this.#tooLarge(text.length, machine));
      return text;
    } catch (error) {
      for (const fault of faultsOf(error)) this.#report({ ...this.#finding(fault), ...found });
      return null;
    }
  }

  /** Look for what would fail on every machine, in a role that has none. */
  rehearse(scope: IgnitionScope): void {
    try {
      this.#renderer?.(scope);
    } catch (error) {
      for (const fault of faultsOf(error)) {
        if (!isMachinesOwn(fault.variable)) this.#report(this.#finding(fault));
      }
    }
  }

  #prepare(): IgnitionRenderer | null {
    try {
      return prepareIgnition(this.source);
    } catch (error) {
      const hint = 'where {{ itself is meant, write {{ "{{" }}';
      for (const fault of faultsOf(error)) this.#report({ ...this.#finding(fault), hint });
      return null;
    }
  }

  #tooLarge(bytes: number, { name, serial }: RenderedMachine): Diagnostic {
    return {
      rule: 'BERTH-511',
      severity: 'error',
      place: this.#role.placeOf('ignition'),
      message: `the Ignition of ${name} (${serial}) has ${bytes} bytes, more than the ${maxRenderedBytes} that machines get`,
      hint: 'move what is large into a release asset, which a unit fetches',
    };
  }

  #finding({ pointer, offset, message }: IgnitionFault): Diagnostic {
    return { rule: 'BERTH-503', severity: 'error', place: this.#placeOf(pointer, offset), message };
  }

  #placeOf(pointer: string, offset: number): Place {
    return originAt(this.#origins, pointer, offset) ?? this.#role.placeOf('ignition');
  }

  /** The first finding at a place stands for all. */
  #report(diagnostic: Diagnostic): void {
    this.#findingCount += 1;
    this.#note(diagnostic);
  }

  /** Without counting it: what is found of the source alone does not depend on which machines are rendered. */
  #note(diagnostic: Diagnostic): void {
    const { file, line, column } = diagnostic.place;
    const key = `${diagnostic.rule} ${file}:${line}:${column}`;
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic);
  }
}

/** What a machine that is to come may bring along. */
function isMachinesOwn(variable: string | null): boolean {
  return /^machine\.(labels\.|product$)/.test(variable ?? '');
}

function faultsOf(error: unknown): readonly IgnitionFault[] {
  if (!(error instanceof IgnitionError)) throw error;
  return error.faults;
}
