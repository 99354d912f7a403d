// Generated from schema/site/releases.schema.json by npm run generate. Do not edit.

/**
 * Kept ready for later: nothing has to refer to it yet.
 */
export type Staged = boolean;
/**
 * Where boot servers get the file from.
 */
export type Source = string;
/**
 * Digest of the file, in lower-case hex.
 */
export type SHA256 = string;
/**
 * Size of the file in bytes.
 */
export type Size = number;
/**
 * Kept ready for later: nothing has to refer to it yet.
 */
export type Staged1 = boolean;
/**
 * etcd.
 */
export type Etcd = string;
/**
 * The API server.
 */
export type KubeApiserver = string;
/**
 * The controller manager.
 */
export type KubeControllerManager = string;
/**
 * The scheduler.
 */
export type KubeScheduler = string;
/**
 * The service proxy.
 */
export type KubeProxy = string;
/**
 * The DNS of the cluster.
 */
export type Coredns = string;
/**
 * The container that holds a pod.
 */
export type Pause = string;
/**
 * registry/name:tag@sha256:digest. The digest decides; the tag is for people.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "image".
 */
export type ContainerImage = string;
/**
 * As the package says it; in quotes where it looks like a number.
 */
export type Version = string;
/**
 * Where boot servers get the file from.
 */
export type Source1 = string;
/**
 * Digest of the file, in lower-case hex.
 */
export type SHA2561 = string;
/**
 * Size of the file in bytes.
 */
export type Size1 = number;
/**
 * Kept ready for later: nothing has to refer to it yet.
 */
export type Staged2 = boolean;

/**
 * releases.yaml: every pin of the site, each with its digest.
 */
export interface ReleasesDocument {
  os: OperatingSystems;
  bootPrograms: BootPrograms;
  kubernetes?: Kubernetes;
  images?: ContainerImages;
  packages?: Packages;
}
/**
 * By a name that roles refer to.
 */
export interface OperatingSystems {
  [k: string]: OperatingSystem;
}
/**
 * A kernel and the initrd that belongs to it.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "os".
 */
export interface OperatingSystem {
  staged?: Staged;
  kernel: Kernel;
  initrd: InitialRAMDisk;
}
/**
 * A file, pinned by digest.
 */
export interface Kernel {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * A file, pinned by digest.
 */
export interface InitialRAMDisk {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * What firmware loads first, by kind of client.
 */
export interface BootPrograms {
  x64: X64UEFI;
  arm64?: Arm64UEFI;
}
/**
 * iPXE for x86-64 UEFI firmware.
 */
export interface X64UEFI {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * iPXE for 64-bit Arm UEFI firmware.
 */
export interface Arm64UEFI {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * By version: what a cluster of that version runs.
 */
export interface Kubernetes {
  [k: string]: KubernetesRelease;
}
/**
 * The kubelet and the images of one version.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "kubernetes".
 */
export interface KubernetesRelease {
  staged?: Staged1;
  kubelet: Kubelet;
  images: Images;
}
/**
 * The kubelet program.
 */
export interface Kubelet {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * Of the control plane, by component.
 */
export interface Images {
  etcd: Etcd;
  'kube-apiserver': KubeApiserver;
  'kube-controller-manager': KubeControllerManager;
  'kube-scheduler': KubeScheduler;
  'kube-proxy'?: KubeProxy;
  coredns?: Coredns;
  pause?: Pause;
}
/**
 * By a name of your own: everything else that runs in containers.
 */
export interface ContainerImages {
  [k: string]: ContainerImage;
}
/**
 * What boot servers themselves run, by name.
 */
export interface Packages {
  [k: string]: Package;
}
/**
 * A package of boot servers.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "package".
 */
export interface Package {
  version: Version;
  source: Source1;
  sha256: SHA2561;
  sizeBytes: Size1;
  staged?: Staged2;
}
/**
 * A file, pinned by digest.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "asset".
 */
export interface Asset {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
