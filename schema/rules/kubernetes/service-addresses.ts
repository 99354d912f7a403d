import type { SiteDocumentFile } from '../../document.ts';
import { contains, network, parseIpv4 } from '../../ipv4.ts';
import type { Site } from '../../load.ts';
import { resourceName } from '../../resource-name.ts';
import type { ResourceDocument } from '../../types/resource.ts';
import type { Finding, Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';
import { kindKey } from './definitions.ts';
import { serviceFault } from './service-range.ts';
import { listAt, textAt } from './unchecked.ts';

/** Annotations that ask for addresses of a load balancer, with commas between them. */
const loadBalancerAnnotations = [
  ...['lbipam.cilium.io/ips', 'io.cilium/lb-ipam-ips'],
  ...['metallb.io/loadBalancerIPs', 'metallb.universe.tf/loadBalancerIPs'],
];

interface Asked {
  readonly document: SiteDocumentFile<ResourceDocument>;
  readonly path: readonly (string | number)[];
  readonly address: string;
}

/** An address that a Service asks for is one that it can get. */
export const serviceAddresses: Rule = {
  id: 'BERTH-615',
  title: 'addresses that services ask for lie in their pools, and each is asked for once',
  *check(site) {
    const services = site.resources.filter(({ document }) => kindKey(document.value) === 'Service.');
    const own = services.flatMap(({ document }) => [...clusterAddresses(document)]);
    yield* faults(own, (address) => serviceAddressFault(site, address));
    const balanced = services.flatMap(({ document }) => [...balancerAddresses(document)]);
    yield* faults(balanced, (address) => balancerAddressFault(site, address));
    yield* doubled(occurrences(own), 'the service address', 'give each Service an address of its own');
  },
};

function* clusterAddresses(document: SiteDocumentFile<ResourceDocument>): Generator<Asked> {
  const { value } = document;
  const said = textAt(value, 'spec', 'clusterIP');
  if (said !== undefined) yield { document, path: ['spec', 'clusterIP'], address: said };
  for (const [index, address] of listAt(value, 'spec', 'clusterIPs').entries()) {
    // The first one repeats clusterIP.
    if (typeof address !== 'string' || (index === 0 && address === said)) continue;
    yield { document, path: ['spec', 'clusterIPs', index], address };
  }
}

function* balancerAddresses(document: SiteDocumentFile<ResourceDocument>): Generator<Asked> {
  const { value } = document;
  const said = textAt(value, 'spec', 'loadBalancerIP');
  if (said !== undefined) yield { document, path: ['spec', 'loadBalancerIP'], address: said };
  for (const name of loadBalancerAnnotations) {
    const list = textAt(value, 'metadata', 'annotations', name);
    for (const address of list?.split(',') ?? []) {
      yield { document, path: ['metadata', 'annotations', name], address: address.trim() };
    }
  }
}

/** Kubernetes lets both fields say that there is none. */
function asksForNone({ address }: Asked): boolean {
  return address === '' || address === 'None';
}

function* faults(asked: readonly Asked[], faultOf: (address: string) => string | null): Generator<Finding> {
  for (const one of asked) {
    const fault = asksForNone(one) ? null : faultOf(one.address);
    if (fault === null) continue;
    const message = `${resourceName(one.document.value)} asks for ${one.address}, which ${fault}`;
    yield { place: one.document.placeOf(...one.path), message, hint: 'choose a free address of the pool' };
  }
}

function serviceAddressFault({ site }: Site, text: string): string | null {
  const address = parseIpv4(text);
  return address === null ? 'is no IPv4 address' : serviceFault(site.value.network.services, address);
}

function balancerAddressFault({ site }: Site, text: string): string | null {
  const { loadBalancers } = site.value.network;
  const address = parseIpv4(text);
  if (address === null) return 'is no IPv4 address';
  return contains(network(loadBalancers), address) ? null : `lies outside network.loadBalancers ${loadBalancers}`;
}

function* occurrences(asked: readonly Asked[]): Generator<Occurrence> {
  for (const one of asked) {
    if (asksForNone(one)) continue;
    yield { key: one.address, place: () => one.document.placeOf(...one.path) };
  }
}
