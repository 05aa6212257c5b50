// Where the thoughts of users come from. Whoever makes a cycle's signals asks once for all indices.
import type { CommunitySource } from "../core/prediction/community.ts";

export interface CommunityPort {
  /** What users think of the cycle, with how often each has been right before. */
  sourceOf(cycleId: string): Promise<CommunitySource>;
}
