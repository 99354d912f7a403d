// Where in the site repo a value of the site itself comes from: what diffSite names, and what templates read.
import type { Place } from '../../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../../schema/document.ts';
import type { Site } from '../../schema/load.ts';
import { resourceName } from '../../schema/resource-name.ts';
import { isSecretFile } from '../../schema/secret-files.ts';

/** The place of a field, or of the nearest value above it that is there; null when the file is gone. */
export function siteOrigin(site: Site, field: string): Place | null {
  if (isSecretFile(field)) return site.files.has(field) ? { file: field, line: 1, column: 1 } : null;
  const [head = '', ...names] = field.split('.');
  const rest = names.join('.');
  switch (head) {
    case 'releases':
      return placeIn(site.releases, rest);
    case 'racks': {
      const rack = site.racks.get(names[0] ?? '');
      if (!rack) return null;
      if (names[1] === 'asn') return placeIn(site.site, 'network.asn.rackBase');
      return names[1] === 'name' ? rack.placeOf() : placeIn(rack, names.slice(1).join('.'));
    }
    case 'cluster':
      return site.cluster && placeIn(site.cluster, rest);
    case 'resources':
      return site.resources.find(({ document }) => resourceName(document.value) === rest)?.document.placeOf() ?? null;
    case 'site':
      if (rest === 'name') return placeIn(site.site, 'site');
      return placeIn(site.site, rest === 'leaseSeconds' ? 'network.node.leaseSeconds' : rest);
    default:
      return placeIn(site.site, field);
  }
}

function placeIn(document: SiteDocumentFile<unknown>, field: string): Place {
  const path: (string | number)[] = [];
  let value: unknown = document.value;
  for (let rest = field; rest !== ''; ) {
    // Names may hold dots, so the longest one that fits is meant.
    const fitting = membersOf(value).filter(({ name }) => `${rest}.`.startsWith(`${name}.`));
    const [member] = fitting.sort((a, b) => b.name.length - a.name.length);
    if (!member) break;
    path.push(member.step);
    value = member.value;
    rest = rest.slice(member.name.length + 1);
  }
  return typeof value === 'object' ? document.placeOfKey(...path) : document.placeOf(...path);
}

/** Members of a map by their keys, of a list by their names, or by their ranks where they have none. */
function membersOf(
  value: unknown,
): { readonly name: string; readonly step: string | number; readonly value: unknown }[] {
  if (Array.isArray(value)) {
    const list = value as readonly (string | number | { readonly name?: string })[];
    return list.map((item, step) => {
      const name = typeof item === 'object' ? item.name : undefined;
      return { name: name ?? String(step), step, value: item };
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, item]) => ({ name, step: name, value: item as unknown }));
}
