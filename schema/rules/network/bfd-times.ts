import type { Rule } from '../rule.ts';

const shortestMilliseconds = 100;
const longestMilliseconds = 10_000;

/** Both ends have the same intervals, so a neighbour is down after the longer one times the multiplier (RFC 5880 §6.8.4). */
export const bfdTimes: Rule = {
  id: 'BERTH-312',
  title: 'BFD notices a dead neighbour after 0.1 to 10 seconds',
  severity: 'warning',
  *check({ site }) {
    const { bfd } = site.value.network;
    if (!bfd) return;
    const { minReceiveMilliseconds = 400, minTransmitMilliseconds = 400, multiplier = 3 } = bfd;
    const interval = Math.max(minReceiveMilliseconds, minTransmitMilliseconds);
    const detection = interval * multiplier;
    if (detection >= shortestMilliseconds && detection <= longestMilliseconds) return;
    const place = site.placeOf('network', 'bfd');
    const message = `BFD takes a neighbour for dead after ${detection} ms (${interval} ms times ${multiplier})`;
    yield detection > longestMilliseconds
      ? { place, message: `${message}: until then, traffic goes nowhere`, hint: '400 ms times 3 is usual' }
      : { place, message: `${message}: a machine that is busy seems dead`, hint: '400 ms times 3 is usual' };
  },
};
