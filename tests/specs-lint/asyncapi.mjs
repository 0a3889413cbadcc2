// AsyncAPI's own parser over one document: prints what it finds, fails on an error or a warning.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const SEVERITY_WARNING = 1;

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const found = diagnostics.filter((diagnostic) => diagnostic.severity <= SEVERITY_WARNING);
for (const { code, path, message } of found) console.error(`${code}  ${path.join(".")}  ${message}`);
process.exitCode = document && found.length === 0 ? 0 : 1;
