// npm run lstm-wasm: writes the LSTM kernels as WebAssembly, which a Worker can only be given when it is built. A test
// compares the file with what is written here.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { lstmModule } from "./wasm/lstm-module.ts";
import { roundedTwice } from "./wasm/lstm-places.ts";

const file = path.join(import.meta.dirname, "../src/adapters/compute/lstm.wasm");
const bytes = lstmModule(roundedTwice);
writeFileSync(file, bytes);
console.log(`${path.basename(file)}: ${bytes.length} bytes`);
