// Generates schema/types/ from the JSON Schemas. `npm run generate` writes them; a test compares them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const schemaFolder = path.dirname(fileURLToPath(import.meta.url));

/** Every generated file, by its path relative to schema/types/. */
export async function generateTypes(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const room of ['site', 'state']) {
    for (const name of readdirSync(path.join(schemaFolder, room)).sort()) {
      if (!name.endsWith('.schema.json')) continue;
      const source: JSONSchema = JSON.parse(readFileSync(path.join(schemaFolder, room, name), 'utf8'));
      const text = await compile(source, '', {
        bannerComment: `// Generated from schema/${room}/${name} by npm run generate. Do not edit.`,
        additionalProperties: false,
        ignoreMinAndMaxItems: true,
        unreachableDefinitions: true,
        style: { singleQuote: true, printWidth: 120 },
      });
      files.set(name.replace('.schema.json', '.ts'), text);
    }
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of await generateTypes()) writeFileSync(path.join(schemaFolder, 'types', name), text);
}
