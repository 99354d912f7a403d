import { formatPlace, type Place } from '../../diagnostic.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** Machines, firmware and people do not agree on the case of letters: two such serials are one that was typed twice. */
export const serialCase: Rule = {
  id: 'BERTH-107',
  title: 'serials differ by more than the case of their letters',
  *check(site) {
    // It is cheap to see that all are different.
    const all = Array.from(declaredMachines(site), ({ machine }) => machine.serial.toLowerCase());
    if (new Set(all).size === all.length) return;
    const byLetters = new Map<string, { readonly serial: string; readonly place: () => Place }>();
    for (const { rack, index, machine } of declaredMachines(site)) {
      const { serial } = machine;
      const place = (): Place => rack.placeOf('machines', index, 'serial');
      const letters = serial.toLowerCase();
      const earlier = byLetters.get(letters);
      if (!earlier) byLetters.set(letters, { serial, place });
      // One that is the same letter by letter is BERTH-101's.
      if (!earlier || earlier.serial === serial) continue;
      const message = `the serial ${serial} differs from ${earlier.serial} at ${formatPlace(earlier.place())} by case alone`;
      yield { place: place(), message, hint: 'remove one of the two, or correct its serial' };
    }
  },
};
