// Whether the database can be worked with.

/** True when it answers and the newest table is there. */
export async function isMigrated(d1: D1Database): Promise<boolean> {
  try {
    const found = await d1
      .prepare(
        "SELECT COUNT(*) AS tables FROM sqlite_master WHERE type = 'table' AND name IN ('accounts', 'orders', 'job_batches')",
      )
      .first<{ tables: number }>();
    return found?.tables === 3;
  } catch {
    return false;
  }
}
