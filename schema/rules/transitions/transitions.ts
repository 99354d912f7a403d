// Every transition, in the order of their ids.
import { asnsKept } from './asns-kept.ts';
import { bmcAddressesKept } from './bmc-addresses-kept.ts';
import { bootServersKept } from './boot-servers-kept.ts';
import { clusterForLife } from './cluster-for-life.ts';
import { controlPlaneKept } from './control-plane-kept.ts';
import { domainKept } from './domain-kept.ts';
import { goneMachines } from './gone-machines.ts';
import { goneResources } from './gone-resources.ts';
import { immutableFields } from './immutable-fields.ts';
import { keptSlots } from './kept-slots.ts';
import { kubernetesMinor } from './kubernetes-minor.ts';
import { kubernetesPatch } from './kubernetes-patch.ts';
import { lastSigner } from './last-signer.ts';
import { movedMacs } from './moved-macs.ts';
import { nodeAddresses } from './node-addresses.ts';
import { pinsKept } from './pins-kept.ts';
import { poolsInUse } from './pools-in-use.ts';
import { rackNumbers } from './rack-numbers.ts';
import { resealedSecrets } from './resealed-secrets.ts';
import { retiredAtOnce } from './retired-at-once.ts';
import { siteId } from './site-id.ts';
import { spineLinkIds } from './spine-link-ids.ts';
import type { Transition } from './transition.ts';

export const transitions: readonly Transition[] = [
  goneMachines,
  poolsInUse,
  nodeAddresses,
  bmcAddressesKept,
  rackNumbers,
  keptSlots,
  siteId,
  domainKept,
  spineLinkIds,
  kubernetesMinor,
  clusterForLife,
  controlPlaneKept,
  pinsKept,
  bootServersKept,
  lastSigner,
  retiredAtOnce,
  asnsKept,
  movedMacs,
  goneResources,
  kubernetesPatch,
  immutableFields,
  resealedSecrets,
];
