// berth validate: every file, every rule, every machine rendered.
import { compileFiles, placedIn, printDiagnostics, readSiteFolder } from './site-folder.ts';

export async function validate(folder: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  const { compiled, diagnostics } = await compileFiles(readSiteFolder(folder));
  if (json) {
    const placed = diagnostics.map((diagnostic) => placedIn(diagnostic, folder));
    process.stdout.write(`${JSON.stringify({ valid: compiled !== null, diagnostics: placed }, null, 2)}\n`);
  } else if (compiled) {
    const { site, machines, racks } = compiled.blueprint;
    process.stdout.write(`${site.site}: ${machines.size} machines in ${racks.size} racks, every rule holds\n`);
  } else {
    printDiagnostics(diagnostics, folder);
    process.stderr.write(`${diagnostics.length === 1 ? '1 finding' : `${diagnostics.length} findings`}\n`);
  }
  return compiled ? 0 : 1;
}
