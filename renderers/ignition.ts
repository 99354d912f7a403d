// A role's Ignition source and a machine → the Ignition config (spec 3.3.0) that the machine gets.
import { canonicalJson } from '../schema/canonical.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { SiteObject } from '../schema/types/site-object.ts';
import {
  type Encode,
  encodeTexts,
  namesRead,
  parseTemplate,
  renderTemplate,
  type Template,
  TemplateError,
  type TemplateValue,
} from './template.ts';

/** A template of an Ignition source that fails; `pointer` (RFC 6901) leads to it in the source's config. */
export interface IgnitionFault {
  readonly message: string;
  readonly pointer: string;
  /** Into the template, in UTF-16 code units. */
  readonly offset: number;
  /** The variable that cannot be filled in; null where the text is no template. */
  readonly variable: string | null;
}

/** Every text of a source that cannot be read or filled in; the message is that of the first. */
export class IgnitionError extends Error {
  readonly code = 'IGNITION';
  constructor(readonly faults: readonly IgnitionFault[]) {
    super(faults[0]?.message);
    this.name = 'IgnitionError';
  }
}

/** Everything that templates can name, for one machine. */
export type IgnitionScope = { readonly [name: string]: TemplateValue };

/** Renders one role's Ignition: canonical JSON. */
export interface IgnitionRenderer {
  (scope: IgnitionScope): string;
  /** What its templates name; nothing else of a scope has a part in what is rendered. */
  readonly names: ReadonlySet<string>;
}

interface Hole {
  readonly pointer: string;
  readonly template: Template;
  readonly encode: Encode;
}

/**
 * Prepare a source for rendering: its templates are parsed and its fixed texts encoded once, for all machines.
 * @throws {IgnitionError} when a template cannot be read; the renderer throws it when one cannot be filled in
 */
export function prepareIgnition(source: IgnitionSource): IgnitionRenderer {
  const writer = new Writer();
  writer.text(`{"ignition":{"version":"${source.version}"}`);
  for (const [section, value] of Object.entries(source.config).sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.text(`,${JSON.stringify(section)}:`);
    writer.value(value, `/${section}`);
  }
  writer.text('}');
  if (writer.faults.length > 0) throw new IgnitionError(writer.faults);
  const pieces = joinTexts(writer.pieces);
  const render = (scope: IgnitionScope): string => {
    let result = '';
    const faults: IgnitionFault[] = [];
    for (const piece of pieces) result += typeof piece === 'string' ? piece : fill(piece, scope, faults);
    if (faults.length > 0) throw new IgnitionError(faults);
    return result;
  };
  const names = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [...namesRead(piece.template)]));
  return Object.assign(render, { names: new Set(names) });
}

/** What templates can see of the site object. */
export type TemplateSite = Pick<SiteObject, 'site' | 'domain' | 'dns' | 'ntp' | 'proxy' | 'servers'>;

/** What a machine's templates can name; see docs/site-repo.md for the list. */
export function ignitionScope(
  site: TemplateSite,
  rack: RackObject,
  machine: MachineObject,
  source: IgnitionSource,
): IgnitionScope {
  return {
    site: {
      name: site.site,
      domain: site.domain,
      dns: site.dns,
      ntp: site.ntp,
      ...(site.proxy === undefined ? {} : { proxy: site.proxy }),
    },
    bootServers: site.servers.filter(({ joined }) => joined).map(({ name, node }) => ({ name, node })),
    rack: { number: rack.rack, name: rack.name, asn: rack.asn, powerFeed: rack.powerFeed },
    machine: {
      serial: machine.serial,
      name: machine.name,
      role: machine.role,
      slot: machine.slot,
      node: machine.node,
      macs: machine.macs,
      links: machine.links.map((link, index) => {
        const mac = machine.macs[index];
        const { tor, address, prefixLength, gateway } = link;
        return { tor, address, prefixLength, gateway, ...(mac === undefined ? {} : { mac }) };
      }),
      bmc: {
        address: machine.bmc.address,
        prefixLength: machine.bmc.prefixLength,
        gateway: machine.bmc.gateway,
      },
      labels: machine.labels,
      ...(machine.product === undefined ? {} : { product: machine.product }),
    },
    os: { name: machine.boot.os },
    variables: machine.variables === undefined ? source.variables : { ...source.variables, ...machine.variables },
  };
}

const jsonText: Encode = (text) => JSON.stringify(text).slice(1, -1);
const identity: Encode = (text) => text;

/** Writes the canonical JSON of a config, with holes where templates stand. */
class Writer {
  readonly pieces: (string | Hole)[] = [];
  readonly faults: IgnitionFault[] = [];

  text(text: string): void {
    this.pieces.push(text);
  }

  value(value: unknown, pointer: string): void {
    if (typeof value === 'string') this.template(value, pointer, jsonText);
    else if (Array.isArray(value)) {
      this.text('[');
      for (const [index, item] of value.entries()) {
        if (index > 0) this.text(',');
        this.value(item, `${pointer}/${index}`);
      }
      this.text(']');
    } else if (typeof value === 'object' && value !== null) this.record(value, pointer);
    else this.text(canonicalJson(value));
  }

  private record(record: object, pointer: string): void {
    if ('inline' in record && typeof record.inline === 'string') {
      // File contents go as a data URL (RFC 2397).
      this.text('{"source":');
      this.template(record.inline, `${pointer}/inline`, encodeURIComponent, 'data:,');
      this.text('}');
      return;
    }
    this.text('{');
    for (const [index, key] of Object.keys(record).sort().entries()) {
      this.text(`${index > 0 ? ',' : ''}${JSON.stringify(key)}:`);
      this.value((record as Record<string, unknown>)[key], `${pointer}/${key}`);
    }
    this.text('}');
  }

  private template(text: string, pointer: string, encode: Encode, prefix = ''): void {
    this.text(`"${prefix}`);
    try {
      this.pieces.push({ pointer, template: encodeTexts(parseTemplate(text), encode), encode });
    } catch (error) {
      this.faults.push(faultAt(pointer, error));
    }
    this.text('"');
  }
}

/** Fixed texts that follow each other become one. */
function joinTexts(pieces: readonly (string | Hole)[]): readonly (string | Hole)[] {
  const joined: (string | Hole)[] = [];
  for (const piece of pieces) {
    const fixed = typeof piece === 'string' || piece.template.parts.every(({ kind }) => kind === 'text');
    const text = typeof piece === 'string' ? piece : fixed ? renderTemplate(piece.template, {}, identity) : null;
    const last = joined.at(-1);
    if (text === null) joined.push(piece);
    else if (typeof last === 'string') joined[joined.length - 1] = last + text;
    else joined.push(text);
  }
  return joined;
}

/** The hole filled in; a hole that cannot be filled in is noted, so that one rendering finds all of them. */
function fill(hole: Hole, scope: IgnitionScope, faults: IgnitionFault[]): string {
  try {
    return renderTemplate(hole.template, scope, hole.encode);
  } catch (error) {
    faults.push(faultAt(hole.pointer, error));
    return '';
  }
}

function faultAt(pointer: string, error: unknown): IgnitionFault {
  if (!(error instanceof TemplateError)) throw error;
  const { message, offset, variable } = error;
  return { message, pointer, offset, variable };
}
