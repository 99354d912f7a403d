// Which boot file a client is told: one table of client kind × architecture.
import type { BootArchitecture, DhcpMachine, DhcpTables } from '../../renderers/dhcp.ts';
import type { Options } from './options.ts';

/**
 * - `ipxe`: iPXE, however it was loaded
 * - `http`: firmware that does UEFI HTTP boot (UEFI 2.10 §24.7)
 * - `pxe`: firmware that does PXE, which means TFTP
 * - `none`: a client that does not ask to be booted, as an operating system does
 */
export type ClientKind = 'ipxe' | 'http' | 'pxe' | 'none';

/** The machine's iPXE script, or the boot program of an architecture. */
type BootFile = 'script' | BootArchitecture;

interface BootRow {
  readonly client: ClientKind;
  /** Processor architecture type in option 93 (RFC 4578 §2.1, IANA's list); `any` also when the option is not there. */
  readonly architecture: number | 'any';
  readonly file: BootFile;
}

const bootTable: readonly BootRow[] = [
  { client: 'ipxe', architecture: 'any', file: 'script' },
  { client: 'http', architecture: 0x0010, file: 'x64' },
  { client: 'http', architecture: 0x0013, file: 'arm64' },
];

/** The options that lead a client to its boot file; none for a client that is not to boot from here. */
export type BootOptions = Pick<Options, 'vendorClass' | 'bootFile'>;

/** What a client is, by its user class (iPXE) and its vendor class (firmware). iPXE keeps the firmware's vendor class. */
export function clientKind({ userClasses, vendorClass }: Options): ClientKind {
  if (userClasses?.includes('iPXE')) return 'ipxe';
  if (vendorClass?.startsWith('HTTPClient')) return 'http';
  if (vendorClass?.startsWith('PXEClient')) return 'pxe';
  return 'none';
}

/**
 * The boot options for a client; null when it is firmware that cannot go on without a boot program and there is none.
 * UEFI takes an offer for HTTP boot only when option 60 says HTTPClient. A PXE client is given its address alone: it
 * then gives up at once and tries its next boot option, where silence would cost it a minute.
 */
export function bootOptions(request: Options, machine: DhcpMachine, tables: DhcpTables): BootOptions | null {
  const client = clientKind(request);
  const bootFile = bootFileUrl(client, request.architectures ?? [], machine, tables);
  if (client === 'http') return bootFile === undefined ? null : { vendorClass: 'HTTPClient', bootFile };
  return bootFile === undefined ? {} : { bootFile };
}

/** URL of the first file that the table has for one of the client's architectures. */
function bootFileUrl(
  client: ClientKind,
  architectures: readonly number[],
  machine: DhcpMachine,
  tables: DhcpTables,
): string | undefined {
  for (const row of bootTable) {
    if (row.client !== client) continue;
    if (row.architecture !== 'any' && !architectures.includes(row.architecture)) continue;
    const url = row.file === 'script' ? machine.ipxeScriptUrl : tables.bootProgramUrls[row.file];
    if (url !== undefined) return url;
  }
  return undefined;
}
