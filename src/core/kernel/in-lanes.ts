// Work on many accounts at the same time, but not on all at once.

/** The results in the order of the items. At most `lanesMax` run at a time; the first failure is thrown after all have ended. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanesMax: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as Item);
      } catch (failure) {
        failures.push(failure);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanesMax, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
