// What berth init has to know: from its flags, from whoever sits at the terminal, else from defaults.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Ipv4, parseIpv4, parseNetwork } from '../../../schema/ipv4.ts';
import siteSchema from '../../../schema/site/site.schema.json' with { type: 'json' };
import { CliError } from '../cli-error.ts';
import { bootServerAddresses, firstMachineSlot, type LayoutRequest, layOutAddresses } from './address-layout.ts';
import type { Asker } from './asker.ts';
import { type NewMachine, parseMachines } from './machines-csv.ts';
import { bootServersOf, type NewSigner, type NewSite } from './new-site.ts';
import { pinReleases, type ReleaseFlags } from './releases.ts';
import { findSigningKey, gitUserName, readSigningKey, type SigningKey } from './signing-key.ts';

export interface SiteFlags extends ReleaseFlags {
  readonly site?: string;
  readonly domain?: string;
  readonly racks?: string;
  readonly machinesPerRack?: string;
  readonly nodePool?: string;
  readonly bmcPool?: string;
  readonly dns?: string;
  readonly ntp?: string;
  /** A CSV file. */
  readonly machines?: string;
  /** A public key, or a file with one. */
  readonly signer?: string;
}

export interface Answers {
  readonly site: NewSite;
  /** The file of the key that may sign; null where there is none on this machine. */
  readonly keyFile: string | null;
}

/**
 * @param folder where the site repo will be
 * @param asker null where nobody is to be asked
 * @throws {CliError} when a flag makes no sense; whoever sits at the terminal is asked again
 */
export async function answersFor(folder: string, flags: SiteFlags, asker: Asker | null): Promise<Answers> {
  const question = new Questions(asker);
  const { properties } = siteSchema;
  const site = await question.answer('Site id', '--site', flags.site, siteNameFrom(folder), (text) =>
    matching(text, properties.site.pattern, 'letters a to z, digits and dashes, 2 to 32 of them, a letter first'),
  );
  const domain = await question.answer(
    'DNS domain of its machines',
    '--domain',
    flags.domain,
    `${site}.example.com`,
    (text) => matching(text, properties.domain.pattern, 'a domain name in lower case, such as tokyo0.example.com'),
  );
  const machines = flags.machines === undefined ? [] : readMachines(flags.machines);
  const least = leastRoom(machines);
  const racks = await question.answer(
    'How many racks',
    '--racks',
    flags.racks,
    String(Math.max(3, least.racks)),
    (text) => wholeNumber(text, Math.max(1, least.racks), 1000),
  );
  const machinesPerRack = await question.answer(
    'Room for how many machines in a rack',
    '--machines-per-rack',
    flags.machinesPerRack,
    String(Math.max(28, least.machinesPerRack)),
    (text) => wholeNumber(text, Math.max(1, least.machinesPerRack), 1000),
  );
  const size = { racks, machinesPerRack };
  const addresses = await answerAddresses(question, flags, size);
  const signer = await answerSigner(question, flags.signer);
  const releases = await pinReleases(flags, domain);
  return {
    site: { site, domain, ...size, ...addresses, machines, releases, signer: signer.signer },
    keyFile: signer.keyFile,
  };
}

type Size = Pick<LayoutRequest, 'racks' | 'machinesPerRack'>;

async function answerAddresses(
  question: Questions,
  flags: SiteFlags,
  size: Size,
): Promise<Pick<NewSite, 'addresses' | 'dns' | 'ntp'>> {
  const { bmcPool: bmcFlag } = flags;
  // Machines get addresses beside those that were given to BMCs.
  const given =
    bmcFlag === undefined ? {} : { bmcPool: naming('--bmc-pool', () => bmcPoolFor({ ...size, taken: [] }, bmcFlag)) };
  const nodePool = await question.answer(
    'Addresses of machines',
    '--node-pool',
    flags.nodePool,
    layOutAddresses({ ...size, ...given, taken: [] }).node.pool,
    (text) => layOutAddresses({ ...size, nodePool: pool(text), taken: [] }).node.pool,
  );
  const bmcPool = await question.answer(
    'Addresses of their BMCs',
    '--bmc-pool',
    bmcFlag,
    layOutAddresses({ ...size, nodePool, taken: [] }).bmc.pool,
    (text) => bmcPoolFor({ ...size, nodePool, taken: [] }, text),
  );
  const servers = bootServerAddresses(
    layOutAddresses({ ...size, nodePool, bmcPool, taken: [] }),
    bootServersOf(size.racks),
  ).join(', ');
  const dns = await question.answer('DNS servers', '--dns', flags.dns, servers, addressList);
  const ntp = await question.answer('NTP servers', '--ntp', flags.ntp, dns.join(', '), addressList);
  const taken = [...dns, ...ntp].map((text) => address(text));
  return { dns, ntp, addresses: layOutAddresses({ ...size, nodePool, bmcPool, taken }) };
}

