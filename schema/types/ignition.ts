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
 * Replace what is there.
 */
export type Overwrite = boolean;
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
export type LocalFile = string;
/**
 * Folders of the repo to copy whole.
 */
export type Trees = Tree[];
/**
 * Replace what is there.
 */
export type Overwrite1 = boolean;
/**
 * The text itself.
 */
export type Inline = string;
/**
 * Files to write.
 */
export type Files = File[];
/**
 * Where it points.
 */
export type Target = string;
/**
 * A hard link instead of a symbolic one.
 */
export type HardLink = boolean;
/**
 * Replace what is there.
 */
export type Overwrite2 = boolean;
/**
 * Links to make.
 */
export type Links = Link[];
/**
 * Name with its suffix.
 */
export type Name1 = string;
/**
 * Enable or disable it.
 */
export type Enabled = boolean;
/**
 * Mask it.
 */
export type Mask = boolean;
/**
 * The unit's text.
 */
export type Contents1 = string;
/**
 * File name.
 */
export type Name2 = string;
/**
 * Its text.
 */
export type Contents2 = string;
/**
 * Drop-in files.
 */
export type DropIns = Dropin[];
/**
 * Units to write, enable or mask.
 */
export type Units = Unit[];
/**
 * Login name.
 */
export type Name3 = string;
/**
 * Supplementary groups.
 */
export type Groups = string[];
/**
 * Public keys that may log in.
 */
export type SSHKeys = string[];
/**
 * Users to make or change.
 */
export type Users1 = User[];
/**
 * Group name.
 */
export type Name4 = string;
/**
 * Groups to make.
 */
export type Groups1 = Group[];

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
  overwrite?: Overwrite;
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
  local: LocalFile;
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
  overwrite?: Overwrite1;
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
  target: Target;
  hard?: HardLink;
  overwrite?: Overwrite2;
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
  name: Name1;
  enabled?: Enabled;
  mask?: Mask;
  contents?: Contents1;
  contents_local?: LocalFile;
  dropins?: DropIns;
}
/**
 * One drop-in.
 */
export interface Dropin {
  name: Name2;
  contents: Contents2;
}
/**
 * Users and groups.
 */
export interface Users {
  users?: Users1;
  groups?: Groups1;
}
/**
 * A user of the machine.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "user".
 */
export interface User {
  name: Name3;
  groups?: Groups;
  shell?: Path;
  ssh_authorized_keys?: SSHKeys;
}
/**
 * A group of the machine.
 *
 * This interface was referenced by `IgnitionDocument`'s JSON-Schema
 * via the `definition` "group".
 */
export interface Group {
  name: Name4;
}
