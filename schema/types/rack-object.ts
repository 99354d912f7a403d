// Generated from schema/state/rack-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: one rack of a blueprint.
 */
export interface RackObject {
  kind: 'rack';
  /**
   * Name of the rack's file.
   */
  name: string;
  /**
   * Rack number.
   */
  rack: number;
  /**
   * Its BGP number.
   */
  asn: number;
  /**
   * Its power feed.
   */
  powerFeed: string;
  /**
   * ToR switches, in the order of their ranges.
   */
  tors: TorSwitch[];
  /**
   * Serial to the digest of its machine object.
   */
  machines: {
    [k: string]: string;
  };
}
export interface TorSwitch {
  /**
   * Its name.
   */
  name: string;
  /**
   * Its own address in its range: gateway and relay agent (giaddr).
   */
  address: string;
  /**
   * Prefix length of its range.
   */
  prefixLength: number;
  /**
   * Its links to spines.
   */
  links: SpineLink[];
}
export interface SpineLink {
  /**
   * The spine.
   */
  spine: string;
  /**
   * Link id.
   */
  id: number;
  /**
   * The spine's end.
   */
  spineAddress: string;
  /**
   * The ToR's end.
   */
  torAddress: string;
}
