// JSON reports against our schema, CycloneDX documents against the library's strict validator.
// Usage: node check.mjs SCHEMA FILE...   (*.cdx.json is CycloneDX, other *.json our own)
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const require = createRequire(pathToFileURL(path.join(process.cwd(), "x.js")));
const Ajv = require("ajv/dist/2020").default;
const { Validation } = require("@cyclonedx/cyclonedx-library");
const [schema, ...files] = process.argv.slice(2);
const ours = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
let bad = 0;

for (const file of files) {
  const text = readFileSync(file, "utf8");
  const doc = JSON.parse(text);
  let errors = null;

  if (file.endsWith(".cdx.json")) errors = await new Validation.JsonStrictValidator(doc.specVersion).validate(text);
  else if (!ours(doc)) errors = ours.errors;
  if (errors) {
    bad++;
    console.log(file, JSON.stringify(errors, null, 1).slice(0, 3000));
  }
}
console.log(`${files.length} documents, ${bad} bad`);
process.exit(bad || !files.length ? 1 : 0);
