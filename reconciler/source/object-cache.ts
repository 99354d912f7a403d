// Objects that were read last, up to a number of bytes. They are named by their content, so none is ever stale.
import type { Oid } from './commit.ts';
import type { StoredObject } from './stored-object.ts';

/** A Map remembers the order in which its keys came; whatever is read again comes last again. */
export class ObjectCache {
  private readonly objects = new Map<Oid, StoredObject>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(oid: Oid): StoredObject | undefined {
    const object = this.objects.get(oid);
    if (object) {
      this.objects.delete(oid);
      this.objects.set(oid, object);
    }
    return object;
  }

  set(oid: Oid, object: StoredObject): void {
    if (this.objects.has(oid)) return;
    this.objects.set(oid, object);
    this.bytes += object.bytes.length;
    for (const [oldest, { bytes }] of this.objects) {
      if (this.bytes <= this.maxBytes) break;
      this.objects.delete(oldest);
      this.bytes -= bytes.length;
    }
  }
}
