// nginx as the peer to compare with: one process that sends files from one folder.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { freePorts } from '../../vdc/free-ports.ts';
import type { Usage } from './calls.ts';

const startMs = 5000;
/** Of the kernel's clock as /proc shows it; the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Whether the program is there. */
export function nginxVersion(): string | null {
  const { status, stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return status === 0 ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? 'of unknown version') : null;
}

export class Nginx {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  /**
   * @param root folder with the files
   * @param work folder for its own files
   */
  static async start(root: string, work: string): Promise<Nginx> {
    const [port = 0] = await freePorts(1);
    const configuration = path.join(work, 'nginx.conf');
    writeFileSync(configuration, configurationText(root, work, port));
    const child = spawn('nginx', ['-c', configuration, '-p', work, '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const nginx = new Nginx(port, child);
    for (const endMs = performance.now() + startMs; !(await accepts(port)); ) {
      if (child.exitCode !== null || performance.now() > endMs) {
        await nginx.stop();
        throw new Error('nginx does not serve');
      }
    }
    return nginx;
  }

  /** From /proc/<pid>/stat and status (proc(5)). */
  usage(): Usage {
    const { pid } = this.#child;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const [userTicks = 0, systemTicks = 0] = fields.slice(11, 13).map(Number);
    const peakKib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuSeconds: (userTicks + systemTicks) / ticksPerSecond, peakBytes: Number(peakKib) * 1024 };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** One process, so that it has one core like the boot service, and its CPU time is easy to read. */
function configurationText(root: string, work: string, port: number): string {
  return `
daemon off;
master_process off;
pid ${work}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  default_type application/octet-stream;
  keepalive_requests 100000;
  client_body_temp_path ${work}/client;
  proxy_temp_path ${work}/proxy;
  fastcgi_temp_path ${work}/fastcgi;
  uwsgi_temp_path ${work}/uwsgi;
  scgi_temp_path ${work}/scgi;
  server {
    listen 127.0.0.1:${port};
    root ${root};
  }
}
`;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