async function answerSigner(
  question: Questions,
  flag: string | undefined,
): Promise<{ readonly signer: NewSigner; readonly keyFile: string | null }> {
  const found = flag === undefined ? findSigningKey() : null;
  const none = 'none';
  const key = await question.answer<SigningKey | null>(
    'SSH public key that signs changes',
    '--signer',
    flag,
    found?.file ?? found?.key ?? none,
    (text) => (text === none ? null : readSigningKey(text)),
  );
  const name = key === null ? 'nobody (stand-in)' : (gitUserName() ?? 'Site engineers');
  // What cannot be seen cannot be told apart.
  const signer = { name: name.replace(/\p{C}/gu, '').slice(0, 200) || 'Site engineers', key: key?.key ?? null };
  return { signer, keyFile: key?.file ?? null };
}

class Questions {
  readonly #asker: Asker | null;

  constructor(asker: Asker | null) {
    this.#asker = asker;
  }

  /**
   * @param flag what is to be named when the value that was given for it makes no sense
   * @param read makes something of the text, or throws a CliError that says what it takes
   */
  async answer<T>(
    question: string,
    flag: string,
    given: string | undefined,
    fallback: string,
    read: (text: string) => T,
  ): Promise<T> {
    if (given !== undefined || !this.#asker) return naming(flag, () => read(given ?? fallback));
    for (;;) {
      const text = await this.#asker.ask(`${question}?`, fallback);
      try {
        return read(text);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        this.#asker.say(`  ${error.message}`);
      }
    }
  }
}

/** What is wrong with the value of a flag is said with its name. */
function naming<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`${flag}: ${error.message}`);
    throw error;
  }
}

/** The name of the folder, where it makes a site id. */
function siteNameFrom(folder: string): string {
  const name = path
    .basename(path.resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return /^.{2,32}$/.test(name) ? name : 'site0';
}

function readMachines(file: string): readonly NewMachine[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`--machines: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseMachines(text, file);
}

/** What the machines of the table need. */
function leastRoom(machines: readonly NewMachine[]): { readonly racks: number; readonly machinesPerRack: number } {
  let racks = 0;
  let machinesPerRack = 0;
  for (const { rack, slot } of machines) {
    racks = Math.max(racks, rack + 1);
    machinesPerRack = Math.max(machinesPerRack, slot - firstMachineSlot + 1);
  }
  return { racks, machinesPerRack };
}

function matching(text: string, pattern: string, what: string): string {
  if (new RegExp(pattern).test(text)) return text;
  throw new CliError(`${JSON.stringify(text)} is not what it takes: ${what}`);
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new CliError(`${JSON.stringify(text)} is no whole number from ${least} to ${most}`);
}

/** The text, if it makes a pool for so many BMCs. */
function bmcPoolFor(request: LayoutRequest, text: string): string {
  return layOutAddresses({ ...request, bmcPool: pool(text) }).bmc.pool;
}

function pool(text: string): string {
  if (parseNetwork(text) !== null) return text;
  throw new CliError(`${JSON.stringify(text)} is no IPv4 network such as 10.69.0.0/20, its host bits zero`);
}

function addressList(text: string): readonly string[] {
  const addresses = text.split(/[\s,]+/).filter((part) => part !== '');
  for (const part of addresses) address(part);
  if (addresses.length === 0) throw new CliError('it takes one IPv4 address at least');
  return addresses;
}

function address(text: string): Ipv4 {
  const parsed = parseIpv4(text);
  if (parsed === null) throw new CliError(`${JSON.stringify(text)} is no IPv4 address such as 10.69.0.3`);
  return parsed;
}
