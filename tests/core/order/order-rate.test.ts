// The order rate, as properties over bursts of entries and exits at random instants.
import { describe, expect, it } from "vitest";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import {
  ENTRIES_PER_SECOND_MAX,
  ENTRY_WAIT_MAX_MS,
  ORDERS_PER_SECOND_MAX,
  releaseAt,
  releasesAfter,
} from "../../../src/core/order/order-rate.ts";
import { NOON } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";

interface Sent {
  readonly askedAtMs: number;
  readonly releaseAtMs: number;
  readonly purpose: "ENTRY" | "EXIT";
}

/** Bursts of up to 40 requests, up to a second and a half apart. Entries that would wait too long are not sent. */
function traffic(seed: number): Sent[] {
  const random = new Seeded(seed);
  const sent: Sent[] = [];
  let releases: readonly EpochMs[] = [];
  let now = NOON as number;
  for (let burst = 0; burst < 30; burst += 1) {
    now += random.below(1_500);
    for (let n = random.below(40); n > 0; n -= 1) {
      const purpose = random.below(3) === 0 ? "EXIT" : "ENTRY";
      const at = releaseAt(releases, epochMs(now), purpose);
      if (purpose === "ENTRY" && at - now > ENTRY_WAIT_MAX_MS) continue;
      releases = releasesAfter(releases, at, epochMs(now));
      sent.push({ askedAtMs: now, releaseAtMs: at, purpose });
    }
  }
  return sent;
}

/** The most that leave within any second: it is enough to look at those that begin with a release. */
const mostInASecond = (instants: readonly number[]): number =>
  Math.max(...instants.map((start) => instants.filter((at) => at >= start && at < start + 1_000).length));

describe("the order rate", () => {
  it("never lets more than ten leave within any second, whatever comes when", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const sent = traffic(seed);
      expect(sent.length).toBeGreaterThan(50);
      expect(mostInASecond(sent.map(({ releaseAtMs }) => releaseAtMs)), `seed ${seed}`).toBeLessThanOrEqual(
        ORDERS_PER_SECOND_MAX,
      );
    }
  });

  it("never sends anything before it was asked for, and no entry later than a second after", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      for (const { askedAtMs, releaseAtMs, purpose } of traffic(seed)) {
        expect(releaseAtMs).toBeGreaterThanOrEqual(askedAtMs);
        if (purpose === "ENTRY") expect(releaseAtMs - askedAtMs).toBeLessThanOrEqual(ENTRY_WAIT_MAX_MS);
      }
    }
  });

  it("lets an exit leave at once though entries fill the second and the one after it", () => {
    let releases: readonly EpochMs[] = [];
    for (let n = 0; n < 2 * ENTRIES_PER_SECOND_MAX; n += 1) {
      releases = releasesAfter(releases, releaseAt(releases, NOON, "ENTRY"), NOON);
    }
    expect(releaseAt(releases, NOON, "ENTRY")).toBe(NOON + 2_000);
    for (let n = 0; n < ORDERS_PER_SECOND_MAX - ENTRIES_PER_SECOND_MAX; n += 1) {
      const at = releaseAt(releases, NOON, "EXIT");
      expect(at).toBe(NOON);
      releases = releasesAfter(releases, at, NOON);
    }
    expect(releaseAt(releases, NOON, "EXIT")).toBeGreaterThan(NOON);
  });

  it("uses every place: ten exits of one instant leave at once, the eleventh a second later", () => {
    let releases: readonly EpochMs[] = [];
    const instants = Array.from({ length: 21 }, () => {
      const at = releaseAt(releases, NOON, "EXIT");
      releases = releasesAfter(releases, at, NOON);
      return at - NOON;
    });
    expect(instants).toEqual([...Array(10).fill(0), ...Array(10).fill(1_000), 2_000]);
  });

  it("remembers nothing that can no longer share a second with anything", () => {
    const old = [epochMs(NOON - 1_000), epochMs(NOON - 999)];
    expect(releasesAfter(old, NOON, NOON)).toEqual([NOON - 999, NOON]);
  });
});
