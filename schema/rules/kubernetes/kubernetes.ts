// Rules about the cluster and what is applied to it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { controlPlane } from './control-plane.ts';

export const kubernetesRules: readonly Rule[] = [controlPlane];
