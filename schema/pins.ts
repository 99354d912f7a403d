// Walks what releases.yaml pins: files, each with its digest, and container images.
import type { ValuePath } from './document.ts';
import type { ReleasesDocument } from './types/releases.ts';

/** A file that boot servers fetch. */
export interface PinnedFile {
  /** In words: `the kernel of flatcar-4081.2.0`. */
  readonly what: string;
  /** Path in releases.yaml. */
  readonly path: ValuePath;
  readonly source: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A container image. */
export interface PinnedImage {
  /** The name that it is pinned under, and for images of Kubernetes the version. */
  readonly name: string;
  /** Null for an image that is of no Kubernetes version. */
  readonly kubernetes: string | null;
  /** Path in releases.yaml. */
  readonly path: ValuePath;
  /** Registry and name. */
  readonly repository: string;
  /** Null where the reference has none. */
  readonly tag: string | null;
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** Every file, in the order of the document's sections. */
export function* pinnedFiles(releases: ReleasesDocument): Generator<PinnedFile> {
  const { os, bootPrograms, kubernetes = {}, packages = {} } = releases;
  for (const [name, { kernel, initrd }] of Object.entries(os)) {
    yield { what: `the kernel of ${name}`, path: ['os', name, 'kernel'], ...kernel };
    yield { what: `the initrd of ${name}`, path: ['os', name, 'initrd'], ...initrd };
  }
  for (const [kind, asset] of Object.entries(bootPrograms)) {
    yield { what: `the boot program for ${kind}`, path: ['bootPrograms', kind], ...asset };
  }
  for (const [version, { kubelet }] of Object.entries(kubernetes)) {
    yield { what: `the kubelet of ${version}`, path: ['kubernetes', version, 'kubelet'], ...kubelet };
  }
  for (const [name, { source, sha256, sizeBytes }] of Object.entries(packages)) {
    yield { what: `the package ${name}`, path: ['packages', name], source, sha256, sizeBytes };
  }
}

/** Every container image: those of Kubernetes by version, then all others. */
export function* pinnedImages({ kubernetes = {}, images = {} }: ReleasesDocument): Generator<PinnedImage> {
  for (const [version, release] of Object.entries(kubernetes)) {
    for (const [component, image] of Object.entries(release.images)) {
      const path = ['kubernetes', version, 'images', component];
      yield { name: `${component} of ${version}`, kubernetes: version, path, ...partsOf(image) };
    }
  }
  for (const [name, image] of Object.entries(images)) {
    yield { name, kubernetes: null, path: ['images', name], ...partsOf(image) };
  }
}

/** `registry/name:tag@sha256:digest`; a colon before the last slash is that of the registry's port. */
function partsOf(image: string): Pick<PinnedImage, 'repository' | 'tag' | 'digest'> {
  const [reference = '', digest = ''] = image.split('@sha256:');
  const [, repository = '', tag = null] = /^(.*?)(?::([^:/]*))?$/.exec(reference) ?? [];
  return { repository, tag, digest };
}
