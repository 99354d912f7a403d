// Generated from schema/state/ignition-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: a role's Ignition as merged from its folders, variables not yet filled in.
 */
export interface IgnitionSource {
  kind: 'ignition';
  /**
   * The role.
   */
  role: string;
  /**
   * Ignition spec version of what is rendered.
   */
  version: '3.3.0';
  /**
   * Variables of the role, with those of the site's defaults that it does not say itself.
   */
  variables: {
    [k: string]: string | number | boolean;
  };
  /**
   * Ignition config with {{ variables }}; file contents as plain text under contents.inline.
   */
  config: {};
}
