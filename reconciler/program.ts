// Which program this is, to the byte: whatever it keeps for its next run is for no other.

/** Put in by bin/build.mjs: a digest over all sources and the lockfile. */
declare const BERTH_SOURCES: string | undefined;

/** Null when the program runs from its sources, which may change from one run to the next. */
export const programVersion: string | null =
  typeof BERTH_SOURCES === 'string' ? `${BERTH_SOURCES} on Node ${process.version}` : null;
