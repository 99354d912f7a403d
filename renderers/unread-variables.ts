// Variables that no template reads: most of them are misspelt, here or in the template.
import type { Diagnostic } from '../schema/diagnostic.ts';
import type { SiteDocumentFile, ValuePath } from '../schema/document.ts';
import type { Site } from '../schema/load.ts';
import { declaredMachines } from '../schema/machines.ts';
import { suggest } from '../schema/suggest.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';

/** The names that the templates of an Ignition source read of its variables. */
export function variablesRead({ config }: IgnitionSource): ReadonlySet<string> {
  const read = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      for (const [, name = ''] of value.matchAll(/\{\{\s*(?:each\s+)?variables\.([\w-]+)/g)) read.add(name);
    } else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) walk(member);
  };
  walk(config);
  return read;
}

/**
 * What is said by site, roles and machines, and reaches no template.
 * @param readBy by role: what its templates read
 */
export function* unreadVariables(site: Site, readBy: ReadonlyMap<string, ReadonlySet<string>>): Generator<Diagnostic> {
  const readByAny = new Set([...readBy.values()].flatMap((read) => [...read]));
  yield* unread(site.site, ['defaults', 'variables'], site.site.value.defaults?.variables, readByAny, 'no template');
  for (const [name, role] of site.roles) {
    const read = readBy.get(name);
    if (read) yield* unread(role, ['variables'], role.value.variables, read, `no template of role ${name}`);
  }
  for (const { rack, index, machine } of declaredMachines(site)) {
    const { role, variables } = machine;
    const read = variables && readBy.get(role);
    if (read) yield* unread(rack, ['machines', index, 'variables'], variables, read, `no template of role ${role}`);
  }
}

function* unread(
  document: SiteDocumentFile<unknown>,
  path: ValuePath,
  variables: IgnitionSource['variables'] | undefined,
  read: ReadonlySet<string>,
  who: string,
): Generator<Diagnostic> {
  for (const name of Object.keys(variables ?? {})) {
    if (read.has(name)) continue;
    const meant = suggest(name, read);
    yield {
      rule: 'BERTH-418',
      severity: 'warning',
      place: document.placeOfKey(...path, name),
      message: `${who} reads variables.${name}`,
      hint: meant === null ? 'remove it, or read it in a template' : `did you mean ${meant}?`,
    };
  }
}
