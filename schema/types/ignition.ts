// Generated from schema/site/ignition.schema.json by npm run generate. Do not edit.

/**
 * Absolute path on the machine.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "path".
 */
export type Path = string;
/**
 * Permission bits as an octal string, such as "0644".
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "mode".
 */
export type Mode = string;
/**
 * Its name on the machine.
 */
export type Name = string;
/**
 * Folders to make.
 */
export type Directories = Directory[];
/**
 * Path of a file beside ignition.yaml.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "local".
 */
export type Local = string;
/**
 * Folders of the repo to copy whole.
 */
export type Trees = Tree[];
/**
 * The text itself.
 */
export type Inline = string;
/**
 * Path of a file beside ignition.yaml.
 */
export type LocalFile = string;
/**
 * Files to write.
 */
export type Files = File[];
/**
 * Links to make.
 */
export type Links = Link[];
/**
 * Units to write, enable or mask.
 */
export type Units = Unit[];
/**
 * Users to make or change.
 */
export type Users1 = User[];
/**
 * Groups to make.
 */
export type Groups = Group[];

/**
 * ignition/<folder>/ignition.yaml: Ignition in Butane's shape. Any string may hold {{ variables }}. Files named by local and contents_local lie in the same folder.
 */
export interface IgnitionDocument {
  storage?: Storage;
  systemd?: Systemd;
  passwd?: Users;
}
/**
 * Files, folders and links.
 */
export interface Storage {
  directories?: Directories;
  trees?: Trees;
  files?: Files;
  links?: Links;
}
/**
 * A folder.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "directory".
 */
export interface Directory {
  path: Path;
  mode?: Mode;
  /**
   * Replace what is there.
   */
  overwrite?: boolean;
  user?: Owner;
  group?: Owner;
}
/**
 * User or group by name.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "owner".
 */
export interface Owner {
  name: Name;
}
/**
 * A folder of the repo; executable files stay so.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "tree".
 */
export interface Tree {
  local: Local;
  path: Path;
}
/**
 * A file.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "file".
 */
export interface File {
  path: Path;
  mode?: Mode;
  /**
   * Replace what is there.
   */
  overwrite?: boolean;
  user?: Owner;
  group?: Owner;
  contents: Contents;
}
/**
 * Exactly one of inline and local.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "contents".
 */
export interface Contents {
  inline?: Inline;
  local?: LocalFile;
}
/**
 * A link.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "link".
 */
export interface Link {
  path: Path;
  /**
   * Where it points.
   */
  target: string;
  /**
   * A hard link instead of a symbolic one.
   */
  hard?: boolean;
  /**
   * Replace what is there.
   */
  overwrite?: boolean;
}
/**
 * Units.
 */
export interface Systemd {
  units?: Units;
}
/**
 * A systemd unit.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "unit".
 */
export interface Unit {
  /**
   * Name with its suffix.
   */
  name: string;
  /**
   * Enable or disable it.
   */
  enabled?: boolean;
  /**
   * Mask it.
   */
  mask?: boolean;
  /**
   * The unit's text.
   */
  contents?: string;
  contents_local?: Local;
  /**
   * Drop-in files.
   */
  dropins?: Dropin[];
}
/**
 * One drop-in.
 */
export interface Dropin {
  /**
   * File name.
   */
  name: string;
  /**
   * Its text.
   */
  contents: string;
}
/**
 * Users and groups.
 */
export interface Users {
  users?: Users1;
  groups?: Groups;
}
/**
 * A user of the machine.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "user".
 */
export interface User {
  /**
   * Login name.
   */
  name: string;
  /**
   * Supplementary groups.
   */
  groups?: string[];
  shell?: Path;
  /**
   * Public keys that may log in.
   */
  ssh_authorized_keys?: string[];
}
/**
 * A group of the machine.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "group".
 */
export interface Group {
  /**
   * Group name.
   */
  name: string;
}
