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
  /**
   * The sealed files, in the order of their paths; absent where there are none.
   */
  secrets?: SecretPin[];
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
  /**
   * IANA time zone of windows and freezes; absent where there are neither.
   */
  timeZone?: string;
  /**
   * How long canaries and waves must have run; absent where it is no time.
   */
  soakSeconds?: number;
  /**
   * In their order; absent where there are none.
   */
  waves?: RolloutWave[];
  /**
   * When machines may restart; absent where there are none.
   */
  windows?: RolloutWindow[];
  /**
   * When no machine restarts; absent where there are none.
   */
  freezes?: RolloutFreeze[];
  budgets?: RolloutBudgets;
}
/**
 * Machines that match every key.
 */
export interface RolloutWave {
  /**
   * Its name.
   */
  name: string;
  /**
   * Of these roles.
   *
   * Items: A role.
   */
  roles?: string[];
  /**
   * Of these racks.
   *
   * Items: Name of a rack.
   */
  racks?: string[];
  /**
   * These machines.
   *
   * Items: A serial.
   */
  machines?: string[];
}
/**
 * A span of time of days of the week.
 */
export interface RolloutWindow {
  /**
   * Of these roles; of all when absent.
   *
   * Items: A role.
   */
  roles?: string[];
  /**
   * On which it opens.
   *
   * Items: A day.
   */
  days: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * When it opens: hours:minutes.
   */
  from: string;
  /**
   * When it closes; on the next day when it is not after from.
   */
  to: string;
}
/**
 * A span of time.
 */
export interface RolloutFreeze {
  /**
   * Its first minute: year-month-dayThours:minutes.
   */
  from: string;
  /**
   * The minute at which it is over.
   */
  to: string;
  /**
   * Why.
   */
  reason: string;
  /**
   * Of these roles; of all when absent.
   *
   * Items: A role.
   */
  roles?: string[];
}
/**
 * How many machines may be away at once; absent where nothing is said.
 */
export interface RolloutBudgets {
  /**
   * In the whole site.
   */
  site?: number;
  /**
   * On each power feed.
   */
  powerFeed?: number;
  /**
   * Of a role.
   */
  roles?: {
    [k: string]: number;
  };
}
/**
 * A sealed file: only boot servers open it, with the site repo at hand.
 */
export interface SecretPin {
  /**
   * Path in the site repo.
   */
  path: string;
  /**
   * SHA-256 of the sealed file.
   */
  digest: string;
}
