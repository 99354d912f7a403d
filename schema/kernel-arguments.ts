// The kernel's arguments: which berth gives to every machine itself, and how the kernel reads them.

/** What berth itself puts before a machine's own arguments, in this order. */
export const ownArguments = [
  'initrd',
  'ignition.firstboot',
  'ignition.platform.id',
  'ignition.config.url',
  'berth.server',
  'berth.generation',
  'berth.boot',
] as const;

/** Name of an argument that berth sets. */
export type OwnArgument = (typeof ownArguments)[number];

/** Whether an argument is for berth alone to set; names that begin with `berth.` are kept for later. */
export function isOwnArgument(argument: string): boolean {
  const name = argumentName(argument);
  return name.startsWith('berth.') || ownArguments.some((own) => argumentName(own) === name);
}

/** Name of an argument `name=value`. The kernel takes `-` and `_` for the same in it. */
export function argumentName(argument: string): string {
  return argument.replace(/=.*$/, '').replaceAll('-', '_');
}

/** Each value of these counts: the kernel, the initrd or systemd collects them. */
const collected = new Set([
  ...['acpi_osi', 'cgroup_disable', 'cgroup_no_v1', 'clearcpuid', 'console', 'crashkernel', 'earlycon', 'hugepages'],
  ...['hugepagesz', 'initcall_blacklist', 'intel_iommu', 'iommu', 'memmap', 'pci', 'reserve_mem', 'setcpuid', 'video'],
  ...['bond', 'bridge', 'ifname', 'ip', 'nameserver', 'rd', 'team', 'vlan'],
  ...['modprobe.blacklist', 'modules_load', 'luks.data', 'luks.key', 'luks.name', 'luks.options', 'luks.uuid'],
  ...['systemd.mask', 'systemd.mount_extra', 'systemd.run', 'systemd.setenv', 'systemd.set_credential'],
  ...['systemd.set_credential_binary', 'systemd.swap_extra', 'systemd.wants'],
  ...['coreos.autologin', 'flatcar.autologin'],
]);

/** Whether an argument speaks of the one before it: `hugepages` counts pages of the size that was named last. */
export function isPositional(argument: string): boolean {
  return /^hugepages(z)?$/.test(argumentName(argument));
}

/** Whether an argument may be given more than once, each time with another value. */
export function mayRepeat(argument: string): boolean {
  const name = argumentName(argument);
  return collected.has(name) || name.startsWith('rd.');
}
