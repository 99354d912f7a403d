// POST /nodes/<serial>/report: a machine says where it is in its life.
import type { IncomingMessage } from 'node:http';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import { type Exchange, type HttpContext, refuse, refuseForNow, sendJson } from './exchange.ts';

const maxReportBytes = 4096;

/** Answered with 202: the report is kept until etcd has it. */
export async function takeReport(exchange: Exchange, context: HttpContext): Promise<void> {
  const { follower, reports, metrics, log, serverName } = context;
  const serial = exchange.params.serial ?? '';
  const generation = follower.current ?? follower.previous;
  if (!generation) return refuseForNow(exchange);
  const machine = generation.blueprint.machines.get(serial);
  if (!machine) return refuse(exchange, 404, `no machine has the serial ${JSON.stringify(serial)}`);
  const text = await readBody(exchange.request, maxReportBytes);
  if (text === null) return refuse(exchange, 413, `a report has at most ${maxReportBytes} bytes`);
  const report = parseReport(text);
  if (typeof report === 'string') return refuse(exchange, 400, report);
  if (report.address !== machine.node && !machine.links.some(({ address }) => address === report.address)) {
    return refuse(exchange, 409, `${report.address} is no address of ${machine.name}`);
  }
  const observed: ObservedMachine = { ...report, serial, server: serverName, at: new Date().toISOString() };
  await reports.add(observed);
  metrics.reports.inc({ phase: report.phase });
  log.info({ serial, phase: report.phase, boot: report.bootDigest, generation: report.generation }, 'report');
  sendJson(exchange, 202, { accepted: true });
}

type Report = Pick<ObservedMachine, 'phase' | 'bootDigest' | 'bootId' | 'generation' | 'address'>;

/** The report, or what is wrong with it. */
function parseReport(text: string): Report | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the report is not JSON';
  }
  if (typeof value !== 'object' || value === null) return 'the report is no JSON object';
  const { phase, bootDigest, bootId, generation, address } = value as Record<string, unknown>;
  if (phase !== 'booting' && phase !== 'provisioning' && phase !== 'running') {
    return 'phase must be booting, provisioning or running';
  }
  if (typeof bootDigest !== 'string' || !/^[0-9a-f]{64}$/.test(bootDigest)) return 'bootDigest must be 64 hex digits';
  if (typeof bootId !== 'string' || !/^[\w-]{1,64}$/.test(bootId))
    return 'bootId must be 1 to 64 letters, digits, _ or -';
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 1) {
    return 'generation must be a whole number of 1 or more';
  }
  if (typeof address !== 'string') return 'address must be the address of the machine';
  return { phase, bootDigest, bootId, generation, address };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? null : Buffer.concat(chunks).toString('utf8');
}
