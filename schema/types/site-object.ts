// Generated from schema/state/site-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: root of a blueprint.
 */
export interface SiteObject {
  kind: 'site';
  /**
   * Site id.
   */
  site: string;
  /**
   * DNS domain.
   */
  domain: string;
  /**
   * Resolvers (DHCP option 6).
   *
   * Items: A resolver.
   */
  dns: string[];
  /**
   * Time servers (DHCP option 42).
   *
   * Items: A time server.
   */
  ntp: string[];
  /**
   * HTTP proxy of the machines.
   */
  proxy?: string;
  /**
   * DHCP lease time in seconds.
   */
  leaseSeconds: number;
  /**
   * Boot servers.
   */
  servers: BootServer[];
  rollout: RolloutPolicy;
  /**
   * Digest of the releases object.
   */
  releases: string;
  /**
   * Role to the digest of its Ignition source.
   */
  ignition: {
    [k: string]: string;
  };
  /**
   * Rack name to the digest of its rack object.
   */
  racks: {
    [k: string]: string;
  };
  /**
   * Digest of the cluster object; absent where the site has no Kubernetes cluster.
   */
  cluster?: string;
}
export interface BootServer {
  /**
   * Its name.
   */
  name: string;
  /**
   * Number of its rack.
   */
  rack: number;
  /**
   * Whether it takes part.
   */
  joined: boolean;
  /**
   * Its /32 node address.
   */
  node: string;
  /**
   * Its link addresses, in the order of the ToRs.
   *
   * Items: Its address on a ToR's range.
   */
  links: string[];
}
/**
 * Roll-out policy.
 */
export interface RolloutPolicy {
  /**
   * Racks at once.
   */
  racksAtOnce: number;
  /**
   * Machines of a rack away at once.
   */
  maxUnavailablePerRack: number;
  /**
   * Machines that must come back first.
   */
  canaries: number;
  /**
   * Time for a machine to report.
   */
  deadlineSeconds: number;
}
