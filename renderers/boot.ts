// Boot entries: the iPXE script of a machine, and the URLs of the boot service that it and DHCP name.
import type { Digest } from '../schema/canonical.ts';
import { type OwnArgument, ownArguments } from '../schema/kernel-arguments.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { AssetPin, ReleasesObject } from '../schema/types/releases-object.ts';

/** Path of a pinned file; its name is for people and for firmware that looks at the ending. */
export function assetPath({ sha256, name }: Pick<AssetPin, 'sha256' | 'name'>): string {
  return `/assets/${sha256}/${encodeURIComponent(name)}`;
}

/** Path of a machine's iPXE script. */
export function scriptPath(serial: string): string {
  return `/boot/${serial}/ipxe`;
}

/** Path of a rendered Ignition config; the digest makes it immutable. */
export function ignitionPath(serial: string, digest: Digest): string {
  return `/ignition/${serial}/${digest}`;
}

/** Path that a machine reports to. */
export function reportPath(serial: string): string {
  return `/nodes/${serial}/report`;
}

/**
 * The iPXE script of a machine (https://ipxe.org/scripting). Kernel, initrd and Ignition are named by digest, so that
 * they stay one consistent set even when the generation changes between two requests.
 */
export function ipxeScript(
  machine: MachineObject,
  releases: ReleasesObject,
  options: { readonly baseUrl: string; readonly generation: number },
): string {
  const pins = releases.os[machine.boot.os];
  if (!pins) throw new RangeError(`${machine.serial} boots ${machine.boot.os}, which the blueprint does not pin`);
  const { baseUrl, generation } = options;
  const initrdName = encodeURIComponent(pins.initrd.name);
  const own: Readonly<Record<OwnArgument, string | number>> = {
    // A kernel started by EFI firmware finds its initrd by this name.
    initrd: initrdName,
    'ignition.firstboot': 1,
    'ignition.platform.id': 'metal',
    'ignition.config.url': `${baseUrl}${ignitionPath(machine.serial, machine.boot.ignition)}`,
    'berth.server': baseUrl,
    'berth.generation': generation,
    'berth.boot': machine.bootDigest,
  };
  const args = [...ownArguments.map((name) => `${name}=${own[name]}`), ...machine.boot.arguments];
  return [
    '#!ipxe',
    `kernel ${baseUrl}${assetPath(pins.kernel)} ${args.join(' ')}`,
    `initrd --name ${initrdName} ${baseUrl}${assetPath(pins.initrd)}`,
    'boot',
    '',
  ].join('\n');
}
