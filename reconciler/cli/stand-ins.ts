// berth stand-ins: the machines of a site, as programs that behave on the wire as their firmware would.
import { startStandIns } from '../../vdc/standins.ts';
import { parseEndpoint, parseSeconds } from './connection.ts';
import { startDaemon } from './daemon.ts';
import { compileOrPrint, readSiteFolder } from './site-folder.ts';

export interface StandInsCliOptions {
  readonly dhcp: string;
  readonly bmcPort: string;
  readonly timeScale: string;
}

export async function standIns(folder: string, options: StandInsCliOptions): Promise<number> {
  const dhcpServer = parseEndpoint(options.dhcp, '--dhcp');
  const timeScale = parseSeconds(options.timeScale, '--time-scale');
  const compiled = compileOrPrint(await readSiteFolder(folder), folder);
  if (!compiled) return 1;
  const { log, signal } = startDaemon('berth-stand-ins', 'stand-ins');
  const running = await startStandIns({
    machines: [...compiled.blueprint.machines.values()],
    dhcpServer,
    bmcPort: Number(options.bmcPort),
    timeScale,
    onEvent: ({ stage, serial, detail, durationMs }) => {
      log.info({ event: 'stage', stage, serial, detail, durationMs: Math.round(durationMs) }, 'machine');
    },
  });
  log.info({ event: 'ready', bmcUrl: running.bmcUrl, machines: running.machines.size }, 'stand-ins wait for power');
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await running.close();
  log.info({ event: 'stopped' }, 'stand-ins stopped');
  return 0;
}
