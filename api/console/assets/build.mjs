// Bundles src/ into ../static/, with the digest of the content in each name, and says in manifest.json which is which.
import { build } from "esbuild";
import { readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const out = "../static";
await rm(out, { recursive: true, force: true });
const scripts = (await readdir("src")).filter((name) => name.endsWith(".js"));
const made = await build({
  entryPoints: ["src/console.css", ...scripts.map((name) => `src/${name}`)],
  bundle: true, minify: true, splitting: true, format: "esm", target: "es2022", metafile: true,
  outdir: out, entryNames: "[name]-[hash]", chunkNames: "chunk-[hash]", legalComments: "linked", logLevel: "warning",
});
const manifest = {};
for (const [file, told] of Object.entries(made.metafile.outputs)) {
  if (told.entryPoint) manifest[basename(told.entryPoint)] = basename(file);
}
await writeFile(`${out}/manifest.json`, JSON.stringify(manifest, null, 2));
