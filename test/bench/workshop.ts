// What measurements work with: a generated site on disk, a boot server's folder made from it, and the programs.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { saveDiskCopy } from '../../bootsvc/disk-copy.ts';
import { compileSite } from '../../reconciler/source/accept.ts';
import { readFolder } from '../../reconciler/source/folder.ts';
import { formatDiagnostic } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { pinnedAssets, writeStandInAssets } from '../../vdc/assets.ts';
import type { Methods } from './calls.ts';
import { generateSite, type SiteSize } from './generated-site.ts';
import { buildPrograms, Program } from './program.ts';

const exampleFolder = fileURLToPath(new URL('../../examples/site-repo', import.meta.url));

/** A site repo in a folder. */
export interface SiteOnDisk {
  readonly folder: string;
  readonly files: SiteFiles;
}

/** The folder of a boot server: its disk copy, and every file that the site pins. */
export interface BootFolder {
  readonly folder: string;
  /** The boot server's name in the site. */
  readonly name: string;
}

export interface WorkshopOptions {
  readonly size: SiteSize;
  /** Of the site's history, where one is generated. */
  readonly commits: number;
  /** See {@link Program}. */
  readonly profileFolder: string | null;
}

export class Workshop {
  readonly size: SiteSize;
  readonly commits: number;
  readonly #folder: string;
  readonly #profileFolder: string | null;
  #running: { stop(): Promise<void> }[] = [];
  #site: Promise<SiteOnDisk> | null = null;
  #bootFolder: Promise<BootFolder> | null = null;

  private constructor(folder: string, { size, commits, profileFolder }: WorkshopOptions) {
    this.#folder = folder;
    this.size = size;
    this.commits = commits;
    this.#profileFolder = profileFolder;
  }

  /** Whoever opens it closes it. */
  static async open(options: WorkshopOptions): Promise<Workshop> {
    const workshop = new Workshop(await mkdtemp(path.join(os.tmpdir(), 'berth-bench-')), options);
    try {
      await buildPrograms(await workshop.folder('programs'));
    } catch (error) {
      await workshop.close();
      throw error;
    }
    return workshop;
  }

  /** End what runs. Calls to it that wait for an answer fail. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = [];
    await Promise.all(running.map((program) => program.stop()));
  }

  /** End what runs, and remove the folder. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Start one of programs/; it runs until {@link stop}, unless it is stopped before. */
  start<M extends Methods>(name: string): Program<M> {
    const builtFolder = path.join(this.#folder, 'programs');
    return this.own(new Program<M>(name, { builtFolder, profileFolder: this.#profileFolder }));
  }

  /** Take over the care for something else that runs. */
  own<T extends { stop(): Promise<void> }>(program: T): T {
    this.#running.push(program);
    return program;
  }

  /** A folder under the workshop's own. */
  async folder(name: string): Promise<string> {
    const folder = path.join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  site(): Promise<SiteOnDisk> {
    this.#site ??= this.folder('site-repo').then((folder) => this.writeSite(folder, this.size));
    return this.#site;
  }

  bootFolder(): Promise<BootFolder> {
    this.#bootFolder ??= this.#writeBootFolder();
    return this.#bootFolder;
  }

  /** Write a site of some size into a folder of one's own. */
  async writeSite(folder: string, size: SiteSize): Promise<SiteOnDisk> {
    const files = generateSite(await readFolder(exampleFolder), size);
    for (const [name, { bytes, executable }] of files) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes, { mode: executable ? 0o755 : 0o644 });
    }
    return { folder, files };
  }

  async #writeBootFolder(): Promise<BootFolder> {
    const folder = await this.folder('boot-server');
    const { compiled, diagnostics } = compileSite((await this.site()).files);
    if (!compiled) throw new Error(`the generated site is broken: ${diagnostics.map(formatDiagnostic)[0] ?? ''}`);
    const { site, blueprint } = compiled;
    const [server] = blueprint.site.servers;
    if (!server) throw new Error('the generated site has no boot server');
    const commit = '0'.repeat(40);
    const acceptedAt = new Date(0).toISOString();
    await saveDiskCopy(folder, { generation: 1, root: blueprint.root, commit, parent: null, acceptedAt }, blueprint);
    await writeStandInAssets(path.join(folder, 'assets'), pinnedAssets(site.releases.value));
    return { folder, name: server.name };
  }
}
