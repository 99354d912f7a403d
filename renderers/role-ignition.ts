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
import { checkClaims, claimsByTemplate } from './ignition-claims.ts';
import { mergeIgnition, originAt, type SourceOrigins } from './ignition-source.ts';

/** Whom a fault is found for. */
interface RenderedMachine {
  readonly name: string;
  readonly serial: string;
}

export class RoleIgnition {
  readonly source: IgnitionSource;
  readonly #role: SiteDocumentFile<RoleDocument>;
  readonly #origins: SourceOrigins;
  readonly #renderer: IgnitionRenderer | null;
  /** Paths that hold templates can clash on one machine and not on another. */
  readonly #checksEachMachine: boolean;
  /** By rule and place: what fails for one machine mostly fails for many. */
  readonly #diagnostics = new Map<string, Diagnostic>();

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
    this.#renderer = this.#prepare();
    this.#checksEachMachine = diagnostics.length === 0 && claimsByTemplate(source.config);
  }

  get diagnostics(): Iterable<Diagnostic> {
    return this.#diagnostics.values();
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

  #finding({ pointer, offset, message }: IgnitionFault): Diagnostic {
    return { rule: 'BERTH-503', severity: 'error', place: this.#placeOf(pointer, offset), message };
  }

  #placeOf(pointer: string, offset: number): Place {
    return originAt(this.#origins, pointer, offset) ?? this.#role.placeOf('ignition');
  }

  /** The first finding at a place stands for all. */
  #report(diagnostic: Diagnostic): void {
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
