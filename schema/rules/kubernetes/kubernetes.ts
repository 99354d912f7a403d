// Rules about the cluster and what is applied to it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { clearSecrets } from './clear-secrets.ts';
import { clusterDns } from './cluster-dns.ts';
import { clusterForResources } from './cluster-for-resources.ts';
import { clusterScope } from './cluster-scope.ts';
import { controlPlane } from './control-plane.ts';
import { controlPlaneRacks } from './control-plane-racks.ts';
import { controlPlaneRole } from './control-plane-role.ts';
import { definitionOrder } from './definition-order.ts';
import { imageDigests } from './image-digests.ts';
import { knownNamespaces } from './known-namespaces.ts';
import { knownVersion } from './known-version.ts';
import { namespaceOrder } from './namespace-order.ts';
import { noLists } from './no-lists.ts';
import { ownArguments } from './own-arguments.ts';
import { podAddresses } from './pod-addresses.ts';
import { removedApis } from './removed-apis.ts';
import { saidNamespaces } from './said-namespaces.ts';
import { servedVersions } from './served-versions.ts';
import { serviceAddresses } from './service-addresses.ts';
import { uniqueResources } from './unique-resources.ts';

export const kubernetesRules: readonly Rule[] = [
  controlPlane,
  controlPlaneRacks,
  clusterDns,
  podAddresses,
  knownVersion,
  controlPlaneRole,
  uniqueResources,
  imageDigests,
  knownNamespaces,
  namespaceOrder,
  definitionOrder,
  clearSecrets,
  saidNamespaces,
  ownArguments,
  serviceAddresses,
  clusterScope,
  removedApis,
  clusterForResources,
  servedVersions,
  noLists,
];
