import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** With fewer racks than this no placement survives the loss of one, so that there is nothing to choose. */
const fewestRacks = 3;

/** A rack that holds a majority of the control plane's members takes the cluster along when it loses power. */
export const controlPlaneRacks: Rule = {
  id: 'BERTH-602',
  title: 'the control plane can be placed so that it survives the loss of a rack',
  *check(site) {
    if (!site.cluster || site.racks.size < fewestRacks) return;
    const { role, count } = site.cluster.value.controlPlane;
    const racks = machinesByRack(site, role);
    const minority = (count - 1) / 2;
    let machines = 0;
    let placed = 0;
    for (const inRack of racks) {
      machines += inRack;
      placed += Math.min(inRack, minority);
    }
    // One member survives no loss at all, and BERTH-601 says when there are too few machines in any case.
    if (count === 1 || machines < count || placed >= count) return;
    const where = racks.length === 1 ? 'one rack' : `${racks.length} racks`;
    yield {
      place: site.cluster.placeOf('controlPlane', 'role'),
      message:
        `the machines of role ${role} stand in ${where}, where ${placed} of the control plane's ${count} members ` +
        'can be placed without a majority in one rack',
      hint: `spread machines of role ${role} over more racks: of ${count} members a rack may hold ${minority}`,
    };
  },
};

/** How many machines of a role each rack has, racks without any left out. */
function machinesByRack(site: Site, role: string): readonly number[] {
  const racks = new Map<string, number>();
  for (const { rackName, machine } of declaredMachines(site)) {
    if (machine.role === role) racks.set(rackName, (racks.get(rackName) ?? 0) + 1);
  }
  return [...racks.values()];
}
