// The addresses in site.yaml by which machines find what serves them.
import type { Place } from '../../diagnostic.ts';
import { type Ipv4, ipv4, parseIpv4 } from '../../ipv4.ts';
import type { Site } from '../../load.ts';

export interface NamedServer {
  /** As messages call it. */
  readonly name: 'DNS server' | 'NTP server' | 'proxy';
  readonly text: string;
  readonly address: Ipv4;
  /** Where it stands; asked for only when something is wrong with it. */
  readonly place: () => Place;
}

/** Resolvers, time servers, and the proxy where it is named by its address. */
export function* serversOf({ site }: Site): Generator<NamedServer> {
  const { dns, ntp, proxy } = site.value;
  for (const [index, text] of dns.entries()) {
    yield { name: 'DNS server', text, address: ipv4(text), place: () => site.placeOf('dns', index) };
  }
  for (const [index, text] of ntp.entries()) {
    yield { name: 'NTP server', text, address: ipv4(text), place: () => site.placeOf('ntp', index) };
  }
  const text = /^https?:\/\/(?:[^@]*@)?([\d.]+)(?::\d+)?$/.exec(proxy ?? '')?.[1] ?? '';
  const address = parseIpv4(text);
  if (address !== null) yield { name: 'proxy', text, address, place: () => site.placeOf('proxy') };
}
