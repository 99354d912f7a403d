// What differs between two blueprints beside their machines: pins, racks, boot servers, policy.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { digestOf } from '../../../schema/canonical.ts';
import { resourceName } from '../../../schema/resource-name.ts';
import { shortDigest } from '../../secrets/secret.ts';
import { policyOutline } from '../policy/outline.ts';
import { changeOf, type FieldChange, ownOf } from './field-change.ts';

/** What a whole branch that comes or goes is shown as. */
export const declared = 'declared';

/** Lists are maps by the names of their members, so that a new one moves no other. */
type Outline = { readonly [name: string]: Outline | string | number | boolean | readonly string[] | undefined };

/**
 * Every difference between two sites, as a path of names from the file of the site repo on: `rollout.canaries`,
 * `racks.r0.tors.r0-tor1.links.spine1`, `releases.os.<name>`; of secrets, their files. New machines are not among them.
 */
export function diffSite(before: Blueprint, after: Blueprint): readonly FieldChange[] {
  const changes = diffOutlines('', outlineOf(before), outlineOf(after));
  return changes.filter(({ field, from }) => !(from === null && /^racks\.[^.]+\.machines\./.test(field)));
}

function outlineOf({ site, releases, racks, kubernetes }: Blueprint): Outline {
  const { domain, dns, ntp, proxy, leaseSeconds, servers, rollout, secrets = [] } = site;
  return {
    ...Object.fromEntries(secrets.map(({ path, digest }) => [path, shortDigest(digest)])),
    site: { domain, dns, ntp, proxy, leaseSeconds, timeZone: rollout.timeZone },
    bootServers: byName(servers, ({ rack, joined }) => ({ rack, joined })),
    rollout: policyOutline(rollout),
    releases: { os: { ...releases.os }, bootPrograms: { ...releases.bootPrograms } } as unknown as Outline,
    cluster: kubernetes?.cluster.cluster as Outline | undefined,
    resources: Object.fromEntries(
      (kubernetes?.resources ?? []).map((resource) => [resourceName(resource.object), digestOf(resource).slice(0, 12)]),
    ),
    racks: byName([...racks.values()], ({ rack, asn, powerFeed, tors, machines }) => ({
      rack,
      asn,
      powerFeed,
      tors: byName(tors, ({ links }) => ({
        links: Object.fromEntries(links.map(({ spine, id }) => [spine, id])),
      })),
      machines: Object.fromEntries(Object.keys(machines).map((serial) => [serial, declared])),
    })),
  };
}

function byName<T extends { readonly name: string }>(members: readonly T[], outline: (member: T) => Outline): Outline {
  return Object.fromEntries(members.map((member) => [member.name, outline(member)]));
}

function diffOutlines(prefix: string, before: Outline, after: Outline): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const field = prefix === '' ? name : `${prefix}.${name}`;
    const old = ownOf(before, name);
    const now = ownOf(after, name);
    if (isOutline(old) && isOutline(now)) return diffOutlines(field, old, now);
    return changeOf(field, isOutline(old) ? declared : old, isOutline(now) ? declared : now);
  });
}

function isOutline(value: Outline[string]): value is Outline {
  return typeof value === 'object' && !Array.isArray(value);
}
