// A record with one more entry, or one replaced. Records of a day grow to hundreds of entries and are copied with every event: a
// spread copies entry by entry, Object.assign onto an empty object copies the table as it is, ten times as fast.

const PROTOTYPE = "__proto__";

/** Order of entries as a spread has it: a known key stays where it is, a new one comes last. */
export function withEntry<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
  key: Key,
  value: Value,
): Readonly<Record<Key, Value>> {
  // Assigned, this one name would set what it names. Nobody's ids may depend on it.
  if (key === PROTOTYPE || Object.hasOwn(record, PROTOTYPE)) return { ...record, [key]: value };
  const copy: Record<Key, Value> = Object.assign({}, record);
  copy[key] = value;
  return copy;
}
