// Rules about roles, what they boot, and the pins of it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { digestSizes } from './digest-sizes.ts';
import { httpsSources } from './https-sources.ts';
import { knownRoles } from './known-roles.ts';
import { knownSystems } from './known-systems.ts';
import { kubeletLabels } from './kubelet-labels.ts';
import { ownKernelArguments } from './own-arguments.ts';
import { realDigests } from './real-digests.ts';
import { repositoryDigests } from './repository-digests.ts';
import { singleArguments } from './single-arguments.ts';
import { singleDisks } from './single-disks.ts';
import { singleTaints } from './single-taints.ts';
import { sourceDigests } from './source-digests.ts';
import { stableDevices } from './stable-devices.ts';
import { tagDigests } from './tag-digests.ts';
import { taintNames } from './taint-names.ts';
import { usedIgnition } from './used-ignition.ts';
import { usedPins } from './used-pins.ts';
import { usedRoles } from './used-roles.ts';

export const rolesRules: readonly Rule[] = [
  knownRoles,
  knownSystems,
  usedPins,
  usedRoles,
  usedIgnition,
  digestSizes,
  sourceDigests,
  httpsSources,
  ownKernelArguments,
  singleArguments,
  kubeletLabels,
  singleTaints,
  realDigests,
  singleDisks,
  stableDevices,
  repositoryDigests,
  taintNames,
  tagDigests,
];
