// Lets the account's object run outside the platform: "cloudflare:workers" and the payment rail are the simulation's own. With a
// mutation, one file of the product is changed on loading, to see whether the simulation notices.
import { registerHooks } from "node:module";
import type { WorkerTask } from "./report.ts";

const OWN: readonly (readonly [RegExp, string])[] = [
  [/^cloudflare:workers$/, "./cloudflare-workers.ts"],
  [/payments\/simulated\/rail\.ts$/, "./rail.ts"],
  [/venue\/simulated\.ts$/, "./venue-port.ts"],
  [/\.wasm$/, "./no-wasm.ts"],
];

/** Has to be called before the object is imported. */
export function installHooks({ mutations = [], isThorough = false }: WorkerTask): void {
  const owned: readonly (readonly [RegExp, string])[] = isThorough
    ? OWN
    : [...OWN, [/^@noble\/hashes\/(sha2|utils)\.js$/, "./sha2.ts"]];
  registerHooks({
    resolve(specifier, context, next) {
      const own = owned.find(([pattern]) => pattern.test(specifier));
      return own === undefined
        ? next(specifier, context)
        : next(new URL(own[1], import.meta.url).href, { ...context, parentURL: import.meta.url });
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const wanted = mutations.filter(({ file }) => url.endsWith(file));
      if (wanted.length === 0 || loaded.source === null || loaded.source === undefined) return loaded;
      let source =
        typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source as Uint8Array);
      for (const mutation of wanted) {
        if (source.split(mutation.find).length !== 2)
          throw new Error(`the mutation of ${mutation.file} does not fit any more: ${mutation.find}`);
        source = source.replace(mutation.find, () => mutation.replace);
      }
      return { ...loaded, source };
    },
  });
}
