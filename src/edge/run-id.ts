// The id of a run: with an idempotency key always the same for the same caller, else a new one.
import { digestOf, hexOf } from "./api-key.ts";

const ID_CHARACTERS = 24;

export async function runIdFor(keyId: string, idempotencyKey: string | undefined): Promise<string> {
  const name = idempotencyKey === undefined ? crypto.randomUUID() : `${keyId}/${idempotencyKey}`;
  return hexOf(await digestOf(`lab/${name}`)).slice(0, ID_CHARACTERS);
}
