import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** A list with one server twice looks as if there were another to fall back on. */
export const serversOnce: Rule = {
  id: 'BERTH-219',
  title: 'lists of servers name each once',
  severity: 'warning',
  *check(site) {
    const { dns, ntp, network } = site.site.value;
    yield* doubled(occurrences(site, dns, ['dns']), 'the DNS server', hint, 'stands already');
    yield* doubled(occurrences(site, ntp, ['ntp']), 'the NTP server', hint, 'stands already');
    const targets = network.dhcpRelay?.targets ?? [];
    yield* doubled(
      occurrences(site, targets, ['network', 'dhcpRelay', 'targets']),
      'the relay target',
      hint,
      'stands already',
    );
  },
};

const hint = 'remove it, or correct it to the server that was meant';

function* occurrences(site: Site, list: readonly string[], path: readonly string[]): Generator<Occurrence> {
  for (const [index, key] of list.entries()) yield { key, place: () => site.site.placeOf(...path, index) };
}
