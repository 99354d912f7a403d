// Every rule, and how they are run over a site.
import { compareDiagnostics, type Diagnostic } from '../diagnostic.ts';
import type { Site } from '../load.ts';
import { addressesRules } from './addresses/addresses.ts';
import { identityRules } from './identity/identity.ts';
import { ignitionRules } from './ignition/ignition.ts';
import { kubernetesRules } from './kubernetes/kubernetes.ts';
import { networkRules } from './network/network.ts';
import { rolesRules } from './roles/roles.ts';
import { rolloutRules } from './rollout/rollout.ts';
import type { Finding, Rule } from './rule.ts';
import { secretsRules } from './secrets/secrets.ts';
import type { Transition } from './transitions/transition.ts';
import { transitions } from './transitions/transitions.ts';
import { trustRules } from './trust/trust.ts';

/** In the order of their ids. */
export const rules: readonly Rule[] = [
  ...identityRules,
  ...addressesRules,
  ...networkRules,
  ...rolesRules,
  ...ignitionRules,
  ...kubernetesRules,
  ...rolloutRules,
  ...trustRules,
  ...secretsRules,
];

/** What breaks any rule, in the order of files and lines. */
export function checkRules(site: Site): readonly Diagnostic[] {
  return placed(rules, (rule) => rule.check(site));
}

/** What a site may not become, or not without a second look, in the order of files and lines. */
export function checkTransitions(base: Site, site: Site): readonly Diagnostic[] {
  return placed(transitions, (transition) => transition.check(base, site));
}

function placed<T extends Rule | Transition>(
  all: readonly T[],
  check: (rule: T) => Iterable<Finding>,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const rule of all) {
    const { id, severity = 'error' } = rule;
    for (const finding of check(rule)) diagnostics.push({ rule: id, severity, ...finding });
  }
  return diagnostics.sort(compareDiagnostics);
}
