import type { Finding, Rule } from '../rule.ts';

/** Machines of the control plane are nodes, and no others are set aside for it. */
export const controlPlaneRole: Rule = {
  id: 'BERTH-606',
  title: 'the role of the control plane and what roles say of the cluster agree',
  *check({ cluster, roles }): Generator<Finding> {
    if (!cluster) return;
    const { role } = cluster.value.controlPlane;
    const named = roles.get(role);
    if (named && !named.value.kubernetes) {
      yield {
        place: cluster.placeOf('controlPlane', 'role'),
        message: `the control plane takes machines of role ${role}, but roles/${role}.yaml makes no nodes of them`,
        hint: `add kubernetes: to roles/${role}.yaml, or name another role`,
      };
    }
    for (const [name, document] of roles) {
      if (name === role || document.value.kubernetes?.role !== 'control-plane') continue;
      yield {
        place: document.placeOf('kubernetes', 'role'),
        message: `role ${name} is set aside for the control plane, which takes machines of role ${role}`,
        hint: `make it worker, or name ${name} in kubernetes/cluster.yaml`,
      };
    }
  },
};
