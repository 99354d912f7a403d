// Generated from schema/state/machine-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: one machine of a blueprint, with no choice left open.
 */
export interface MachineObject {
  kind: 'machine';
  /**
   * SMBIOS serial.
   */
  serial: string;
  /**
   * Model; absent where it is not said.
   */
  product?: string;
  /**
   * Host name.
   */
  name: string;
  /**
   * Name of its rack.
   */
  rack: string;
  /**
   * Its place in the rack.
   */
  slot: number;
  /**
   * Its role.
   */
  role: string;
  /**
   * Cards that boot; the n-th is wired to the n-th ToR.
   *
   * Items: MAC address, lower case with colons.
   */
  macs: string[];
  /**
   * Its /32 node address.
   */
  node: string;
  /**
   * One per ToR.
   */
  links: MachineLink[];
  bmc: MachineBmc;
  /**
   * Labels in effect.
   */
  labels: {
    [k: string]: string;
  };
  /**
   * Kubernetes node taints in effect; absent where there are none.
   */
  taints?: string[];
  /**
   * The machine's own variables, which go before those of its role; absent where there are none.
   */
  variables?: {
    [k: string]: string | number | boolean;
  };
  retire?: RetireStatement;
  boot: BootConfiguration;
  /**
   * Digest of kernel, initrd, arguments and rendered Ignition: a machine whose report carries another one has to restart.
   */
  bootDigest: string;
}
export interface MachineLink {
  /**
   * The ToR.
   */
  tor: string;
  /**
   * The machine's address.
   */
  address: string;
  /**
   * Prefix length of the range.
   */
  prefixLength: number;
  /**
   * The ToR's address.
   */
  gateway: string;
}
/**
 * Its BMC.
 */
export interface MachineBmc {
  /**
   * Protocol.
   */
  type: 'redfish';
  /**
   * Its address.
   */
  address: string;
  /**
   * Prefix length.
   */
  prefixLength: number;
  /**
   * Its gateway.
   */
  gateway: string;
}
/**
 * The statement that the machine leaves the site; absent while it stays.
 */
export interface RetireStatement {
  /**
   * Why.
   */
  reason: string;
}
/**
 * All that a restart puts into force.
 */
export interface BootConfiguration {
  /**
   * Key of the operating system in the releases object.
   */
  os: string;
  /**
   * Digest of the kernel.
   */
  kernel: string;
  /**
   * Digest of the initrd.
   */
  initrd: string;
  /**
   * Kernel arguments.
   */
  arguments: string[];
  /**
   * Digest of the Ignition source object.
   */
  ignitionSource: string;
  /**
   * Digest of the rendered Ignition.
   */
  ignition: string;
}
